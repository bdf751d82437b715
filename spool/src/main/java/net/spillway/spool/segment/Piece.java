package net.spillway.spool.segment;

/** A stretch of an array to be written: octets [from, to). */
public record Piece(byte[] bytes, int from, int to) {
    public static Piece of(byte[] bytes) {
        return new Piece(bytes, 0, bytes.length);
    }

    public int length() {
        return to - from;
    }
}
