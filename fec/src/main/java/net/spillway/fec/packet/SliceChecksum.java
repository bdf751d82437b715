package net.spillway.fec.packet;

import java.security.MessageDigest;
import java.util.zip.CRC32;

/**
 * What an IFSC packet holds of one slice, zero-padded to the slice size.
 *
 * @param md5 its MD5
 * @param crc32 its CRC-32 as in zip and Ethernet, as an unsigned 32-bit pattern
 */
public record SliceChecksum(Hash16 md5, int crc32) {
    private static final byte[] ZEROS = new byte[8192];

    /** The checksum of some bytes padded with zeros to {@code sliceSize}. */
    public static SliceChecksum of(byte[] data, int offset, int length, long sliceSize) {
        MessageDigest md5 = Hash16.newMd5();
        CRC32 crc = new CRC32();
        md5.update(data, offset, length);
        crc.update(data, offset, length);
        pad(md5, crc, sliceSize - length);
        return new SliceChecksum(Hash16.of(md5), (int) crc.getValue());
    }

    /** True if these bytes, padded with zeros to {@code sliceSize}, are the slice. */
    public boolean matches(byte[] data, int offset, int length, long sliceSize) {
        return equals(of(data, offset, length, sliceSize));
    }

    /** Feeds {@code count} zeros to both digests. */
    public static void pad(MessageDigest md5, CRC32 crc, long count) {
        for (long left = count; left > 0; ) {
            int n = (int) Math.min(left, ZEROS.length);
            md5.update(ZEROS, 0, n);
            crc.update(ZEROS, 0, n);
            left -= n;
        }
    }
}
