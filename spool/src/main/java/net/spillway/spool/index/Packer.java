package net.spillway.spool.index;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Octets that grow: whole numbers in as few octets as they need, seven bits each, the lowest first
 * and the high bit set in all but the last; and texts as such a length and UTF-8.
 */
final class Packer {
    private byte[] octets;
    private int length;

    Packer() {
        this(1024);
    }

    /** @param octets it has room for at the beginning */
    Packer(int octets) {
        this.octets = new byte[octets];
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    byte[] toBytes() {
        return Arrays.copyOf(octets, length);
    }

    /** Most small if it is not negative. */
    Packer number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            octets[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        octets[length++] = (byte) rest;
        return this;
    }

    Packer text(String text) {
        return isAscii(text) ? ascii(text) : utf8(text.getBytes(StandardCharsets.UTF_8));
    }

    private Packer utf8(byte[] utf8) {
        return number(utf8.length).octets(utf8, 0, utf8.length);
    }

    private Packer ascii(String text) {
        number(text.length()).room(text.length());
        for (int i = 0; i < text.length(); i++) {
            octets[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    Packer octets(byte[] from, int at, int count) {
        room(count);
        System.arraycopy(from, at, octets, length, count);
        length += count;
        return this;
    }

    private void room(int more) {
        if (octets.length - length < more) {
            octets = Arrays.copyOf(octets, Math.max(2 * octets.length, length + more));
        }
    }
}
