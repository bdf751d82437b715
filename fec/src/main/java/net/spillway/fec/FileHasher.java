package net.spillway.fec;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.zip.CRC32;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.SliceChecksum;

/**
 * Computes all hashes of a file in one pass over its bytes, which come in order and in pieces of
 * any size. For one thread at a time.
 */
public final class FileHasher {
    /** Bytes that go into a file's "16k" hash. */
    public static final int HEAD = 16384;

    private final long sliceSize;
    private final IntFunction<Hash16> given;
    private final MessageDigest whole = Hash16.newMd5();
    private final MessageDigest head = Hash16.newMd5();
    private final MessageDigest slice = Hash16.newMd5();
    private final CRC32 crc = new CRC32();
    private final List<SliceChecksum> slices = new ArrayList<>();
    private long length;
    private long inSlice;

    /** A hasher for slices of {@code sliceSize} bytes, a positive multiple of 4. */
    public FileHasher(long sliceSize) {
        Par2Limits.checkSliceSize(sliceSize);
        this.sliceSize = sliceSize;
        given = null;
    }

    /**
     * A hasher that is given the MD5s of slices instead of computing them.
     *
     * @param given asked for the MD5 of each slice when all its bytes have come
     */
    FileHasher(long sliceSize, IntFunction<Hash16> given) {
        Par2Limits.checkSliceSize(sliceSize);
        this.sliceSize = sliceSize;
        this.given = given;
    }

    /** The next bytes of the file. */
    public void update(byte[] bytes, int offset, int len) {
        whole.update(bytes, offset, len);
        if (length < HEAD) {
            head.update(bytes, offset, (int) Math.min(len, HEAD - length));
        }
        length += len;
        for (int done = 0; done < len; ) {
            int n = (int) Math.min(len - done, sliceSize - inSlice);
            if (given == null) {
                slice.update(bytes, offset + done, n);
            }
            crc.update(bytes, offset + done, n);
            inSlice += n;
            done += n;
            if (inSlice == sliceSize) {
                endSlice();
            }
        }
    }

    /** The hashes of all bytes so far, which were the whole file; use the hasher no more. */
    public FileHashes finish() {
        if (inSlice > 0) {
            SliceChecksum.pad(slice, crc, sliceSize - inSlice);
            endSlice();
        }
        return new FileHashes(length, Hash16.of(whole), Hash16.of(head), slices);
    }

    private void endSlice() {
        Hash16 md5 = given == null ? Hash16.of(slice) : given.apply(slices.size());
        slices.add(new SliceChecksum(md5, (int) crc.getValue()));
        crc.reset();
        inSlice = 0;
    }
}
