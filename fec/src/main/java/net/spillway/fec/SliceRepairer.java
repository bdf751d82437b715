package net.spillway.fec;

import java.io.Closeable;
import java.io.IOException;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.SliceData;

/** Rebuilds lost slices from slices and recovery slices that can be read when they are needed. */
public final class SliceRepairer {
    private final int sliceCount;
    private final long sliceSize;
    private final BitSet missing;
    private final ParityOptions options;

    private SliceRepairer(
            int sliceCount, long sliceSize, BitSet missing, ParityOptions options) {
        this.sliceCount = sliceCount;
        this.sliceSize = sliceSize;
        this.missing = missing;
        this.options = options;
    }

    /**
     * For all that is done. Slices are reported twice, when they are read and when they are added to
     * the syndromes; these are of whole chunks, with what the last one has too much.
     */
    private Tally tally(ColumnPlan plan) {
        int present = sliceCount - missing.cardinality();
        long columns = (long) plan.chunks() * plan.columns();
        return new Tally(
                options.progress(),
                ProgressListener.Phase.COMPUTING,
                sliceSize * present + columns * sliceCount,
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

    /**
     * The same, by several threads, each of which has a source and columns of its own; the sink is
     * called by all of them.
     */
    static void repair(
            int sliceCount,
            long sliceSize,
            BitSet missing,
            Readers readers,
            SortedMap<Integer, SliceData> recovery,
            SliceSink sink,
            ParityOptions options)
            throws IOException {
        new SliceRepairer(sliceCount, sliceSize, missing, options)
                .run(RepairShares.most(options.threads()), readers, recovery, sink);
    }

    private void run(
            int most, Readers readers, SortedMap<Integer, SliceData> recovery, SliceSink sink)
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
        RepairShares shares =
                RepairShares.of(
                        options, most, slices.length, solution.exponents().length, sliceSize);
        Tally computed = tally(shares.plan());
        AtomicInteger hired = new AtomicInteger();
        SharedWork.run(
                shares.workers(),
                shares.plan().chunks(),
                () -> {
                    Reader reader = readers.open();
                    try {
                        return new Columns(
                                reader, slices, recovery, solution, shares.plan(),
                                shares.each(hired.getAndIncrement()), sink, computed);
                    } catch (OutOfMemoryError | RuntimeException e) {
                        try (reader) {
                            throw e;
                        }
                    }
                });
    }

    /** The slices at hand. */
    private int[] present() {
        BitSet present = new BitSet();
        present.set(0, sliceCount);
        present.andNot(missing);
        return present.stream().toArray();
    }

    /** Rebuilds the lost slices of one chunk of columns after the other. */
    private final class Columns implements SharedWork.Worker {
        private final Reader reader;
        private final int[] slices;
        private final SortedMap<Integer, SliceData> recovery;
        private final Solution solution;
        private final SliceSink sink;
        private final StreamRepairer repairer;
        private final Tally computed;
        private final byte[] buffer;

        Columns(
                Reader reader, int[] slices, SortedMap<Integer, SliceData> recovery,
                Solution solution, ColumnPlan plan, ParityOptions options, SliceSink sink,
                Tally computed) {
            this.reader = reader;
            this.slices = slices;
            this.recovery = recovery;
            this.solution = solution;
            this.sink = sink;
            this.computed = computed;
            buffer = new byte[plan.columns()];
            long all = (long) slices.length * plan.chunks();
            int expected = (int) Math.min(Integer.MAX_VALUE, all);
            repairer =
                    new StreamRepairer(buffer.length, solution.exponents(), expected, options);
            repairer.onComputed(computed::add);
        }

        @Override
        public void work(int chunk) throws IOException {
            long from = (long) chunk * buffer.length;
            int n = (int) Math.min(buffer.length, sliceSize - from);
            repairer.restart();
            for (int slice : slices) {
                reader.read(slice, from, buffer, 0, n);
                repairer.addSlice(slice, buffer, 0, n);
                computed.add(n);
            }
            for (int e : solution.exponents()) {
                recovery.get(e).read(from, buffer, 0, n);
                repairer.addRecovery(e, buffer, 0, n);
            }
            repairer.solve(solution, from, n, sink);
        }

        @Override
        public void close() throws IOException {
            try (reader) {
                repairer.close();
            }
        }
    }
}
