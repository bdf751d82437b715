package net.spillway.fec.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
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

    private final int m;
    private final List<NovelBasis.Step> acrossBlocks;

    /** Where the tables of the factors of a layer's first butterflies are, those in GF(2^8). */
    private final long narrowTables;

    /** Where tables of the factors of all butterflies are, but for the first ones. */
    private final long wideTables;

    /** Tables of the factors of quad g of any two layers: of butterflies g, 2g and 2g + 1. */
    private final long quadTables;

    /**
     * @param m binary logarithm of the number of elements, 8..16
     * @param arena where tables are put
     */
    VectorFft(int m, Arena arena) {
        this.m = m;
        acrossBlocks = new NovelBasis(m - BLOCK_LOG).steps();
        int[] factors = new int[NARROW_FACTORS];
        NibbleTables narrow = new NibbleTables(NARROW_FACTORS * NibbleTables.NARROW);
        for (int b = 0; b < NARROW_FACTORS; b++) {
            factors[b] = Tower.SPLIT[factor(b)];
            narrow.bytes(b * NibbleTables.NARROW, factors[b]);
        }
        NibbleTables wide = new NibbleTables(NibbleTables.WIDE << m - 1);
        for (int b = NARROW_FACTORS; b < 1 << m - 1; b++) {
            wide.tower(b * NibbleTables.WIDE, factor(b));
        }
        NibbleTables quads = new NibbleTables(QUADS * QUAD);
        for (int g = 0; g < QUADS; g++) {
            int to = g * QUAD;
            quads.bytes(to, factors[g]);
            quads.bytes(to + NibbleTables.NARROW, factors[2 * g]);
            quads.bytes(to + 2 * NibbleTables.NARROW, factors[2 * g + 1]);
        }
        narrowTables = narrow.offHeap(arena).address();
        wideTables = wide.offHeap(arena).address();
        quadTables = quads.offHeap(arena).address();
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
        Objects.checkFromToIndex(0, length, size());
        evaluate(OffHeap.address(w, at, size() * ELEMENT), length);
    }

    private void evaluate(long at, int length) {
        convert(at, length);
        for (int layer = m - 1; layer >= BLOCK_LOG; layer--) {
            for (int b = 0; b < 1 << m - 1 - layer; b++) {
                butterflies(at, layer, b);
            }
        }
        for (int block = 0; block < size() / BLOCK; block++) {
            evaluateBlock(at, block);
        }
    }

    private void evaluateBlock(long at, int block) {
        long start = at + block * BLOCK * ELEMENT;
        for (int pair = 3; pair >= 0; pair--) {
            int count = 1 << 2 * (3 - pair);
            if ((block + 1) * count <= QUADS) {
                long t = quadTables + (long) block * count * QUAD;
                TransformKernels.quads(start, 1 << 2 * pair, count, t);
            } else {
                layer(at, 2 * pair + 1, block);
                layer(at, 2 * pair, block);
            }
        }
    }

    /** A layer within a block of 256 elements. */
    private void layer(long at, int layer, int block) {
        int count = 1 << BLOCK_LOG - 1 - layer;
        for (int b = block * count; b < (block + 1) * count; b++) {
            butterflies(at, layer, b);
        }
    }

    private void butterflies(long at, int layer, int b) {
        int half = 1 << layer;
        long start = at + b * 2 * half * ELEMENT;
        if (b == 0) {
            TransformKernels.addUp(start, half, 2 * half, half);
        } else if (b < NARROW_FACTORS) {
            long t = narrowTables + (long) b * NibbleTables.NARROW;
            TransformKernels.pairs(start, half, t);
        } else {
            long t = wideTables + (long) b * NibbleTables.WIDE;
            TransformKernels.widePairs(start, half, t);
        }
    }

    /**
     * The transpose of {@link #evaluate}.
     *
     * @param count only elements below this one are wanted
     */
    void evaluateTransposed(MemorySegment w, long at, int count) {
        Objects.checkFromToIndex(0, count, size());
        evaluateTransposed(OffHeap.address(w, at, size() * ELEMENT), count);
    }

    private void evaluateTransposed(long at, int count) {
        for (int block = 0; block < size() / BLOCK; block++) {
            evaluateBlockTransposed(at, block);
        }
        for (int layer = BLOCK_LOG; layer < m; layer++) {
            for (int b = 0; b < 1 << m - 1 - layer; b++) {
                if (1 << layer < count) {
                    butterfliesTransposed(at, layer, b);
                } else {
                    foldOnto(at, layer, b);
                }
            }
        }
        convertTransposed(at, count);
    }

    private void evaluateBlockTransposed(long at, int block) {
        long start = at + block * BLOCK * ELEMENT;
        for (int pair = 0; pair <= 3; pair++) {
            int count = 1 << 2 * (3 - pair);
            if ((block + 1) * count <= QUADS) {
                long t = quadTables + (long) block * count * QUAD;
                TransformKernels.quadsTransposed(start, 1 << 2 * pair, count, t);
            } else {
                layerTransposed(at, 2 * pair, block);
                layerTransposed(at, 2 * pair + 1, block);
            }
        }
    }

    private void layerTransposed(long at, int layer, int block) {
        int count = 1 << BLOCK_LOG - 1 - layer;
        for (int b = block * count; b < (block + 1) * count; b++) {
            butterfliesTransposed(at, layer, b);
        }
    }

    private void butterfliesTransposed(long at, int layer, int b) {
        int half = 1 << layer;
        long start = at + b * 2 * half * ELEMENT;
        if (b == 0) {
            foldOnto(at, layer, b);
        } else if (b < NARROW_FACTORS) {
            long t = narrowTables + (long) b * NibbleTables.NARROW;
            TransformKernels.pairsTransposed(start, half, t);
        } else {
            long t = wideTables + (long) b * NibbleTables.WIDE;
            TransformKernels.widePairsTransposed(start, half, t);
        }
    }

    /** What is left of a butterfly whose factor is 0, or whose upper output is not wanted. */
    private static void foldOnto(long at, int layer, int b) {
        int half = 1 << layer;
        TransformKernels.addDown(at + b * 2 * half * ELEMENT, half, 2 * half, half);
    }

    /**
     * The change of basis of {@link NovelBasis#convert}: for m above 8 the first rounds, then each
     * block by itself, then places of blocks with one another; a block of 256 in the same manner
     * with 16 times 16.
     */
    private void convert(long at, int length) {
        for (int p = m - BLOCK_LOG - 1; p >= 0; p--) {
            addDown(at, BLOCK_LOG, p, size(), length);
        }
        for (int start = 0; start < length; start += BLOCK) {
            convertBlock(at + start * ELEMENT, Math.min(BLOCK, length - start));
        }
        int wholeBlocks = length <= BLOCK ? 0 : Math.ceilDiv(length, BLOCK) * BLOCK;
        for (NovelBasis.Step step : acrossBlocks) {
            int size = step.size() * BLOCK * step.stride();
            int shift = step.shift() * BLOCK * step.stride();
            for (int start = 0; start < size(); start += size) {
                int end = Math.min(start + size, wholeBlocks);
                TransformKernels.addDown(at, start + size / 2, end, shift);
            }
        }
    }

    private static void convertBlock(long at, int length) {
        for (int p = 3; p >= 0; p--) {
            addDown(at, 4, p, BLOCK, length);
        }
        for (int row = 0; row < length; row += 16) {
            TransformKernels.convert16(at + row * ELEMENT, ELEMENT, (int) ELEMENT);
        }
        TransformKernels.convert16(at, 16 * ELEMENT, 16 * (int) ELEMENT);
    }

    /** The round p of rewriting x^(2^i) as y + x. */
    private static void addDown(long at, int i, int p, int n, int length) {
        int size = 2 << i + p;
        int shift = (1 << i + p) - (1 << p);
        for (int start = 0; start < n; start += size) {
            int end = Math.min(start + size, length);
            TransformKernels.addDown(at, start + size / 2, end, shift);
        }
    }

    private void convertTransposed(long at, int count) {
        for (int k = acrossBlocks.size() - 1; k >= 0; k--) {
            NovelBasis.Step step = acrossBlocks.get(k);
            int size = step.size() * BLOCK * step.stride();
            int shift = step.shift() * BLOCK * step.stride();
            for (int start = 0; start < size(); start += size) {
                int end = Math.min(start + size, count);
                TransformKernels.addUp(at, start + size / 2, end, shift);
            }
        }
        for (int start = 0; start < count; start += BLOCK) {
            convertBlockTransposed(at + start * ELEMENT, Math.min(BLOCK, count - start));
        }
        for (int p = 0; p < m - BLOCK_LOG; p++) {
            addUp(at, BLOCK_LOG, p, size(), count);
        }
    }

    private static void convertBlockTransposed(long at, int count) {
        TransformKernels.convert16Transposed(at, 16 * ELEMENT, 16 * (int) ELEMENT);
        for (int row = 0; row < count; row += 16) {
            TransformKernels.convert16Transposed(at + row * ELEMENT, ELEMENT, (int) ELEMENT);
        }
        for (int p = 0; p <= 3; p++) {
            addUp(at, 4, p, BLOCK, count);
        }
    }

    private static void addUp(long at, int i, int p, int n, int count) {
        int size = 2 << i + p;
        int shift = (1 << i + p) - (1 << p);
        for (int start = 0; start < n; start += size) {
            int end = Math.min(start + size, count);
            TransformKernels.addUp(at, start + size / 2, end, shift);
        }
    }
}
