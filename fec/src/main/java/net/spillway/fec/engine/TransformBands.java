package net.spillway.fec.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.spillway.fec.transform.Chirp;
import net.spillway.fec.transform.ScalarTransform;

/**
 * How exponents are shared out among transforms, each of which gives a run of consecutive ones, and
 * what that costs compared with computing directly. No data is looked at.
 *
 * <p>Costs count as one the multiplication of an element (64 words) in {@link VectorKernels}, about
 * 3.5 ns with vectors of 512 bits, 4.9 with 256 and 7.2 with 128. The other costs were measured
 * beside it on the same machine, from 256 to 4096 points: these are right to a fifth for all three.
 */
public final class TransformBands {
    /**
     * Consecutive exponents for one transform, though not all need be wanted.
     *
     * @param first the first exponent
     * @param span up to the last one
     * @param m binary logarithm of the points of the transform
     * @param rows which rows are wanted
     * @param offsets the exponents of these rows, less the first one
     */
    record Band(int first, int span, int m, int[] rows, int[] offsets) {
        /** Places of slices that a block of the transform takes. */
        int blockLength() {
            return ScalarTransform.blockLength(1 << m, span);
        }
    }

    /** A transform of more points does not pay: its elements would not stay in the L2 cache. */
    private static final int MOST_POINTS_LOG = 14;

    /** How full of results a transform is at most: the rest is room for a block of slices. */
    private static final double FULL = 0.6;

    /** Of the places in a block this many are slices': those not divisible by 5, 17 or 257. */
    private static final double DENSITY = 0.8 * 16 / 17 * 256 / 257;

    private final List<Band> bands = new ArrayList<>();
    private final int rows;

    /** Divides exponents, all different and 0..65534, into bands. */
    public TransformBands(int[] exponents) {
        rows = exponents.length;
        int[] byExponent =
                IntStream.range(0, rows)
                        .boxed()
                        .sorted((a, b) -> Integer.compare(exponents[a], exponents[b]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        for (int from = 0; from < rows; ) {
            int to = from + 1;
            while (to < rows && fits(exponents, byExponent, from, to)) {
                to++;
            }
            int first = exponents[byExponent[from]];
            int span = exponents[byExponent[to - 1]] - first + 1;
            int[] own = Arrays.copyOfRange(byExponent, from, to);
            int[] offsets = Arrays.stream(own).map(row -> exponents[row] - first).toArray();
            bands.add(new Band(first, span, pointsLog(span), own, offsets));
            from = to;
        }
    }

    /** Whether the next exponent is better in this band than in one of its own. */
    private static boolean fits(int[] exponents, int[] byExponent, int from, int to) {
        int first = exponents[byExponent[from]];
        int span = exponents[byExponent[to]] - first + 1;
        if (span > FULL * (1 << MOST_POINTS_LOG)) {
            return false;
        }
        int spanNow = exponents[byExponent[to - 1]] - first + 1;
        return span == spanNow + 1 || perSlice(span) <= perSlice(spanNow) + perSlice(1);
    }

    private static int pointsLog(int span) {
        int m = VectorFft.BLOCK_LOG;
        while (span > FULL * (1 << m)) {
            m++;
        }
        return m;
    }

    /** Cost for a slice among many. */
    private static double perSlice(int span) {
        int m = pointsLog(span);
        double slices = ScalarTransform.blockLength(1 << m, span) * DENSITY;
        return perBlock(m) / slices;
    }

    private static double perBlock(int m) {
        return (1 << m) * (2.2 + 0.45 * m) * outOfCache(m);
    }

    /** The more points, the more of them lie in slower caches. */
    private static double outOfCache(int m) {
        return 0.96 + 0.15 * (m - VectorFft.BLOCK_LOG);
    }

    List<Band> bands() {
        return bands;
    }

    /** About how many slices in sequence fill a block in all bands. */
    public int slicesPerBlock() {
        int places = bands.stream().mapToInt(Band::blockLength).max().orElse(1);
        return Math.max(1, (int) (places * DENSITY * Chirp.CLASSES));
    }

    /** Cost of an element of {@code count} slices in sequence. */
    public double transformCost(int count) {
        double cost = 0;
        for (Band band : bands) {
            double places = count / (DENSITY * Chirp.CLASSES);
            double blocks = Math.max(1, Math.ceil(places / band.blockLength()));
            double back = 4.3 * (1 << band.m()) * outOfCache(band.m()) + 6.0 * band.rows().length;
            cost += 12.0 * count + Chirp.CLASSES * (blocks * perBlock(band.m()) + back);
        }
        return cost;
    }

    /** Cost of an element of {@code count} slices without transform. */
    public double directCost(int count) {
        return (double) rows * count;
    }
}
