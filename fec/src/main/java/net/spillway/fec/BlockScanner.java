package net.spillway.fec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
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

    /** Positions dealt with at a time. */
    private static final int SEGMENT = 1 << 18;

    /** Threads share out pieces of so many positions, */
    private static final int PIECE = 4 << 20;

    /** or of so many windows if these are more. */
    private static final int WINDOWS = 16;

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
        return scan(file, expected, Optional.empty(), new BitSet(), 1, progress);
    }

    /**
     * The same, if it is known which slices of the expected file are in their places.
     *
     * @param atHand slices that need not be looked for: they are elsewhere, or in place here
     * @param threads how many search; of a slice that is there several times any may be found
     */
    List<Found> scan(
            Path file, Optional<ParFile> expected, Optional<BitSet> inPlace, BitSet atHand,
            int threads, LongConsumer progress)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Scan scan = new Scan(channel, atHand, progress);
            List<Gap> gaps = List.of(new Gap(0, scan.size));
            if (expected.isPresent() && expected.get().hasChecksums()) {
                gaps = scan.inPlace(expected.get(), inPlace);
            }
            scan.search(gaps, threads);
            return scan.found;
        }
    }

    /** Part of a file in which slices may begin. */
    private record Gap(long from, long to) {
        long length() {
            return Math.max(0, to - from);
        }
    }

    private final class Scan {
        private final FileChannel channel;
        private final LongConsumer progress;
        private final long size;
        private final long window = set.sliceSize();
        private final byte[] buffer = new byte[BUFFER];

        /** This and what follows, but for what says otherwise, is for one thread at a time. */
        private final List<Found> found = new ArrayList<>();

        /** Found in this file. */
        private final BitSet groupsFound = new BitSet();

        /** Neither found in this file yet nor known to be elsewhere. */
        private final BitSet lacking = new BitSet();
        private long searched;

        /**
         * Bytes that may still be hashed, and checksums compared, in vain: crafted CRCs must not
         * cost time for ever.
         */
        private long vainLeft;

        /**
         * For all threads: 1 for the first group with a CRC if none with it is lacking any more.
         * Asked without the lock, for which they would queue at each byte of a run of zeros.
         */
        private final AtomicIntegerArray allFound = new AtomicIntegerArray(index.groups());

        /** Whether there is anything to look for and work left to be done in vain; for all. */
        private volatile boolean worthwhile;

        Scan(FileChannel channel, BitSet atHand, LongConsumer progress) throws IOException {
            this.channel = channel;
            this.progress = progress;
            size = channel.size();
            for (int group = 0; group < index.groups(); group++) {
                lacking.set(group, !isAnyIn(index.slices(group), atHand));
            }
            // Honest collisions cost (bytes of the set / 2^32) for each byte searched.
            long honest = Math.min(64, set.totalLength() >> 30);
            vainLeft = Math.min(size, Long.MAX_VALUE >> 8) * (4 + honest) + (64L << 20);
        }

        /** A loop: it runs for each slice of the set in each file. */
        private boolean isAnyIn(int[] slices, BitSet set) {
            for (int slice : slices) {
                if (set.get(slice)) {
                    return true;
                }
            }
            return false;
        }

        /**
         * Looks for the slices of a file where they ought to be. Returns what lies between those
         * that are there.
         */
        List<Gap> inPlace(ParFile file, Optional<BitSet> known) throws IOException {
            List<Gap> gaps = new ArrayList<>();
            long end = 0;
            for (int slice = file.firstSlice(); slice < file.endSlice(); slice++) {
                long at = set.sliceOffset(slice);
                int length = set.sliceLength(slice);
                boolean there =
                        known.isPresent()
                                ? known.get().get(slice - file.firstSlice())
                                : isAt(slice, at, length);
                if (there) {
                    add(index.groupOf(slice), at, length);
                    gaps.add(new Gap(end, at));
                    end = at + length;
                    searched(length);
                }
            }
            gaps.add(new Gap(end, size));
            return gaps;
        }

        private synchronized void searched(long bytes) {
            searched += bytes;
            progress.accept(searched);
        }

        /**
         * Moves windows over all gaps, as long as there is something to look for. Long gaps are
         * divided, so that threads can share them out; where one begins the CRC of a whole window
         * is computed, so that pieces are long compared with it.
         */
        void search(List<Gap> gaps, int threads) throws IOException {
            worthwhile = isWorthwhile();
            long most = threads == 1 ? Long.MAX_VALUE : Math.max(PIECE, WINDOWS * window);
            List<Gap> pieces = new ArrayList<>();
            for (Gap gap : gaps) {
                for (long at = gap.from; at < gap.to; at += Math.min(most, gap.to - at)) {
                    pieces.add(new Gap(at, at + Math.min(most, gap.to - at)));
                }
            }
            if (!worthwhile) {
                searched(pieces.stream().mapToLong(Gap::length).sum());
                return;
            }
            int[] wanted = lacking.stream().map(g -> index.checksum(g).crc32()).toArray();
            long longest = pieces.stream().mapToLong(Gap::length).max().orElse(0);
            int segment = (int) Math.clamp(longest, 0, SEGMENT);
            SharedWork.run(
                    threads,
                    pieces.size(),
                    () -> {
                        Mover mover = new Mover(wanted, segment);
                        return i -> mover.search(pieces.get(i));
                    });
        }

        private boolean isWorthwhile() {
            return !lacking.isEmpty() && vainLeft >= 0;
        }

        /** Windows of one thread. */
        private final class Mover {
            private final RollingWindows windows;
            private final byte[] buffer = new byte[BUFFER];
            private final byte[] out;
            private final byte[] in;

            /** Looks for these CRCs, and takes no more than {@code segment} positions at a time. */
            Mover(int[] wanted, int segment) {
                windows = new RollingWindows(rolling, wanted);
                out = new byte[segment];
                in = new byte[segment];
            }

            void search(Gap gap) throws IOException {
                int register = 0;
                for (long at = gap.from; at < gap.to; at += out.length) {
                    int n = (int) Math.min(out.length, gap.to - at);
                    if (worthwhile) {
                        if (at == gap.from) {
                            register = register(at, (int) Math.min(window, size - at), buffer);
                        }
                        read(at, out, n);
                        read(at + window, in, n);
                        register = searchSegment(at, n, register);
                    }
                    searched(n);
                }
            }

            /**
             * Moves the window over {@code n} positions, those of which a quarter is done by each
             * of four windows first, and returns its register then.
             */
            private int searchSegment(long at, int n, int start) throws IOException {
                int quarter = n / RollingWindows.COUNT;
                int register = start;
                for (int k = 0; k < RollingWindows.COUNT; k++) {
                    windows.start(k, register);
                    if (k < RollingWindows.COUNT - 1) {
                        register = rolling.roll(register, out, in, k * quarter, quarter);
                    }
                }
                for (int i = 0; i < quarter && worthwhile; i++) {
                    i = windows.run(i, quarter, out, in);
                    if (i < quarter) {
                        for (int k = 0; k < RollingWindows.COUNT; k++) {
                            recognise(windows.register(k), at + (long) k * quarter + i);
                        }
                        windows.step(i, quarter, out, in);
                    }
                }
                register = windows.register(RollingWindows.COUNT - 1);
                for (int i = RollingWindows.COUNT * quarter; i < n; i++) {
                    recognise(register, at + i);
                    register = rolling.roll(register, out[i], in[i]);
                }
                return register;
            }

            private void recognise(int register, long at) throws IOException {
                int group = windows.isPerhapsWanted(register) ? index.first(~register) : -1;
                if (group >= 0 && allFound.getOpaque(group) == 0) {
                    Scan.this.recognise(group, at);
                }
            }
        }

        /** What lies behind the end reads as zeros. */
        private void read(long from, byte[] dst, int n) throws IOException {
            int there = (int) Math.clamp(size - from, 0, n);
            readFully(channel, from, dst, there);
            Arrays.fill(dst, there, n, (byte) 0);
        }

        /**
         * Confirms what the CRC suggests. The window then moves on by a byte as ever: jumping over
         * what was found would lose slices where data repeats itself.
         */
        private synchronized void recognise(int group, long at) throws IOException {
            int length = (int) Math.min(window, size - at);
            int confirmed = confirmed(group, at, length);
            if (confirmed >= 0) {
                add(confirmed, at, length);
                tryLastBehind(confirmed, at + length);
            }
            worthwhile = isWorthwhile();
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
            if (wanted < 0 || index.checksum(wanted).crc32() != ~register(at, length, buffer)) {
                return false;
            }
            if (!groupsFound.get(wanted) && !isConfirmed(wanted, at, length)) {
                return false;
            }
            add(wanted, at, length);
            return true;
        }

        private void add(int group, long at, int length) {
            if (!groupsFound.get(group)) {
                groupsFound.set(group);
                lacking.clear(group);
                for (int slice : index.slices(group)) {
                    found.add(new Found(slice, at, length));
                }
            }
        }

        /**
         * The group whose MD5 is right, among those lacking that have the CRC of {@code group}, or
         * -1.
         *
         * @param group the first one with its CRC
         */
        private int confirmed(int group, long at, int length) throws IOException {
            int candidate = firstLacking(group);
            if (candidate < 0) {
                allFound.setOpaque(group, 1);
            }
            if (candidate < 0 || !mayHash(length)) {
                return -1;
            }
            Hash16 md5 = md5(at, length);
            for (int g = candidate; g >= 0; g = firstLacking(index.next(g))) {
                if (index.checksum(g).md5().equals(md5)) {
                    return g;
                }
                vainLeft--;
            }
            vainLeft -= Math.max(length, LEAST_HASHED);
            return -1;
        }

        /** True if the MD5 is that of {@code group}, be it lacking or not. */
        private boolean isConfirmed(int group, long at, int length) throws IOException {
            if (!mayHash(length)) {
                return false;
            }
            boolean right = index.checksum(group).md5().equals(md5(at, length));
            vainLeft -= right ? 0 : Math.max(length, LEAST_HASHED);
            return right;
        }

        /** Zeros behind the file's end cost time without being in the file: they count as vain. */
        private boolean mayHash(int length) {
            boolean may = window - length <= vainLeft;
            vainLeft -= may ? window - length : 0;
            return may;
        }

        private int firstLacking(int group) {
            int g = group;
            while (g >= 0 && !lacking.get(g)) {
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
        private int register(long from, int length, byte[] buffer) throws IOException {
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
