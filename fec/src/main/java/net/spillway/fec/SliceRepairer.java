package net.spillway.fec;

import java.io.Closeable;
import java.io.IOException;
import java.util.BitSet;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.SliceData;

/** Rebuilds lost slices from slices and recovery slices that can be read when they are needed. */
public final class SliceRepairer {
    /** More threads than this do not read faster, and each needs a buffer. */
    private static final int MOST_READERS = 4;

    private final int sliceCount;
    private final long sliceSize;
    private final BitSet missing;
    private final ParityOptions options;
    private final Tally computed;

    private SliceRepairer(
            int sliceCount, long sliceSize, BitSet missing, ParityOptions options) {
        this.sliceCount = sliceCount;
        this.sliceSize = sliceSize;
        this.missing = missing;
        this.options = options;
        // Slices are reported twice: when they are read, and when they are added to the syndromes.
        int present = sliceCount - missing.cardinality();
        computed =
                new Tally(
                        options.progress(),
                        ProgressListener.Phase.COMPUTING,
                        sliceSize * (2L * present + missing.cardinality()),
                        sliceSize * sliceCount);
    }

    /** A source for one thread. */
    interface Reader extends SliceSource, Closeable {
        @Override
        default void close() throws IOException {}
    }

    /** Makes a source for each thread that reads. */
    @FunctionalInterface
    interface Readers {
        Reader open() throws IOException;
    }

    /**
     * Rebuilds slices. What comes out is not checked here: compare it with the set's checksums.
     *
     * @param sliceCount how many slices the set has
     * @param missing which are lost; all others are read from {@code source}, each column once, by
     *     one thread at a time
     * @param recovery recovery slices by exponent, at least as many as slices are lost
     * @param options the memory bound decides how many columns are worked on at a time
     * @throws Par2Exception if the recovery slices do not suffice
     */
    public static void repair(
            int sliceCount,
            long sliceSize,
            BitSet missing,
            SliceSource source,
            SortedMap<Integer, SliceData> recovery,
            SliceSink sink,
            ParityOptions options)
            throws IOException {
        new SliceRepairer(sliceCount, sliceSize, missing, options)
                .run(1, () -> source::read, recovery, sink);
    }

    /** The same, reading with a source for each thread; slices of a column in any order. */
    static void repair(
            int sliceCount,
            long sliceSize,
            BitSet missing,
            Readers readers,
            SortedMap<Integer, SliceData> recovery,
            SliceSink sink,
            ParityOptions options)
            throws IOException {
        int threads = Math.min(options.threads(), MOST_READERS);
        new SliceRepairer(sliceCount, sliceSize, missing, options)
                .run(threads, readers, recovery, sink);
    }

    private void run(
            int threads, Readers readers, SortedMap<Integer, SliceData> recovery, SliceSink sink)
            throws IOException {
        int[] exponents = recovery.keySet().stream().mapToInt(Integer::intValue).toArray();
        Solution solution =
                Solution.find(
                        missing.stream().toArray(),
                        exponents,
                        sliceSize,
                        options.engine(),
                        options.threads());
        if (missing.isEmpty()) {
            return;
        }
        int[] slices = present();
        int lost = solution.exponents().length;
        ColumnPlan plan = ColumnPlan.forRepair(options, slices.length, lost, sliceSize);
        int chunk = plan.columns();
        int expected = (int) Math.min(Integer.MAX_VALUE, (long) slices.length * plan.chunks());
        byte[] buffer = new byte[chunk];
        try (ReaderPool pool = new ReaderPool(readers);
                StreamRepairer repairer =
                        new StreamRepairer(chunk, solution.exponents(), expected, options)) {
            repairer.onComputed(computed::add);
            for (long from = 0; from < sliceSize; from += chunk) {
                int n = (int) Math.min(chunk, sliceSize - from);
                long at = from;
                repairer.restart();
                SharedWork.run(
                        threads,
                        slices.length,
                        () -> new Adder(pool, slices, repairer, at, n));
                for (int e : solution.exponents()) {
                    recovery.get(e).read(from, buffer, 0, n);
                    repairer.addRecovery(e, buffer, 0, n);
                }
                repairer.solve(solution, from, n, sink);
            }
        }
    }

    /** Readers that threads leave open for the next columns. */
    private static final class ReaderPool implements Closeable {
        private final Readers readers;
        private final Queue<Reader> atRest = new ConcurrentLinkedQueue<>();

        ReaderPool(Readers readers) {
            this.readers = readers;
        }

        Reader take() throws IOException {
            Reader idle = atRest.poll();
            return idle == null ? readers.open() : idle;
        }

        void giveBack(Reader reader) {
            atRest.add(reader);
        }

        @Override
        public void close() throws IOException {
            IOException failure = null;
            for (Reader reader : atRest) {
                try {
                    reader.close();
                } catch (IOException e) {
                    failure = e;
                }
            }
            if (failure != null) {
                throw failure;
            }
        }
    }

    private int[] present() {
        BitSet present = new BitSet();
        present.set(0, sliceCount);
        present.andNot(missing);
        return present.stream().toArray();
    }

    /** Adds columns of slices to the sums. */
    private final class Adder implements SharedWork.Worker {
        private final ReaderPool pool;
        private final Reader reader;
        private final int[] slices;
        private final StreamRepairer repairer;
        private final long from;
        private final byte[] buffer;

        Adder(ReaderPool pool, int[] slices, StreamRepairer repairer, long from, int columns)
                throws IOException {
            this.pool = pool;
            reader = pool.take();
            this.slices = slices;
            this.repairer = repairer;
            this.from = from;
            buffer = new byte[columns];
        }

        @Override
        public void work(int piece) throws IOException {
            reader.read(slices[piece], from, buffer, 0, buffer.length);
            repairer.addSlice(slices[piece], buffer, 0, buffer.length);
            computed.add(buffer.length);
        }

        @Override
        public void close() {
            pool.giveBack(reader);
        }
    }
}
