package net.spillway.fec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.SliceChecksum;

/**
 * Finds slices of a set anywhere in a file: a window of a slice's size moves over it byte by byte,
 * its CRC-32 is looked up, a hit is confirmed by MD5, and behind a confirmed slice the search goes on
 * with the next byte. Behind the file's end the window sees zeros, as the last slice of a file is
 * padded. Safe for use by several threads.
 */
public final class BlockScanner {
    private static final int BUFFER = 1 << 16;

    private final Par2Set set;
    private final SliceIndex index;
    private final RollingCrc rolling;

    /**
     * A slice that was found.
     *
     * @param slice its index in the set
     * @param offset where in the file it starts
     * @param length its bytes in the file; the rest of it are zeros
     */
    public record Found(int slice, long offset, int length) {}

    /** A scanner for the slices of {@code set}. */
    public BlockScanner(Par2Set set) {
        this.set = set;
        index = new SliceIndex(set);
        rolling = new RollingCrc(set.sliceSize());
    }

    /**
     * Searches a file.
     *
     * @param expected the file of the set that this ought to be, if any
     * @param progress told how many bytes have been searched
     * @return each slice at most once
     */
    public List<Found> scan(Path file, Optional<ParFile> expected, LongConsumer progress)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Scan scan = new Scan(channel, progress);
            scan.run();
            if (expected.isPresent()) {
                scan.tryLastInPlace(expected.get());
            }
            return scan.found;
        }
    }

    private final class Scan {
        private final FileChannel channel;
        private final LongConsumer progress;
        private final long size;
        private final long window = set.sliceSize();
        private final Page leaving;
        private final Page entering;
        private final byte[] buffer = new byte[BUFFER];
        private final List<Found> found = new ArrayList<>();
        private final BitSet groupsFound = new BitSet();

        /** Bytes that may still be hashed in vain: a crafted CRC must not cost time for ever. */
        private long vainLeft;

        Scan(FileChannel channel, LongConsumer progress) throws IOException {
            this.channel = channel;
            this.progress = progress;
            size = channel.size();
            leaving = new Page(channel, size);
            entering = new Page(channel, size);
            // Honest collisions cost (bytes of the set / 2^32) for each byte searched.
            long honest = Math.min(64, set.totalLength() >> 30);
            vainLeft = Math.multiplyExact(size, 4 + honest) + (64L << 20);
        }

        void run() throws IOException {
            long at = 0;
            while (at < size && groupsFound.cardinality() < index.groups()) {
                at = search(at);
                progress.accept(Math.min(at, size));
            }
        }

        /** Rolls on from {@code from} to the next slice; returns where to search on. */
        private long search(long from) throws IOException {
            int register = register(from, (int) Math.min(window, size - from));
            for (long at = from; at < size && vainLeft >= 0; at++) {
                int group = index.first(~register);
                if (group >= 0) {
                    long length = Math.min(window, size - at);
                    group = confirmed(group, at, (int) length);
                    if (group >= 0) {
                        add(group, at, (int) length);
                        return afterwards(group, at + length);
                    }
                }
                byte in = at + window < size ? entering.at(at + window) : 0;
                register = rolling.roll(register, leaving.at(at), in);
                if ((at & 0xfffff) == 0) {
                    progress.accept(at);
                }
            }
            return size;
        }

        /**
         * The next slice of the file just recognised may be its short last one, which no window of
         * full size shows if something follows it.
         */
        private long afterwards(int group, long at) throws IOException {
            for (int slice : index.slices(group)) {
                ParFile file = set.fileOf(slice);
                if (slice + 2 == file.endSlice() && tryShort(slice + 1, at)) {
                    return at + set.sliceLength(slice + 1);
                }
                if (slice > index.slices(group)[0]) {
                    break;
                }
            }
            return at;
        }

        /** Looks for the last slice of a file where it ought to be, should the file be too long. */
        void tryLastInPlace(ParFile file) throws IOException {
            if (file.sliceCount() > 0 && file.hasChecksums()) {
                tryShort(file.endSlice() - 1, set.sliceOffset(file.endSlice() - 1));
            }
        }

        private boolean tryShort(int slice, long at) throws IOException {
            int length = set.sliceLength(slice);
            if (length == window || at + length > size) {
                return false;
            }
            int group = index.first(~register(at, length));
            group = group < 0 ? group : confirmed(group, at, length);
            if (group < 0) {
                return false;
            }
            add(group, at, length);
            return true;
        }

        private void add(int group, long at, int length) {
            if (!groupsFound.get(group)) {
                groupsFound.set(group);
                for (int slice : index.slices(group)) {
                    found.add(new Found(slice, at, length));
                }
            }
        }

        /** The group among those with the CRC of {@code group} whose MD5 is right, or -1. */
        private int confirmed(int group, long at, int length) throws IOException {
            Hash16 md5 = md5(at, length);
            for (int g = group; g >= 0; g = index.next(g)) {
                if (index.checksum(g).md5().equals(md5)) {
                    return g;
                }
            }
            vainLeft -= window;
            return -1;
        }

        private Hash16 md5(long from, int length) throws IOException {
            MessageDigest md5 = Hash16.newMd5();
            for (int done = 0; done < length; ) {
                int n = Math.min(buffer.length, length - done);
                readFully(channel, from + done, buffer, n);
                md5.update(buffer, 0, n);
                done += n;
            }
            SliceChecksum.pad(md5, new CRC32(), window - length);
            return Hash16.of(md5);
        }

        /** The CRC register of some bytes padded with zeros to the window. */
        private int register(long from, int length) throws IOException {
            CRC32 crc = new CRC32();
            for (int done = 0; done < length; ) {
                int n = Math.min(buffer.length, length - done);
                readFully(channel, from + done, buffer, n);
                crc.update(buffer, 0, n);
                done += n;
            }
            return RollingCrc.zeros(~(int) crc.getValue(), window - length);
        }
    }

    /** One position in the file moving forward, with some bytes around it in memory. */
    private static final class Page {
        private final FileChannel channel;
        private final long size;
        private final byte[] bytes = new byte[BUFFER];
        private long start;
        private long end;

        Page(FileChannel channel, long size) {
            this.channel = channel;
            this.size = size;
        }

        byte at(long position) throws IOException {
            if (position < start || position >= end) {
                load(position);
            }
            return bytes[(int) (position - start)];
        }

        private void load(long position) throws IOException {
            int n = (int) Math.min(bytes.length, size - position);
            readFully(channel, position, bytes, n);
            start = position;
            end = position + n;
        }
    }

    private static void readFully(FileChannel channel, long from, byte[] dst, int len)
            throws IOException {
        ByteBuffer target = ByteBuffer.wrap(dst, 0, len);
        for (long at = from; target.hasRemaining(); ) {
            int n = channel.read(target, at);
            if (n < 0) {
                throw new EOFException("a file became shorter while it was searched");
            }
            at += n;
        }
    }
}
