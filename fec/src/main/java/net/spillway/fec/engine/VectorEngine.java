package net.spillway.fec.engine;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * The engine for JVMs with {@code jdk.incubator.vector}: a word is four nibbles, a constant eight
 * tables of 16 products, and a byte shuffle looks up a whole vector of nibbles at a time. Sums lie
 * off-heap, aligned, with low and high bytes apart (see {@link VectorKernels}). Vectors of 64 bytes
 * hold larger tables, of which {@link PlaneSums} makes use.
 *
 * <p>Nothing else may name this class at link time but {@link Engines}, by reflection.
 */
public final class VectorEngine implements SliceEngine {
    /** Created through {@link Engines}; fails if something is absent that it needs. */
    public VectorEngine() {
        // Fails here rather than in the middle of work if the JVM denies native access.
        Objects.requireNonNull(OffHeap.MEMORY);
        if (!VectorCpu.sensible()) {
            throw new IllegalStateException("this JVM does not compile vectors of 128 bits");
        }
    }

    @Override
    public String name() {
        return "vector";
    }

    /** Bits in the vectors used: 128, 256 or 512. */
    public int vectorBits() {
        return VectorKernels.V * 8;
    }

    @Override
    public Accumulator accumulator(int rows, int length) {
        SliceEngine.checkShape(rows, length);
        KernelWarmUp.direct();
        return VectorKernels.V == PlaneSums.VECTOR
                ? new PlaneSums(rows, length) : new Blocks(rows, length);
    }

    @Override
    public boolean hasTransform() {
        return true;
    }

    @Override
    public Optional<SliceTransform> transform(
            int[] exponents, int length, ExecutorService executor, int threads) {
        TransformBands bands = new TransformBands(exponents);
        return Optional.of(
                new VectorTransform(bands, exponents.length, length, executor, threads));
    }

    @Override
    public Optional<SyndromeSolver> solver(int[] missing, int first) {
        return Optional.of(new VectorSolver(missing, first));
    }

    @Override
    public boolean hasMd5Lanes() {
        return true;
    }

    @Override
    public Optional<Md5Lanes> md5Lanes() {
        return Optional.of(new VectorMd5());
    }

    private static final class Blocks extends TiledSums {
        /** Bytes of a row worked on at a time: an input and two sums fit the L1 cache. */
        private static final int TILE = 8192;

        /** Inputs taken together, so that sums come into the cache once for all of them. */
        private static final int MOST_TOGETHER = 16;

        private static final int LEAST_TOGETHER = 4;

        /** Bytes that their tables are to take at most; with thousands of rows fewer are taken. */
        private static final int MOST_TABLES = 2 << 20;

        /** A whole vector is loaded of every table. */
        private static final int SLACK = 48;

        /** Bytes of the tables of a factor. */
        private static final int TABLES = NibbleTables.WIDE;

        private final long stride;
        private final int together;
        private final MemorySegment sums;
        private final MemorySegment inputs;
        private final MemorySegment tables;

        /** Whether every input that is being added adds something to every pair of rows. */
        private boolean allAddSomething;

        /** Of a pair of rows and all inputs, before they go to {@link #tables}. */
        private final NibbleTables ofPair;

        Blocks(int rows, int length) {
            super(rows, length, TILE);
            long padded = padded((long) length);
            // Rows a multiple of a page apart would fight for the same cache sets.
            stride = padded % 4096 == 0 ? padded + ALIGN : padded;
            together = Math.clamp(
                    MOST_TABLES / (2L * pairs() * TABLES), LEAST_TOGETHER, MOST_TOGETHER);
            try {
                ofPair = new NibbleTables(together * 2 * TABLES);
                // One row more, so that rows can always go in pairs.
                sums = arena.allocate(stride * (rows + 1), 64);
                inputs = arena.allocate((long) together * tile, 64);
                tables =
                        arena.allocate(pairs() * together * 2L * TABLES + ALIGN, 64);
            } catch (OutOfMemoryError | RuntimeException e) {
                arena.close();
                throw e;
            }
        }

        private int pairs() {
            return (rows + 1) / 2;
        }

        @Override
        public void add(byte[][] in, int offset, int count, char[][] factors) {
            Accumulator.checkAdd(this, in, offset, count, factors);
            for (int first = 0; first < count; first += together) {
                int n = Math.min(together, count - first);
                makeTables(factors, first, n);
                for (int at = 0; at < length; at += tile) {
                    int bytes = Math.min(tile, length - at);
                    for (int i = 0; i < n; i++) {
                        load(in[first + i], offset + at, bytes);
                        split(inputs, (long) i * tile, padded(bytes));
                    }
                    addTile(at, padded(bytes), factors, first, n);
                }
            }
        }

        private void addTile(int at, int bytes, char[][] factors, int first, int n) {
            long in = OffHeap.address(inputs, 0, (long) (n - 1) * tile + bytes);
            long t = OffHeap.address(tables, 0, table(pairs(), 0) + SLACK);
            for (int pair = 0; pair < pairs(); pair++) {
                long x = OffHeap.address(sums, 2L * pair * stride + at, stride + bytes);
                for (int i = 0, to; i < n; i = to + 1) {
                    to = endOfRun(factors, first, i, n, pair);
                    if (to > i) {
                        addMultiples(
                                in + (long) i * tile, to - i, t + table(pair, i), x, bytes);
                    }
                }
            }
        }

        /** Behind the inputs from {@code i} on that add something to a pair of rows. */
        private int endOfRun(char[][] factors, int first, int i, int n, int pair) {
            int to = allAddSomething ? n : i;
            while (to < n && !isZero(factors[first + to], pair)) {
                to++;
            }
            return to;
        }

        /** Adds inputs to a pair of rows. */
        private void addMultiples(long in, int n, long t, long x, int bytes) {
            for (int i = 0; i < n; i++) {
                VectorKernels.multiplyAdd(
                        in + (long) i * tile, t + 2L * i * TABLES, x, x + stride, bytes);
            }
        }

        /** Whether an input adds nothing to a pair of rows. */
        private boolean isZero(char[] factors, int pair) {
            return factors[2 * pair] == 0 && (2 * pair + 1 == rows || factors[2 * pair + 1] == 0);
        }

        private long table(int pair, int input) {
            return ((long) pair * together + input) * 2 * TABLES;
        }

        private void makeTables(char[][] factors, int first, int n) {
            allAddSomething = true;
            for (int pair = 0; pair < pairs(); pair++) {
                for (int i = 0; i < n; i++) {
                    char[] f = factors[first + i];
                    if (isZero(f, pair)) {
                        allAddSomething = false;
                    } else {
                        ofPair.words(2 * i * TABLES, f[2 * pair]);
                        ofPair.words(
                                (2 * i + 1) * TABLES, 2 * pair + 1 < rows ? f[2 * pair + 1] : 0);
                    }
                }
                ofPair.copyTo(tables, table(pair, 0), 2 * n * TABLES);
            }
        }

        private void split(MemorySegment dst, long to, int bytes) {
            VectorKernels.split(
                    OffHeap.address(raw, 0, bytes), OffHeap.address(dst, to, bytes), bytes);
        }

        @Override
        void readTile(int row, int at) {
            int bytes = tileBytes(at);
            VectorKernels.join(
                    OffHeap.address(sums, row * stride + at, bytes),
                    OffHeap.address(raw, 0, bytes),
                    bytes);
        }

        @Override
        void writeTile(int row, int at) {
            split(sums, row * stride + at, tileBytes(at));
        }

        @Override
        public void clear() {
            sums.fill((byte) 0);
        }
    }
}
