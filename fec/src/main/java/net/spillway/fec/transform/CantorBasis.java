package net.spillway.fec.transform;

import net.spillway.fec.gf.Gf16;

/**
 * Cantor's basis of GF(2^16) over GF(2): b_0 = 1 and b_(i+1)^2 + b_(i+1) = b_i.
 *
 * <p>With F(x) = x^2 + x, applied i times, F_i(x) vanishes exactly on the span of b_0 .. b_(i-1),
 * and F_i(b_j) = b_(j-i). So the polynomial that vanishes on a subspace is the same for all points
 * but for a shift of the index, has coefficients 0 and 1 only, and for i a power of two is merely
 * x^(2^i) + x, since F = Frobenius + 1 and binomials C(2^k, j) are even in between.
 *
 * <p>Where to start: F applied 15 times is the trace, all C(15, j) being odd; so the chain comes
 * down to 1 from any element of trace 1. b_0 .. b_7 span GF(2^8), the zeros of F_8.
 */
public final class CantorBasis {
    private static final char[] ELEMENTS = new char[65536];

    static {
        int b = 1;
        while (trace(b) != 1) {
            b++;
        }
        for (int i = 15; i >= 0; i--) {
            ELEMENTS[1 << i] = (char) b;
            b ^= Gf16.multiply(b, b);
        }
        for (int j = 1; j < 65536; j++) {
            int top = Integer.highestOneBit(j);
            ELEMENTS[j] = (char) (ELEMENTS[top] ^ ELEMENTS[j ^ top]);
        }
    }

    private CantorBasis() {}

    private static int trace(int x) {
        int sum = 0;
        int power = x;
        for (int i = 0; i < 16; i++) {
            sum ^= power;
            power = Gf16.multiply(power, power);
        }
        return sum;
    }

    /** The sum of those b_i whose bit i is set in {@code coordinates}, 0..65535. */
    public static int element(int coordinates) {
        return ELEMENTS[coordinates];
    }
}
