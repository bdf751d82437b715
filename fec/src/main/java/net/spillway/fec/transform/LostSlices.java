package net.spillway.fec.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.spillway.fec.gf.Gf16;
import net.spillway.fec.gf.Par2Constants;
import net.spillway.fec.gf.Vandermonde;

/**
 * What follows from which slices are lost, and from the first exponent of as many syndromes, for
 * {@link ScalarSolver}, where the formulas are derived. M is how many slices are lost.
 */
public final class LostSlices {
    private final int[] slices;
    private final int first;
    private final int[] locator;

    /**
     * Some lost slices of a class that lie near one another.
     *
     * @param start the place of the first of them
     * @param which their numbers among the lost slices, ascending
     * @param offsets their places, less {@code start}
     */
    public record Block(int start, int[] which, int[] offsets) {
        /** How many places there are from the first to the last of them. */
        public int span() {
            return offsets[offsets.length - 1] + 1;
        }
    }

    /**
     * Lost slices.
     *
     * @param slices their indices in the set, ascending, at least one
     * @param first the first of the M consecutive exponents
     */
    public LostSlices(int[] slices, int first) {
        this.slices = slices.clone();
        this.first = first;
        char[] product =
                Vandermonde.product(Arrays.stream(slices).map(Par2Constants::log).toArray());
        locator = new int[product.length];
        for (int j = 0; j < locator.length; j++) {
            locator[j] = product[product.length - 1 - j];
        }
    }

    /** How many they are. */
    public int count() {
        return slices.length;
    }

    /** The binary logarithm of the points that the product with the locator needs at least. */
    public static int productLog(int count) {
        return log(2 * count - 1);
    }

    /** The binary logarithm of the points that evaluating needs at least. */
    public static int valuesLog(int count) {
        return log(count);
    }

    private static int log(int points) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(points - 1);
    }

    /** How many places there are in a block of a transform of 2^{@code m} points. */
    public static int blockLength(int count, int m) {
        return (1 << m) - count + 1;
    }

    /** Divides the lost slices of a class into blocks of so many places. */
    public static List<Block> blocks(int[] slices, int cls, int length) {
        List<Block> blocks = new ArrayList<>();
        int[] which = new int[slices.length];
        int[] offsets = new int[slices.length];
        int n = 0;
        int start = 0;
        for (int i = 0; i < slices.length; i++) {
            if (Chirp.classOf(slices[i]) == cls) {
                int place = Chirp.place(slices[i]);
                if (n > 0 && place - start >= length) {
                    blocks.add(block(start, which, offsets, n));
                    n = 0;
                }
                start = n == 0 ? place : start;
                which[n] = i;
                offsets[n++] = place - start;
            }
        }
        if (n > 0) {
            blocks.add(block(start, which, offsets, n));
        }
        return blocks;
    }

    private static Block block(int start, int[] which, int[] offsets, int n) {
        return new Block(start, Arrays.copyOf(which, n), Arrays.copyOf(offsets, n));
    }

    /** These slices' blocks. */
    public List<Block> blocks(int cls, int length) {
        return blocks(slices, cls, length);
    }

    /**
     * The transformed locator: 2^{@code m} factors of the Hankel product that gives the numerator
     * from the syndromes in reverse order.
     */
    public int[] productSpectrum(int m) {
        int[] h = new int[1 << m];
        System.arraycopy(locator, 0, h, count() - 1, count());
        new AdditiveFft(m).evaluateTransposedInverse(h);
        return h;
    }

    /** What coefficient {@code t} of the numerator is multiplied by, to be evaluated. */
    public static int before(int cls, int t) {
        return Gf16.inverse(Chirp.after(cls, t));
    }

    /** The transformed chirp, 2^{@code m} factors, of a block that begins at {@code start}. */
    public static int[] valuesSpectrum(int m, int start) {
        int[] h = new int[1 << m];
        for (int j = 0; j < h.length; j++) {
            h[j] = Gf16.inverse(Chirp.kernel(start + j));
        }
        new AdditiveFft(m).evaluateTransposedInverse(h);
        return h;
    }

    /** What comes out for lost slice {@code i} is multiplied by this last. */
    public int after(int i) {
        int x = Par2Constants.constant(slices[i]);
        int derivative = Gf16.divide(derivative(Gf16.inverse(x)), x);
        return Gf16.inverse(Gf16.multiply(Chirp.before(slices[i], first), derivative));
    }

    /** The value of the locator's formal derivative, of which every other coefficient is 0. */
    private int derivative(int z) {
        int square = Gf16.multiply(z, z);
        int value = 0;
        for (int j = count() - 1 | 1; j > 0; j -= 2) {
            value = Gf16.multiply(value, square) ^ locator[j];
        }
        return value;
    }
}
