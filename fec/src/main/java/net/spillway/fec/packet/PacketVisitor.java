package net.spillway.fec.packet;

/** Receives what a {@link PacketScanner} finds, in the order of the file. */
public interface PacketVisitor {
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
