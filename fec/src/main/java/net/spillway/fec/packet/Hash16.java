package net.spillway.fec.packet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Sixteen bytes: an MD5, a file ID or a set ID. Ordered as PAR2 orders file IDs, as little-endian
 * unsigned numbers.
 *
 * @param low bytes 0..7 as a little-endian number
 * @param high bytes 8..15 as a little-endian number
 */
public record Hash16(long low, long high) implements Comparable<Hash16> {
    /** Bytes in a hash. */
    public static final int BYTES = 16;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The hash whose bytes start at {@code offset}. */
    public static Hash16 at(byte[] bytes, int offset) {
        return new Hash16((long) LONG.get(bytes, offset), (long) LONG.get(bytes, offset + 8));
    }

    /** The hash whose bytes start at index {@code offset} of {@code buffer}. */
    public static Hash16 at(ByteBuffer buffer, int offset) {
        ByteBuffer little = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        return new Hash16(little.getLong(offset), little.getLong(offset + 8));
    }

    /** The hash that {@code digest} arrives at; the digest is reset. */
    public static Hash16 of(MessageDigest digest) {
        return at(digest.digest(), 0);
    }

    /** The MD5 of some bytes. */
    public static Hash16 md5(byte[] bytes, int offset, int length) {
        MessageDigest md5 = newMd5();
        md5.update(bytes, offset, length);
        return of(md5);
    }

    /** The MD5 of all bytes of an array. */
    public static Hash16 md5(byte[] bytes) {
        return md5(bytes, 0, bytes.length);
    }

    /** The hash written as 32 hexadecimal digits. */
    public static Hash16 parse(String hex) {
        if (hex.length() != 2 * BYTES) {
            throw new IllegalArgumentException("a hash has 32 hexadecimal digits: " + hex);
        }
        return at(HexFormat.of().parseHex(hex), 0);
    }

    /** A fresh MD5 digest, which every JDK has. */
    public static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK lacks MD5", e);
        }
    }

    /** The sixteen bytes. */
    public byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        put(ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** Writes the sixteen bytes at the position of {@code target}. */
    public void put(ByteBuffer target) {
        ByteOrder before = target.order();
        target.order(ByteOrder.LITTLE_ENDIAN).putLong(low).putLong(high).order(before);
    }

    @Override
    public int compareTo(Hash16 other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    // Those that a record has by itself are made at run time, which each start would wait for.
    @Override
    public boolean equals(Object other) {
        return other instanceof Hash16 hash && low == hash.low && high == hash.high;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(31 * low + high);
    }

    /** 32 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes());
    }
}
