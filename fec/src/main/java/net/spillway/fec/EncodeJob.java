package net.spillway.fec;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.SliceChecksum;

/**
 * Reads files, hashes them and computes their recovery slices, the same columns of all slices at a
 * time. Of each column chunk three things are made by all threads: its slices are read and hashed,
 * several side by side; their recovery slices are computed; and these are hashed and written.
 *
 * <p>The MD5 of a whole file can't be made from columns. Where all columns fit into memory at once
 * it is made from there. Where they don't, it is a task of its own that reads the file once more,
 * from beginning to end, and goes first: where the files are not in the system's cache, it fetches
 * them in the order that suits a disk.
 */
final class EncodeJob {
    /** Bytes of a slice read at a time, a multiple of 64. */
    private static final int STRIP = 32 << 10;

    /** What progress counts, about tenths of a nanosecond: to read a byte and hash its slice. */
    private static final int READ = 10;

    /** To hash a byte of a whole file. */
    private static final int WHOLE = 15;

    /** To hash and write a byte of a recovery slice. */
    private static final int WRITE = 15;

    /** To add a byte times one factor to a sum: an element of 128 takes 3.5 ns. */
    private static final double ADD = 35.0 / 128;

    private final List<SourceFile> files;
    private final Par2Layout layout;
    private final int[] exponents;
    private final ParityOptions options;
    private final ColumnPlan plan;
    private final int slices;

    /** Of each slice, its file and its first byte there. */
    private final int[] fileOf;
    private final int[] firstOf;

    private final ManyMd5s md5s;
    private final CRC32[] crcs;
    private final FileMd5s whole;
    private Tally tally;
    private final FilePool read = new FilePool(StandardOpenOption.READ);
    private Strips strips;

    /** Null if the columns are needed for no more than hashing. */
    private SliceRows rows;

    /** Files in any order; they are put into that of the layout. */
    EncodeJob(
            List<SourceFile> sources,
            Par2Layout layout,
            int firstExponent,
            int recovery,
            ParityOptions options) {
        files = new ArrayList<>(sources);
        files.sort(Comparator.comparing(SourceFile::id));
        this.layout = layout;
        this.options = options;
        exponents = IntStream.range(firstExponent, firstExponent + recovery).toArray();
        slices = layout.sliceCount();
        plan = ColumnPlan.of(options, slices, recovery, layout.sliceSize());
        fileOf = new int[slices];
        firstOf = new int[files.size()];
        crcs = new CRC32[slices];
        for (int file = 0; file < files.size(); file++) {
            Par2Layout.Entry entry = layout.entry(files.get(file).id());
            firstOf[file] = entry.firstSlice();
            for (int i = 0; i < entry.sliceCount(); i++) {
                fileOf[entry.firstSlice() + i] = file;
                crcs[entry.firstSlice() + i] = new CRC32();
            }
        }
        long bytes = slices * layout.sliceSize();
        md5s =
                new ManyMd5s(
                        options.engine(),
                        ManyMd5s.lanesPay(options.engine(), slices, bytes, false),
                        slices);
        long[] lengths = files.stream().mapToLong(SourceFile::length).toArray();
        whole = new FileMd5s(options.engine(), false, lengths, this::source, n -> report(n, WHOLE));
    }

    /**
     * For all that is done, shown as so many bytes of the files: which part of the time goes where
     * depends on how many recovery slices there are.
     */
    private Tally tally(ColumnSums sums) {
        long length = files.stream().mapToLong(SourceFile::length).sum();
        long work = WHOLE * length + READ * slices * layout.sliceSize();
        if (sums == null) {
            return new Tally(options.progress(), ProgressListener.Phase.HASHING, work, length);
        }
        // The sums are of whole chunks, with what their last one has too much.
        work += addCost(sums) * slices * plan.chunks() * plan.columns();
        work += WRITE * exponents.length * layout.sliceSize();
        return new Tally(options.progress(), ProgressListener.Phase.COMPUTING, work, length);
    }

    private static long addCost(ColumnSums sums) {
        return Math.max(1, Math.round(ADD * sums.cost()));
    }

    Par2Set run(String creator, RecoveryWriter writer) throws IOException {
        try (Arena arena = Arena.ofShared();
                read;
                Crew crew = new Crew(options.threads());
                Strips buffers = new Strips(md5s.atATime(), Math.min(STRIP, plan.columns()));
                ColumnSums sums = sums(crew)) {
            strips = buffers;
            tally = tally(sums);
            if (sums != null || plan.isWhole()) {
                int tile = sums == null ? plan.columns() : sums.tile();
                rows = new SliceRows(arena, slices, plan.columns(), tile);
            }
            List<Future<?>> hashing = new ArrayList<>();
            if (!plan.isWhole()) {
                hashing.addAll(whole.begin(crew));
            }
            for (int chunk = 0; chunk < plan.chunks(); chunk++) {
                long from = (long) chunk * plan.columns();
                int columns = (int) Math.min(plan.columns(), layout.sliceSize() - from);
                readAndHash(crew, from, columns);
                if (plan.isWhole()) {
                    hashing.addAll(whole.begin(crew));
                }
                if (sums != null) {
                    encode(crew, sums, from, columns, writer);
                }
            }
            crew.awaitAll(hashing);
        }
        Par2SetBuilder set = new Par2SetBuilder(layout.sliceSize()).creator(creator);
        for (int i = 0; i < files.size(); i++) {
            set.add(files.get(i).name(), hashes(i));
        }
        return set.build();
    }

    /** Null if no recovery slices are wanted. */
    private ColumnSums sums(Crew crew) {
        return exponents.length == 0 || slices == 0
                ? null
                : new ColumnSums(
                        options.engine(), crew, exponents, plan.columns(), slices, plan.chunks());
    }

    private void encode(
            Crew crew, ColumnSums sums, long from, int columns, RecoveryWriter writer)
            throws IOException {
        long cost = addCost(sums);
        sums.compute(rows, n -> report(n, cost));
        writer.write(from, columns, sums::read, crew, n -> report(n, WRITE));
    }

    private void readAndHash(Crew crew, long from, int columns) throws IOException {
        int group = md5s.atATime();
        crew.each(
                Math.ceilDiv(slices, group),
                g -> {
                    int first = g * group;
                    readAndHash(first, Math.min(group, slices - first), from, columns);
                });
    }

    /** Takes slices a strip at a time, so that they are hashed while they are in the L2 cache. */
    private void readAndHash(int first, int n, long from, int columns) throws IOException {
        int[] which = IntStream.range(first, first + n).toArray();
        long stride = strips.stride();
        long[] at = IntStream.range(0, n).mapToLong(i -> i * stride).toArray();
        MemorySegment buffer = strips.take();
        ByteBuffer bytes = buffer.asByteBuffer();
        OpenFiles in = read.take();
        try (ManyMd5s.Worker worker = md5s.worker()) {
            for (int done = 0; done < columns; done += STRIP) {
                int len = Math.min(STRIP, columns - done);
                for (int i = 0; i < n; i++) {
                    int start = (int) at[i];
                    read(in, which[i], from + done, bytes.limit(start + len).position(start));
                    crcs[which[i]].update(bytes.position(start));
                }
                report((long) n * len, READ);
                if (from + done + len == layout.sliceSize()) {
                    worker.finish(which, n, buffer, at, len);
                } else {
                    worker.update(which, n, buffer, at, len);
                }
                if (rows != null) {
                    rows.put(first, n, done, buffer, stride, len);
                }
            }
        } finally {
            read.giveBack(in);
        }
        strips.giveBack(buffer);
    }

    /** Fills the buffer with bytes of a slice, and zeros behind the end of its file. */
    private void read(OpenFiles in, int slice, long from, ByteBuffer strip) throws IOException {
        SourceFile file = files.get(fileOf[slice]);
        int end = strip.limit();
        long at = (slice - firstOf[fileOf[slice]]) * layout.sliceSize() + from;
        int len = (int) Math.clamp(file.length() - at, 0L, strip.remaining());
        if (len > 0) {
            in.read(file.path(), at, strip.limit(strip.position() + len));
        }
        if (strip.limit(end).hasRemaining()) {
            MemorySegment.ofBuffer(strip).fill((byte) 0);
        }
    }

    /** Where whole files are read: in memory if they are there, else on disk. */
    private FileMd5s.Source source() {
        return plan.isWhole() ? new InMemory() : FileMd5s.onDisk(i -> files.get(i).path());
    }

    /** Files as rows one after the other. */
    private final class InMemory implements FileMd5s.Source {
        @Override
        public void read(int file, long from, ByteBuffer dst) {
            MemorySegment target = MemorySegment.ofBuffer(dst);
            long size = layout.sliceSize();
            for (long done = 0; done < target.byteSize(); ) {
                long in = (from + done) % size;
                int slice = firstOf[file] + (int) ((from + done) / size);
                int n = (int) Math.min(size - in, target.byteSize() - done);
                rows.get(slice, (int) in, target, done, n);
                done += n;
            }
        }

        @Override
        public void close() {
            // The memory is the job's.
        }
    }

    /** The ID was made from the head as it was at first: it must still be the same. */
    private FileHashes hashes(int file) throws IOException {
        SourceFile source = files.get(file);
        Hash16 id =
                Par2SetBuilder.fileId(whole.head(file), source.length(), source.name());
        if (!id.equals(source.id())) {
            throw source.changed();
        }
        List<SliceChecksum> checksums = new ArrayList<>();
        Par2Layout.Entry entry = layout.entry(id);
        for (int slice = entry.firstSlice();
                slice < entry.firstSlice() + entry.sliceCount(); slice++) {
            checksums.add(new SliceChecksum(md5s.get(slice), (int) crcs[slice].getValue()));
        }
        return new FileHashes(source.length(), whole.whole(file), whole.head(file), checksums);
    }

    private void report(long bytes, long cost) {
        tally.add(bytes * cost);
    }
}
