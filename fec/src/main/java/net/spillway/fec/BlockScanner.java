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
 * its CRC-32 is looked up, and a hit is confirmed by MD5. Behind the file's end the window sees
 * zeros, as the last slice of a file is padded. If it is known which file it ought to be, its
 * slices are looked for in their places first, and only what lies between is searched. Safe for use
 * by several threads.
 */
public final class BlockScanner {
    private static final int BUFFER = 1 << 16;

    /** Any MD5 costs as much as one of that many bytes. */
    private static final int LEAST_HASHED = 64;

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
        return scan(file, expected, Optional.empty(), progress);
    }

    /** The same, if it is known which slices of the expected file are in their places. */
    List<Found> scan(
            Path file, Optional<ParFile> expected, Optional<BitSet> inPlace, LongConsumer progress)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Scan scan = new Scan(channel, progress);
            long from = 0;
            if (expected.isPresent() && expected.get().hasChecksums()) {
                from = scan.inPlace(expected.get(), inPlace);
            }
            scan.search(from, scan.size);
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

        /**
         * Bytes that may still be hashed, and checksums compared, in vain: crafted CRCs must not
         * cost time for ever.
         */
        private long vainLeft;

        Scan(FileChannel channel, LongConsumer progress) throws IOException {
            this.channel = channel;
            this.progress = progress;
            size = channel.size();
            leaving = new Page(channel, size);
            entering = new Page(channel, size);
            // Honest collisions cost (bytes of the set / 2^32) for each byte searched.
            long honest = Math.min(64, set.totalLength() >> 30);
            vainLeft = Math.min(size, Long.MAX_VALUE >> 8) * (4 + honest) + (64L << 20);
        }

        /**
         * Looks for the slices of a file where they ought to be, and searches what lies between
         * those that are there. Returns where to search on.
         */
        long inPlace(ParFile file, Optional<BitSet> known) throws IOException {
            long searched = 0;
            for (int slice = file.firstSlice(); slice < file.endSlice(); slice++) {
                long at = set.sliceOffset(slice);
                int length = set.sliceLength(slice);
                boolean there =
                        known.isPresent()
                                ? known.get().get(slice - file.firstSlice())
                                : isAt(slice, at, length);
                if (there) {
                    add(index.groupOf(slice), at, length);
                    search(searched, at);
                    searched = at + length;
                    progress.accept(searched);
                }
            }
            return searched;
        }

        /** Moves the window over all positions from {@code from} up to {@code to}. */
        void search(long from, long to) throws IOException {
            if (from >= to || groupsFound.cardinality() == index.groups()) {
                return;
            }
            int register = register(from, (int) Math.min(window, size - from));
            for (long at = from; at < to && vainLeft >= 0; at++) {
                int group = index.first(~register);
                if (group >= 0) {
                    recognise(group, at);
                }
                byte in = at + window < size ? entering.at(at + window) : 0;
                register = rolling.roll(register, leaving.at(at), in);
                if ((at & 0xfffff) == 0) {
                    progress.accept(at);
                }
            }
            progress.accept(to);
        }

        /**
         * Confirms what the CRC suggests. The window then moves on by a byte as ever: jumping over
         * what was found would lose slices where data repeats itself.
         */
        private void recognise(int group, long at) throws IOException {
            int length = (int) Math.min(window, size - at);
            int confirmed = confirmed(group, at, length);
            if (confirmed >= 0) {
                add(confirmed, at, length);
                tryLastBehind(confirmed, at + length);
            }
        }

        /**
         * The next slice of the file just recognised may be its short last one, which no window of
         * full size shows if something follows it.
         */
        private void tryLastBehind(int group, long at) throws IOException {
            int slice = index.slices(group)[0];
            if (slice + 2 == set.fileOf(slice).endSlice()) {
                isAt(slice + 1, at, set.sliceLength(slice + 1));
            }
        }

        /** True if the slice lies at {@code at}; one found before is known by its CRC alone. */
        private boolean isAt(int slice, long at, int length) throws IOException {
            if (at + length > size) {
                return false;
            }
            int wanted = index.groupOf(slice);
            if (wanted < 0 || index.checksum(wanted).crc32() != ~register(at, length)) {
                return false;
            }
            if (!groupsFound.get(wanted) && confirmed(wanted, at, length) != wanted) {
                return false;
            }
            add(wanted, at, length);
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

        /**
         * The group whose MD5 is right, among those with the CRC of {@code group} that have not
         * been found yet, or -1.
         */
        private int confirmed(int group, long at, int length) throws IOException {
            int candidate = notFound(group);
            // Zeros behind the file's end cost time without being in the file: they count too.
            if (candidate < 0 || window - length > vainLeft) {
                return -1;
            }
            vainLeft -= window - length;
            Hash16 md5 = md5(at, length);
            for (int g = candidate; g >= 0; g = notFound(index.next(g))) {
                if (index.checksum(g).md5().equals(md5)) {
                    return g;
                }
                vainLeft--;
            }
            vainLeft -= Math.max(length, LEAST_HASHED);
            return -1;
        }

        private int notFound(int group) {
            int g = group;
            while (g >= 0 && groupsFound.get(g)) {
                vainLeft--;
                g = index.next(g);
            }
            return g;
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
