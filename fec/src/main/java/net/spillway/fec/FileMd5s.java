package net.spillway.fec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.spillway.fec.engine.Md5Lanes;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.packet.Hash16;

/**
 * MD5s of whole files and of their heads. An MD5 goes through its file from beginning to end and
 * can't be shared out, but those of several files go side by side in vector lanes. Files that are
 * much longer than the others go one by one: a lane costs as much when it is alone.
 */
final class FileMd5s {
    /** Bytes of a file taken at a time. */
    private static final int STRIP = 16 << 10;

    /** Bytes taken at a time of a file that goes alone. */
    private static final int BLOCK = 128 << 10;

    /** What a byte in all lanes costs, compared with a byte of a file alone. */
    private static final double LANES_COST = 3.5;

    private final int[] byLength;
    private final long[] lengths;
    private final int alone;
    private final Supplier<Source> sources;
    private final LongConsumer progress;
    private final ManyMd5s md5s;
    private final Hash16[] whole;
    private final Hash16[] head;

    /** Where bytes come from; used by one thread. */
    interface Source extends AutoCloseable {
        /** Fills the buffer with bytes of a file. */
        void read(int file, long from, ByteBuffer dst) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Files on disk. */
    static Source onDisk(IntFunction<Path> paths) {
        OpenFiles in = new OpenFiles(StandardOpenOption.READ);
        return new Source() {
            @Override
            public void read(int file, long from, ByteBuffer dst) throws IOException {
                in.read(paths.apply(file), from, dst);
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }

    /**
     * @param lengths of the files
     * @param sources gives one to each task
     * @param progress told how many bytes more have been hashed; by several threads
     */
    FileMd5s(
            SliceEngine engine, boolean warm, long[] lengths, Supplier<Source> sources,
            LongConsumer progress) {
        this.lengths = lengths;
        this.sources = sources;
        this.progress = progress;
        byLength =
                IntStream.range(0, lengths.length)
                        .boxed()
                        .sorted((a, b) -> Long.compare(lengths[b], lengths[a]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        whole = new Hash16[lengths.length];
        head = new Hash16[lengths.length];
        int most = alone(engine.md5Lanes().map(Md5Lanes::lanes).orElse(1));
        long rest = Arrays.stream(byLength).skip(most).mapToLong(i -> lengths[i]).sum();
        boolean pays = ManyMd5s.lanesPay(engine, lengths.length - most, rest, warm);
        alone = pays ? most : lengths.length;
        // Of each file in lanes there are two messages: the file and its head.
        md5s = new ManyMd5s(engine, pays, pays ? 2 * lengths.length : 0);
    }

    /** How many of the longest files had better go alone. */
    private int alone(int lanes) {
        long rest = Arrays.stream(lengths).sum();
        double before = 0;
        double least = Double.MAX_VALUE;
        int best = 0;
        for (int k = 0; k <= byLength.length; k++) {
            long longest = k < byLength.length ? lengths[byLength[k]] : 0;
            double cost = before + LANES_COST * Math.max(longest, (double) rest / lanes);
            if (cost < least) {
                least = cost;
                best = k;
            }
            before += longest;
            rest -= longest;
        }
        return best;
    }

    /** Begins to work; what is returned ends when all is done. */
    List<Future<?>> begin(Crew crew) throws IOException {
        List<Future<?>> tasks = new ArrayList<>();
        for (int i = 0; i < alone; i++) {
            int file = byLength[i];
            tasks.add(crew.begin(() -> alone(file, lengths[file])));
        }
        int inLanes = byLength.length - alone;
        int groups = Math.clamp(inLanes / (2 * md5s.atATime()), 1, crew.threads());
        for (int g = 0; g < groups && inLanes > 0; g++) {
            int own = g;
            tasks.add(
                    crew.begin(
                            () ->
                                    new Lanes(
                                            IntStream.range(alone, byLength.length)
                                                    .filter(i -> i % groups == own)
                                                    .map(i -> byLength[i])
                                                    .toArray())
                                            .run()));
        }
        return tasks;
    }

    /** The MD5 of a whole file. */
    Hash16 whole(int file) {
        return whole[file];
    }

    /** The MD5 of its first 16 KiB, or of all of it if it is shorter. */
    Hash16 head(int file) {
        return head[file];
    }

    private void alone(int file, long length) throws IOException {
        MessageDigest all = Hash16.newMd5();
        byte[] block = new byte[(int) Math.min(BLOCK, length)];
        try (Source source = sources.get()) {
            for (long from = 0; from < length; from += block.length) {
                int n = (int) Math.min(block.length, length - from);
                source.read(file, from, ByteBuffer.wrap(block, 0, n));
                all.update(block, 0, n);
                if (from == 0) {
                    head[file] = Hash16.md5(block, 0, Math.min(n, FileHasher.HEAD));
                }
                progress.accept(n);
            }
        }
        whole[file] = Hash16.of(all);
        if (length == 0) {
            head[file] = whole[file];
        }
    }

    /** Files side by side: when one ends, the next takes its lane. */
    private final class Lanes {
        private final int[] queue;
        private final int width = md5s.atATime();
        private final int[] which = new int[width];
        private final int[] file = new int[width];
        private final long[] done = new long[width];
        private final int[] from = new int[width];
        private final int[] to = new int[width];
        private final long[] at = new long[width];
        private int next;
        private int n;
        private MemorySegment strips;
        private long stride;
        private ManyMd5s.Worker worker;
        private Source source;

        Lanes(int[] queue) {
            this.queue = queue;
        }

        void run() throws IOException {
            try (Strips buffers = new Strips(width, STRIP);
                    Source in = sources.get();
                    ManyMd5s.Worker idle = md5s.worker()) {
                strips = buffers.take();
                stride = buffers.stride();
                worker = idle;
                source = in;
                fill();
                while (n > 0) {
                    step();
                    fill();
                }
            }
        }

        /** Gives free lanes to the next files, and reads where a strip is used up. */
        private void fill() throws IOException {
            while (n < width && next < queue.length) {
                file[n] = queue[next++];
                which[n] = 2 * file[n];
                done[n] = 0;
                from[n] = 0;
                to[n] = 0;
                n++;
            }
            for (int i = 0; i < n; i++) {
                long behind = lengths[file[i]] - done[i];
                if (from[i] == to[i] && behind > 0) {
                    int len = (int) Math.min(STRIP, behind);
                    long start = stride * i;
                    source.read(file[i], done[i], strips.asSlice(start, len).asByteBuffer());
                    progress.accept(len);
                    from[i] = 0;
                    to[i] = len;
                }
                at[i] = stride * i + from[i];
            }
        }

        /** As many blocks as all files have in their strips, and the ends of those that end. */
        private void step() {
            int blocks = Integer.MAX_VALUE;
            for (int i = 0; i < n; i++) {
                int there = to[i] - from[i];
                if (done[i] < FileHasher.HEAD) {
                    there = (int) Math.min(there, FileHasher.HEAD - done[i]);
                }
                blocks = Math.min(blocks, there / 64);
            }
            worker.update(which, n, strips, at, blocks * 64);
            for (int i = n - 1; i >= 0; i--) {
                from[i] += blocks * 64;
                done[i] += blocks * 64;
                at[i] += blocks * 64;
                if (done[i] == FileHasher.HEAD && blocks > 0) {
                    md5s.copy(which[i], which[i] + 1);
                    finish(which[i] + 1, i, 0);
                    head[file[i]] = md5s.get(which[i] + 1);
                }
                long behind = lengths[file[i]] - done[i];
                // What is left may be less than a block and not read yet.
                if (behind < 64 && behind == to[i] - from[i]) {
                    end(i);
                }
            }
        }

        private void end(int i) {
            finish(which[i], i, (int) (lengths[file[i]] - done[i]));
            whole[file[i]] = md5s.get(which[i]);
            if (lengths[file[i]] < FileHasher.HEAD) {
                head[file[i]] = whole[file[i]];
            }
            n--;
            file[i] = file[n];
            which[i] = which[n];
            done[i] = done[n];
            swapStrips(i, n);
        }

        private void finish(int message, int lane, int len) {
            worker.finish(new int[] {message}, 1, strips, new long[] {at[lane]}, len);
        }

        /** The last lane moves to where one became free. */
        private void swapStrips(int free, int last) {
            if (free != last) {
                MemorySegment.copy(
                        strips, stride * last + from[last], strips, stride * free,
                        to[last] - from[last]);
                to[free] = to[last] - from[last];
                from[free] = 0;
                at[free] = stride * free;
            }
        }
    }
}
