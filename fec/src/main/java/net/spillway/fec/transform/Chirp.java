package net.spillway.fec.transform;

import net.spillway.fec.gf.Gf16;
import net.spillway.fec.gf.Par2Constants;

/**
 * Bluestein's chirp: powers 2^(k·e) of a sum over k become products with a function of k + e alone,
 * so that the sum is a product with a Hankel matrix.
 *
 * <p>With binomials, m·e = C(m+e, 2) - C(m, 2) - C(e, 2), so no square root of 2 is needed. PAR2
 * leaves out every k divisible by 3, 5, 17 or 257, about half of them. Cut into the classes k = 3m
 * + c with c = 1, 2, three quarters of the places m are taken instead. Then, with 8 = 2^3,
 *
 * <pre>
 *  2^(k·(first + e)) = 2^(k·first)·8^-C(m,2)  ·  8^C(m+e,2)  ·  2^(c·e)·8^-C(e,2)
 *                      {@link #before}             {@link #kernel}       {@link #after}
 * </pre>
 */
public final class Chirp {
    /** How many classes: c = 1 and c = 2; numbered 0 and 1. */
    public static final int CLASSES = 2;

    private static final int STEP = 3;

    private Chirp() {}

    /** The class, 0 or 1, of slice {@code slice}. */
    public static int classOf(int slice) {
        return Par2Constants.log(slice) % STEP - 1;
    }

    /** The place m of a slice in its class, 0..21844; grows with the slice. */
    public static int place(int slice) {
        return Par2Constants.log(slice) / STEP;
    }

    /** What words of a slice are multiplied by first, for exponents from {@code first} on. */
    public static int before(int slice, int first) {
        long k = Par2Constants.log(slice);
        return exp(k * first - STEP * pairs(place(slice)));
    }

    /** The chirp itself at {@code j} = m + e. */
    public static int kernel(int j) {
        return exp(STEP * pairs(j));
    }

    /** What sum {@code e} of a class is multiplied by last. */
    public static int after(int cls, int e) {
        return exp((cls + 1L) * e - STEP * pairs(e));
    }

    private static long pairs(long n) {
        return n * (n - 1) / 2;
    }

    private static int exp(long exponent) {
        return Gf16.exp(Math.floorMod(exponent, (long) Gf16.ORDER));
    }
}
