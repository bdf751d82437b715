package net.spillway.fec.packet;

/**
 * A packet that was skipped, and why.
 *
 * @param file the file's name as the user knows it
 * @param offset where in it the packet starts
 */
public record PacketProblem(String file, long offset, String message) {
    @Override
    public String toString() {
        return file + ", offset " + offset + ": " + message;
    }
}
