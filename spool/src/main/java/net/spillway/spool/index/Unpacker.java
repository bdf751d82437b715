package net.spillway.spool.index;

import java.nio.charset.StandardCharsets;

/**
 * Reads what a {@link Packer} wrote. Octets that make no sense end in a runtime exception, which
 * the index takes for damage.
 */
final class Unpacker {
    private final byte[] octets;
    private int at;

    Unpacker(byte[] octets) {
        this.octets = octets;
    }

    boolean hasMore() {
        return at < octets.length;
    }

    int position() {
        return at;
    }

    void position(int position) {
        at = position;
    }

    long number() {
        long value = 0;
        int shift = 0;
        while (octets[at] < 0) {
            value |= (long) (octets[at++] & 0x7f) << shift;
            shift += 7;
        }
        return value | (long) octets[at++] << shift;
    }

    int count() {
        return Math.toIntExact(number());
    }

    String text() {
        int length = count();
        var text = new String(octets, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    /** Goes on to behind a text, whose UTF-8 is copied; tells where it ends there. */
    int copyText(byte[] to, int end) {
        int length = count();
        System.arraycopy(octets, at, to, end, length);
        at += length;
        return end + length;
    }

    /** Goes on to behind so many texts, which are copied as they stand here. */
    void copyTexts(int count, Packer to) {
        int from = at;
        for (int i = 0; i < count; i++) {
            skipText();
        }
        to.octets(octets, from, at - from);
    }

    void skipText() {
        int length = count();
        at += length;
    }
}
