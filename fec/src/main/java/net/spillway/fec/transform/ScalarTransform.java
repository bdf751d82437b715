package net.spillway.fec.transform;

import net.spillway.fec.gf.Gf16;

/**
 * Recovery words of consecutive exponents by transform: the specification of the vector version.
 *
 * <p>Let E map n coefficients to values at n points, and let f and g be polynomials whose product
 * fg has a degree below n. Then E(fg) is the product of E(f) and E(g), point by point, so the sum
 * over t and e of f_e * g_t * h(t + e), which is the sum of all h(j) * (fg)_j, is f^T * E^T *
 * diag(E^-T h) * E * g. As that holds for every f, the Hankel product x_e, the sum over t of g_t *
 * h(t + e), is E^T * diag(E^-T h) * E * g. Blocks of a class share the last step.
 */
public final class ScalarTransform {
    private final int first;
    private final int count;
    private final int n;
    private final AdditiveFft fft;

    /**
     * @param first the first exponent
     * @param count how many exponents, at most 2^{@code m}
     * @param m binary logarithm of the points of the transform, 0..16
     */
    public ScalarTransform(int first, int count, int m) {
        n = 1 << m;
        if (count < 1 || count > n) {
            throw new IllegalArgumentException(
                    "a transform of " + n + " points gives 1 to " + n + " words, not " + count);
        }
        this.first = first;
        this.count = count;
        fft = new AdditiveFft(m);
    }

    /** How many places go into a block of a transform of n points for {@code count} exponents. */
    public static int blockLength(int n, int count) {
        return n - count + 1;
    }

    /** The transformed chirp, n factors, of the block that begins at place {@code start}. */
    public static int[] spectrum(int m, int start) {
        int[] h = new int[1 << m];
        for (int j = 0; j < h.length; j++) {
            h[j] = Chirp.kernel(start + j);
        }
        new AdditiveFft(m).evaluateTransposedInverse(h);
        return h;
    }

    /** The recovery words of {@code words[i]}, which belong to slices i; any number of them. */
    public int[] encode(int[] words) {
        int[] result = new int[count];
        for (int cls = 0; cls < Chirp.CLASSES; cls++) {
            int[] sums = sums(words, cls);
            fft.evaluateTransposed(sums);
            for (int e = 0; e < count; e++) {
                result[e] ^= Gf16.multiply(Chirp.after(cls, e), sums[e]);
            }
        }
        return result;
    }

    private int[] sums(int[] words, int cls) {
        int[] sums = new int[n];
        int length = blockLength(n, count);
        int places = words.length == 0 ? 0 : Chirp.place(words.length - 1) + 1;
        for (int start = 0; start < places; start += length) {
            int[] block = block(words, cls, start, start + length);
            fft.evaluate(block);
            int[] spectrum = spectrum(Integer.numberOfTrailingZeros(n), start);
            for (int j = 0; j < n; j++) {
                sums[j] ^= Gf16.multiply(spectrum[j], block[j]);
            }
        }
        return sums;
    }

    private int[] block(int[] words, int cls, int start, int end) {
        int[] block = new int[n];
        for (int slice = 0; slice < words.length; slice++) {
            int place = Chirp.place(slice);
            if (Chirp.classOf(slice) == cls && place >= start && place < end) {
                block[place - start] = Gf16.multiply(Chirp.before(slice, first), words[slice]);
            }
        }
        return block;
    }
}
