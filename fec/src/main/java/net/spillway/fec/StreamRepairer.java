package net.spillway.fec;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.engine.SyndromeSolver;
import net.spillway.fec.packet.Par2Exception;

/**
 * Rebuilds slices of a set that streams by: slices and recovery slices are pushed in any order,
 * each once, and which slices are lost need be known only at the end. No slice is ever needed
 * again. Not thread-safe, except that slices may be added by several threads.
 *
 * <p>Memory, however many slices there are: a slice's size for every exponent that may come to be
 * used; as much again, or 64 MiB if that is more, for slices that wait to be added, or what a bound
 * leaves for them; some 32 MiB for solving; and if M slices are lost and the recovery slices used
 * are not consecutive, 2·M² bytes for a matrix and its inverse each.
 */
public final class StreamRepairer implements AutoCloseable {
    /** Bytes that solving may take for a tile of all lost slices, twice. */
    private static final int SOLVE_BYTES = 16 << 20;

    /** Bytes of which such tiles are multiples. */
    private static final int ALIGN = 4096;

    private final ParityEncoder syndromes;
    private final SliceEngine engine;
    private final int threads;
    private final Map<Integer, Integer> rowOf = new HashMap<>();
    private final BitSet received = new BitSet();
    private boolean solved;
    private LongConsumer listener = bytes -> {};

    /**
     * A repairer.
     *
     * @param sliceSize bytes of a slice, a multiple of 4
     * @param exponents of the recovery slices that may be used, all different
     */
    public StreamRepairer(int sliceSize, int[] exponents, SliceEngine engine, int threads) {
        this(
                ParityEncoder.builder(sliceSize)
                        .exponents(exponents)
                        .engine(engine)
                        .threads(threads)
                        .build(),
                engine,
                threads);
    }

    /**
     * A repairer that keeps to the bound on memory, unless the sums alone are more.
     *
     * @param sliceSize bytes of a slice, or of a column chunk of slices, a multiple of 4
     * @param exponents of the recovery slices that may be used, all different
     * @param expected about how many slices will be added, all columns counted; 0 if unknown
     */
    public StreamRepairer(int sliceSize, int[] exponents, int expected, ParityOptions options) {
        this(options.encoder(exponents, sliceSize, expected), options.engine(), options.threads());
    }

    private StreamRepairer(ParityEncoder syndromes, SliceEngine engine, int threads) {
        this.syndromes = syndromes;
        this.engine = engine;
        this.threads = threads;
        for (int row = 0; row < syndromes.recoveryCount(); row++) {
            int exponent = syndromes.exponent(row);
            if (rowOf.put(exponent, row) != null) {
                syndromes.close();
                throw new IllegalArgumentException("exponent " + exponent + " comes twice");
            }
        }
    }

    /** Adds a slice that is right; missing bytes at its end count as zeros. */
    public void addSlice(int slice, byte[] data, int offset, int len) {
        syndromes.add(slice, data, offset, len);
    }

    /** Adds a recovery slice, once for each exponent. */
    public synchronized void addRecovery(int exponent, byte[] data, int offset, int len) {
        Integer row = rowOf.get(exponent);
        if (row == null) {
            throw new IllegalArgumentException("exponent " + exponent + " was not announced");
        }
        if (received.get(row)) {
            throw new IllegalArgumentException("exponent " + exponent + " was added before");
        }
        syndromes.xorInto(row, data, offset, len);
        received.set(row);
    }

    /**
     * Has a listener told, by any thread, how many bytes of slices have been added to the syndromes
     * and how many of lost slices have been solved for: in all, each byte of each slice once.
     */
    void onComputed(LongConsumer bytes) {
        listener = bytes;
        syndromes.onAdded(bytes);
    }

    /** How many recovery slices have been added. */
    public synchronized int recoveryCount() {
        return received.cardinality();
    }

    /**
     * Rebuilds the lost slices; afterwards the repairer is spent.
     *
     * @param sliceCount how many slices the set has
     * @param missing which of them were not added; all others were
     * @throws Par2Exception if too few recovery slices were added
     */
    public void solve(int sliceCount, BitSet missing, SliceSink sink) throws IOException {
        if (missing.length() > sliceCount) {
            throw new IllegalArgumentException(
                    "slice " + (missing.length() - 1) + " is none of " + sliceCount);
        }
        for (int slice = 0; slice < sliceCount; slice++) {
            if (missing.get(slice) == syndromes.has(slice)) {
                throw new IllegalArgumentException(
                        "slice " + slice + " must be either added or missing");
            }
        }
        int[] usable = received.stream().map(syndromes::exponent).toArray();
        int[] lost = missing.stream().toArray();
        int size = syndromes.sliceSize();
        solve(Solution.find(lost, usable, size, engine, threads), 0, size, sink);
    }

    /** Makes a spent repairer as new, for other columns of the same slices. */
    synchronized void restart() {
        syndromes.reset();
        received.clear();
        solved = false;
    }

    /**
     * Rebuilds as was decided before.
     *
     * @param from where these columns lie in the slice
     * @param columns how many of them are in the slice
     */
    void solve(Solution solution, long from, int columns, SliceSink sink) throws IOException {
        if (solved) {
            throw new IllegalStateException("solved already");
        }
        solved = true;
        int m = solution.missing().length;
        if (m == 0) {
            return;
        }
        int[] rows = new int[m];
        for (int i = 0; i < m; i++) {
            rows[i] = rowOf.get(solution.exponents()[i]);
        }
        switch (solution) {
            case Solution.ByMatrix matrix -> multiply(matrix, rows);
            case Solution.ByTransform transform -> transform(transform, rows);
        }
        byte[] slice = new byte[columns];
        for (int i = 0; i < m; i++) {
            syndromes.recovery(rows[i], 0, slice, 0, slice.length);
            sink.accept(solution.missing()[i], from, slice, 0, slice.length);
        }
    }

    /** Replaces each syndrome by a lost slice, a tile of columns at a time. */
    private void multiply(Solution.ByMatrix matrix, int[] rows) {
        int m = rows.length;
        int size = syndromes.sliceSize();
        int tile = tile(m, size);
        byte[] bytes = new byte[tile];
        try (BatchedSums slices = new BatchedSums(engine, threads, m, tile)) {
            for (int at = 0; at < size; at += tile) {
                int n = Math.min(tile, size - at);
                for (int e = 0; e < m; e++) {
                    syndromes.recovery(rows[e], at, bytes, 0, n);
                    slices.add(bytes, 0, n, column(matrix.inverse(), e));
                }
                for (int i = 0; i < m; i++) {
                    slices.read(i, 0, bytes, 0, n);
                    syndromes.overwrite(rows[i], at, bytes, 0, n);
                }
                slices.clear();
                listener.accept((long) m * n);
            }
        }
    }

    /** Bytes of each of m slices to solve for at a time: tiles are all computed whole. */
    static int tile(int m, int size) {
        int most = Math.clamp(SOLVE_BYTES / m / ALIGN * ALIGN, Math.min(ALIGN, size), size);
        int even = Math.ceilDiv(size, Math.ceilDiv(size, most));
        return Math.min(size, Math.ceilDiv(even, ALIGN) * ALIGN);
    }

    /** The same by transform; threads share out the tiles. */
    private void transform(Solution.ByTransform solution, int[] rows) throws IOException {
        int size = syndromes.sliceSize();
        int groups = Math.ceilDiv(size, SyndromeSolver.COLUMNS);
        int most = SOLVE_BYTES / threads / rows.length / SyndromeSolver.COLUMNS;
        int tile = Math.clamp(most, 1, Math.ceilDiv(groups, threads)) * SyndromeSolver.COLUMNS;
        try (SyndromeSolver solver =
                engine.solver(solution.missing(), solution.exponents()[0]).orElseThrow()) {
            SharedWork.run(
                    threads,
                    Math.ceilDiv(size, tile),
                    () -> new Tiles(solver, rows, tile));
        }
    }

    private final class Tiles implements SharedWork.Worker {
        private final Arena arena = Arena.ofConfined();
        private final SyndromeSolver solver;
        private final int[] rows;
        private final MemorySegment tile;
        private final long stride;
        private final byte[] bytes;

        Tiles(SyndromeSolver solver, int[] rows, int columns) {
            this.solver = solver;
            this.rows = rows;
            stride = columns;
            tile = arena.allocate(stride * rows.length, 64);
            bytes = new byte[columns];
        }

        @Override
        public void work(int piece) {
            int at = (int) (piece * stride);
            int n = Math.min(bytes.length, syndromes.sliceSize() - at);
            for (int e = 0; e < rows.length; e++) {
                syndromes.recovery(rows[e], at, bytes, 0, n);
                MemorySegment.copy(bytes, 0, tile, ValueLayout.JAVA_BYTE, e * stride, n);
            }
            solver.solve(tile, stride, Math.ceilDiv(n, SyndromeSolver.COLUMNS));
            for (int i = 0; i < rows.length; i++) {
                MemorySegment.copy(tile, ValueLayout.JAVA_BYTE, i * stride, bytes, 0, n);
                syndromes.overwrite(rows[i], at, bytes, 0, n);
            }
            listener.accept((long) rows.length * n);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    private static char[] column(char[][] matrix, int c) {
        char[] column = new char[matrix.length];
        for (int r = 0; r < column.length; r++) {
            column[r] = matrix[r][c];
        }
        return column;
    }

    /** Gives the memory back. */
    @Override
    public void close() {
        syndromes.close();
    }
}
