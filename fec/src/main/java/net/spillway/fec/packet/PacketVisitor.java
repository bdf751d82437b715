package net.spillway.fec.packet;

/** Receives what a {@link PacketScanner} finds, in the order of the file. */
public interface PacketVisitor {
    /**
     * Whether to take a good packet apart at all; one that is not wanted costs no memory.
     *
     * @param md5 its MD5, equal for equal packets
     * @param offset where in the file it starts
     */
    default boolean wants(Hash16 setId, Hash16 md5, long offset) {
        return true;
    }

    /**
     * A good packet.
     *
     * @param md5 its MD5, equal for equal packets
     * @param offset where in the file it starts
     */
    void packet(Par2Packet packet, Hash16 md5, long offset);

    /** A packet that had to be skipped. */
    void problem(PacketProblem problem);
}
