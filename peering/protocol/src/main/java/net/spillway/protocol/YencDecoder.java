package net.spillway.protocol;

/** Reads yEnc bodies. */
public final class YencDecoder {
    private YencDecoder() {}

    /**
     * Decodes the body at [from, to) in wire form: takes dot-stuffing off, and never fails.
     */
    public static YencDecoded decode(byte[] wire, int from, int to) {
        throw new IllegalStateException("comes within minutes");
    }
}
