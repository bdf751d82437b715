package net.spillway.fec.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntUnaryOperator;
import net.spillway.fec.transform.Chirp;
import net.spillway.fec.transform.LostSlices;

/** {@link net.spillway.fec.transform.ScalarSolver} for 64 words at a time. */
final class VectorSolver implements SyndromeSolver {
    /** Bytes that a thread works on besides tables. */
    private static final int WORKSPACE = 1 << 19;

    /** Elements of a row taken at once. */
    private static final int MOST_GROUPS = 8;

    private static final int ELEMENT = TransformKernels.ELEMENT;

    /** A vector is loaded where only 16 bytes are needed. */

    private final Arena arena = Arena.ofShared();
    private final int count;
    private final VectorFft productFft;
    private final VectorFft valuesFft;

    /** From words to coordinates. */
    private final MemorySegment load;
    private final MemorySegment productSpectrum;

    /** Factors of the numerator's coefficients, for each class. */
    private final MemorySegment[] before = new MemorySegment[Chirp.CLASSES];
    private final List<List<Block>> blocks = new ArrayList<>();

    /** Factors of the lost slices in their order. */
    private final MemorySegment after;
    private final int groups;
    private final long stride;
    private final ConcurrentLinkedQueue<Workspace> atRest = new ConcurrentLinkedQueue<>();

    private record Block(LostSlices.Block slices, MemorySegment spectrum) {}

    /** Three times {@code groups} transforms. */
    private record Workspace(MemorySegment a, MemorySegment b, MemorySegment c) {}

    /** A solver for lost slices, whose indices are ascending, and the first of the exponents. */
    VectorSolver(int[] missing, int first) {
        SolverPlan plan = new SolverPlan(missing);
        LostSlices lost = new LostSlices(missing, first);
        count = missing.length;
        int log = Math.max(plan.productLog(), plan.valuesLog());
        KernelWarmUp.transform(log);
        int points = 1 << log;
        groups = Math.clamp(WORKSPACE / (ELEMENT * points), 1, MOST_GROUPS);
        // Transforms a multiple of a page apart would fight for the same cache sets.
        stride = (long) points * ELEMENT + ELEMENT;
        try {
            productFft = new VectorFft(plan.productLog(), arena);
            valuesFft =
                    plan.valuesLog() == plan.productLog()
                            ? productFft : new VectorFft(plan.valuesLog(), arena);
            NibbleTables unchanged = new NibbleTables(NibbleTables.WIDE);
            unchanged.wordsToTower(0, 1);
            load = unchanged.offHeap(arena);
            int[] product = lost.productSpectrum(plan.productLog());
            productSpectrum = tower(product.length, j -> product[j]);
            for (int c = 0; c < Chirp.CLASSES; c++) {
                int cls = c;
                before[cls] = tower(count, t -> LostSlices.before(cls, t));
                blocks.add(
                        lost.blocks(cls, LostSlices.blockLength(count, plan.valuesLog())).stream()
                                .map(slices -> block(slices, plan.valuesLog()))
                                .toList());
            }
            NibbleTables last = new NibbleTables(wide(count));
            for (int i = 0; i < count; i++) {
                last.towerToWords(wide(i), lost.after(i));
            }
            after = last.offHeap(arena);
        } catch (OutOfMemoryError | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private Block block(LostSlices.Block slices, int m) {
        int[] spectrum = LostSlices.valuesSpectrum(m, slices.start());
        return new Block(slices, tower(spectrum.length, j -> spectrum[j]));
    }

    private MemorySegment tower(int n, IntUnaryOperator factor) {
        NibbleTables tables = new NibbleTables(wide(n));
        for (int j = 0; j < n; j++) {
            tables.tower(wide(j), factor.applyAsInt(j));
        }
        return tables.offHeap(arena);
    }

    private static int wide(int index) {
        return index * NibbleTables.WIDE;
    }

    @Override
    public void solve(MemorySegment rows, long rowStride, int elements) {
        long end = (count - 1) * rowStride + (long) elements * ELEMENT;
        if (!rows.isNative() || rowStride % ELEMENT != 0 || rows.byteSize() < end) {
            throw new IllegalArgumentException("rows must be off-heap and whole");
        }
        Workspace space = atRest.poll();
        if (space == null) {
            space = new Workspace(workspace(), workspace(), workspace());
        }
        for (int at = 0; at < elements; at += groups) {
            int n = Math.min(groups, elements - at);
            numerator(space, rows, rowStride, (long) at * ELEMENT, n);
            for (int cls = 0; cls < Chirp.CLASSES; cls++) {
                if (!blocks.get(cls).isEmpty()) {
                    values(space, cls, rows, rowStride, (long) at * ELEMENT, n);
                }
            }
        }
        atRest.add(space);
    }

    private MemorySegment workspace() {
        return arena.allocate(stride * groups, 64);
    }

    /** From the rows, which become zero, to the numerator in {@code b}. */
    private void numerator(
            Workspace space, MemorySegment rows, long rowStride, long at, int n) {
        for (int row = 0; row < count; row++) {
            long from = row * rowStride + at;
            long to = (long) (count - 1 - row) * ELEMENT;
            TransformKernels.load(rows, from, load, 0, space.a, to, stride, n);
            rows.asSlice(from, (long) n * ELEMENT).fill((byte) 0);
        }
        for (int g = 0; g < n; g++) {
            long w = g * stride;
            zero(space.a, w, count, productFft.size());
            productFft.evaluate(space.a, w, count);
            zero(space.b, w, 0, productFft.size());
            TransformKernels.addProducts(
                    space.a, w, productSpectrum, 0, space.b, w, productFft.size());
            productFft.evaluateTransposed(space.b, w, count);
        }
    }

    /** From the numerator to the lost slices of a class. */
    private void values(
            Workspace space, int cls, MemorySegment rows, long rowStride, long at, int n) {
        for (int g = 0; g < n; g++) {
            long w = g * stride;
            zero(space.a, w, 0, valuesFft.size());
            TransformKernels.addProducts(space.b, w, before[cls], 0, space.a, w, count);
            valuesFft.evaluate(space.a, w, count);
        }
        for (Block block : blocks.get(cls)) {
            for (int g = 0; g < n; g++) {
                long w = g * stride;
                zero(space.c, w, 0, valuesFft.size());
                TransformKernels.addProducts(
                        space.a, w, block.spectrum, 0, space.c, w, valuesFft.size());
                valuesFft.evaluateTransposed(space.c, w, block.slices.span());
            }
            int[] which = block.slices.which();
            for (int i = 0; i < which.length; i++) {
                TransformKernels.store(
                        space.c, (long) block.slices.offsets()[i] * ELEMENT, stride, after,
                        wide(which[i]), rows, which[i] * rowStride + at, n);
            }
        }
    }

    private static void zero(MemorySegment w, long at, int from, int to) {
        w.asSlice(at + (long) from * ELEMENT, (long) (to - from) * ELEMENT).fill((byte) 0);
    }

    @Override
    public void close() {
        arena.close();
    }
}
