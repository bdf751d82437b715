package net.spillway.fec.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import net.spillway.fec.transform.AdditiveFft;
import net.spillway.fec.transform.NovelBasis;

/**
 * The maps of {@link AdditiveFft} for 64 words at a time, in off-heap memory: n elements in a row.
 * Blocks of 256 elements, which stay in the L1 cache, are taken through all their layers before the
 * next; in them, layers go in twos where all factors lie in GF(2^8). What is known to be zero on
 * the way in, or not wanted on the way out, is left out of the change of basis.
 *
 * <p>Holds only tables: several threads may use it at once.
 */
final class VectorFft {
    /** Binary logarithm of the elements of a block; a transform has at least one. */
    static final int BLOCK_LOG = 8;

    private static final int BLOCK = 1 << BLOCK_LOG;
    private static final long ELEMENT = TransformKernels.ELEMENT;

    /** Bytes of the tables of the three factors of a quad. */
    private static final int QUAD = 3 * NibbleTables.NARROW;

    /** Butterflies of a layer whose factor is in GF(2^8): it has the Cantor coordinates 2b. */
    private static final int NARROW_FACTORS = 128;

    /** Quads with such factors only. */
    private static final int QUADS = NARROW_FACTORS / 2;

    /** A vector is loaded where only 16 bytes are needed. */
    private static final int SLACK = 64;

    private final int m;
    private final List<NovelBasis.Step> acrossBlocks;

    /** Tables of the factors of the first butterflies of any layer, which are in GF(2^8). */
    private final MemorySegment narrow;

    /** Tables of the factors of the other butterflies. */
    private final MemorySegment wide;

    /** Tables of the factors of quad g of any two layers: of butterflies g, 2g and 2g + 1. */
    private final MemorySegment quads;

    /**
     * @param m binary logarithm of the number of elements, 8..16
     * @param arena where tables are put
     */
    VectorFft(int m, Arena arena) {
        this.m = m;
        acrossBlocks = new NovelBasis(m - BLOCK_LOG).steps();
        int[] factors = new int[NARROW_FACTORS];
        narrow = arena.allocate(NARROW_FACTORS * NibbleTables.NARROW + SLACK, 64);
        for (int b = 0; b < NARROW_FACTORS; b++) {
            factors[b] = Tower.SPLIT[factor(b)];
            NibbleTables.bytes(narrow, (long) b * NibbleTables.NARROW, factors[b]);
        }
        wide = arena.allocate(((long) NibbleTables.WIDE << m - 1) + SLACK, 64);
        for (int b = NARROW_FACTORS; b < 1 << m - 1; b++) {
            NibbleTables.tower(wide, (long) b * NibbleTables.WIDE, factor(b));
        }
        quads = arena.allocate((long) QUADS * QUAD + SLACK, 64);
        for (int g = 0; g < QUADS; g++) {
            long to = (long) g * QUAD;
            NibbleTables.bytes(quads, to, factors[g]);
            NibbleTables.bytes(quads, to + NibbleTables.NARROW, factors[2 * g]);
            NibbleTables.bytes(quads, to + 2 * NibbleTables.NARROW, factors[2 * g + 1]);
        }
    }

    /** Which place a butterfly begins at cancels out: its number in the layer counts. */
    private static int factor(int b) {
        return AdditiveFft.twiddle(0, 2 * b);
    }

    /** How many elements there are. */
    int size() {
        return 1 << m;
    }

    /**
     * From coefficients to values.
     *
     * @param length elements from this one on are zero
     */
    void evaluate(MemorySegment w, long at, int length) {
        convert(w, at, length);
        for (int layer = m - 1; layer >= BLOCK_LOG; layer--) {
            for (int b = 0; b < 1 << m - 1 - layer; b++) {
                butterflies(w, at, layer, b);
            }
        }
        for (int block = 0; block < size() / BLOCK; block++) {
            evaluateBlock(w, at, block);
        }
    }

    private void evaluateBlock(MemorySegment w, long at, int block) {
        long start = at + block * BLOCK * ELEMENT;
        for (int pair = 3; pair >= 0; pair--) {
            int count = 1 << 2 * (3 - pair);
            if ((block + 1) * count <= QUADS) {
                long t = (long) block * count * QUAD;
                TransformKernels.quads(w, start, 1 << 2 * pair, count, quads, t);
            } else {
                layer(w, at, 2 * pair + 1, block);
                layer(w, at, 2 * pair, block);
            }
        }
    }

    /** A layer within a block of 256 elements. */
    private void layer(MemorySegment w, long at, int layer, int block) {
        int count = 1 << BLOCK_LOG - 1 - layer;
        for (int b = block * count; b < (block + 1) * count; b++) {
            butterflies(w, at, layer, b);
        }
    }

    private void butterflies(MemorySegment w, long at, int layer, int b) {
        int half = 1 << layer;
        long start = at + b * 2 * half * ELEMENT;
        if (b == 0) {
            TransformKernels.addUp(w, start, half, 2 * half, half);
        } else if (b < NARROW_FACTORS) {
            long t = (long) b * NibbleTables.NARROW;
            TransformKernels.pairs(w, start, half, narrow, t);
        } else {
            long t = (long) b * NibbleTables.WIDE;
            TransformKernels.widePairs(w, start, half, wide, t);
        }
    }

    /**
     * The transpose of {@link #evaluate}.
     *
     * @param count only elements below this one are wanted
     */
    void evaluateTransposed(MemorySegment w, long at, int count) {
        for (int block = 0; block < size() / BLOCK; block++) {
            evaluateBlockTransposed(w, at, block);
        }
        for (int layer = BLOCK_LOG; layer < m; layer++) {
            for (int b = 0; b < 1 << m - 1 - layer; b++) {
                if (1 << layer < count) {
                    butterfliesTransposed(w, at, layer, b);
                } else {
                    foldOnto(w, at, layer, b);
                }
            }
        }
        convertTransposed(w, at, count);
    }

    private void evaluateBlockTransposed(MemorySegment w, long at, int block) {
        long start = at + block * BLOCK * ELEMENT;
        for (int pair = 0; pair <= 3; pair++) {
            int count = 1 << 2 * (3 - pair);
            if ((block + 1) * count <= QUADS) {
                long t = (long) block * count * QUAD;
                TransformKernels.quadsTransposed(w, start, 1 << 2 * pair, count, quads, t);
            } else {
                layerTransposed(w, at, 2 * pair, block);
                layerTransposed(w, at, 2 * pair + 1, block);
            }
        }
    }

    private void layerTransposed(MemorySegment w, long at, int layer, int block) {
        int count = 1 << BLOCK_LOG - 1 - layer;
        for (int b = block * count; b < (block + 1) * count; b++) {
            butterfliesTransposed(w, at, layer, b);
        }
    }

    private void butterfliesTransposed(MemorySegment w, long at, int layer, int b) {
        int half = 1 << layer;
        long start = at + b * 2 * half * ELEMENT;
        if (b == 0) {
            foldOnto(w, at, layer, b);
        } else if (b < NARROW_FACTORS) {
            long t = (long) b * NibbleTables.NARROW;
            TransformKernels.pairsTransposed(w, start, half, narrow, t);
        } else {
            long t = (long) b * NibbleTables.WIDE;
            TransformKernels.widePairsTransposed(w, start, half, wide, t);
        }
    }

    /** What is left of a butterfly whose factor is 0, or whose upper output is not wanted. */
    private static void foldOnto(MemorySegment w, long at, int layer, int b) {
        int half = 1 << layer;
        TransformKernels.addDown(w, at + b * 2 * half * ELEMENT, half, 2 * half, half);
    }

    /**
     * The change of basis of {@link NovelBasis#convert}: for m above 8 the first rounds, then each
     * block by itself, then places of blocks with one another; a block of 256 in the same manner
     * with 16 times 16.
     */
    private void convert(MemorySegment w, long at, int length) {
        for (int p = m - BLOCK_LOG - 1; p >= 0; p--) {
            addDown(w, at, BLOCK_LOG, p, size(), length);
        }
        for (int start = 0; start < length; start += BLOCK) {
            convertBlock(w, at + start * ELEMENT, Math.min(BLOCK, length - start));
        }
        int wholeBlocks = length <= BLOCK ? 0 : Math.ceilDiv(length, BLOCK) * BLOCK;
        for (NovelBasis.Step step : acrossBlocks) {
            int size = step.size() * BLOCK * step.stride();
            int shift = step.shift() * BLOCK * step.stride();
            for (int start = 0; start < size(); start += size) {
                int end = Math.min(start + size, wholeBlocks);
                TransformKernels.addDown(w, at, start + size / 2, end, shift);
            }
        }
    }

    private static void convertBlock(MemorySegment w, long at, int length) {
        for (int p = 3; p >= 0; p--) {
            addDown(w, at, 4, p, BLOCK, length);
        }
        for (int row = 0; row < length; row += 16) {
            TransformKernels.convert16(w, at + row * ELEMENT, ELEMENT, (int) ELEMENT);
        }
        TransformKernels.convert16(w, at, 16 * ELEMENT, 16 * (int) ELEMENT);
    }

    /** The round p of rewriting x^(2^i) as y + x. */
    private static void addDown(MemorySegment w, long at, int i, int p, int n, int length) {
        int size = 2 << i + p;
        int shift = (1 << i + p) - (1 << p);
        for (int start = 0; start < n; start += size) {
            int end = Math.min(start + size, length);
            TransformKernels.addDown(w, at, start + size / 2, end, shift);
        }
    }

    private void convertTransposed(MemorySegment w, long at, int count) {
        for (int k = acrossBlocks.size() - 1; k >= 0; k--) {
            NovelBasis.Step step = acrossBlocks.get(k);
            int size = step.size() * BLOCK * step.stride();
            int shift = step.shift() * BLOCK * step.stride();
            for (int start = 0; start < size(); start += size) {
                int end = Math.min(start + size, count);
                TransformKernels.addUp(w, at, start + size / 2, end, shift);
            }
        }
        for (int start = 0; start < count; start += BLOCK) {
            convertBlockTransposed(w, at + start * ELEMENT, Math.min(BLOCK, count - start));
        }
        for (int p = 0; p < m - BLOCK_LOG; p++) {
            addUp(w, at, BLOCK_LOG, p, size(), count);
        }
    }

    private static void convertBlockTransposed(MemorySegment w, long at, int count) {
        TransformKernels.convert16Transposed(w, at, 16 * ELEMENT, 16 * (int) ELEMENT);
        for (int row = 0; row < count; row += 16) {
            TransformKernels.convert16Transposed(w, at + row * ELEMENT, ELEMENT, (int) ELEMENT);
        }
        for (int p = 0; p <= 3; p++) {
            addUp(w, at, 4, p, BLOCK, count);
        }
    }

    private static void addUp(MemorySegment w, long at, int i, int p, int n, int count) {
        int size = 2 << i + p;
        int shift = (1 << i + p) - (1 << p);
        for (int start = 0; start < n; start += size) {
            int end = Math.min(start + size, count);
            TransformKernels.addUp(w, at, start + size / 2, end, shift);
        }
    }
}
