package net.spillway.fec.transform;

import net.spillway.fec.gf.Gf16;

/**
 * Values of a polynomial of degree below n = 2^m at the n points whose Cantor coordinates are 0 ..
 * n-1, by m layers of n/2 butterflies, and the transposed map.
 *
 * <p>In the basis of {@link NovelBasis} a polynomial is u + F_i·v with u and v of half its length.
 * On the points with coordinates b·2^(i+1) + 0 .. 2^(i+1)-1, F_i takes two values only: t on the
 * lower half and t + 1 on the upper one, where t has the coordinates 2b. So u + t·v is to be
 * evaluated on the lower half and that plus v on the upper one. Most t of a short transform lie in
 * GF(2^8), where multiplying is cheap.
 */
public final class AdditiveFft {
    private final int m;
    private final NovelBasis basis;

    /** The transform of 2^{@code m} coefficients, m from 0 to 16. */
    public AdditiveFft(int m) {
        this.m = m;
        basis = new NovelBasis(m);
    }

    /** The factor t of the butterflies in layer {@code layer} that begin at {@code place}. */
    public static int twiddle(int layer, int place) {
        return CantorBasis.element(place >> layer);
    }

    /** From coefficients of powers to values, in place. */
    public void evaluate(int[] f) {
        basis.convert(f);
        for (int layer = m - 1; layer >= 0; layer--) {
            int half = 1 << layer;
            for (int j = 0; j < f.length; j++) {
                if ((j & half) == 0) {
                    f[j] ^= Gf16.multiply(twiddle(layer, j & -2 * half), f[j + half]);
                    f[j + half] ^= f[j];
                }
            }
        }
    }

    /** The transpose of {@link #evaluate}. */
    public void evaluateTransposed(int[] f) {
        for (int layer = 0; layer < m; layer++) {
            int half = 1 << layer;
            for (int j = 0; j < f.length; j++) {
                if ((j & half) == 0) {
                    f[j] ^= f[j + half];
                    f[j + half] ^= Gf16.multiply(twiddle(layer, j & -2 * half), f[j]);
                }
            }
        }
        basis.convertTransposed(f);
    }

    /** The inverse of {@link #evaluateTransposed}. */
    public void evaluateTransposedInverse(int[] f) {
        basis.convertTransposedInverse(f);
        for (int layer = m - 1; layer >= 0; layer--) {
            int half = 1 << layer;
            for (int j = 0; j < f.length; j++) {
                if ((j & half) == 0) {
                    f[j + half] ^= Gf16.multiply(twiddle(layer, j & -2 * half), f[j]);
                    f[j] ^= f[j + half];
                }
            }
        }
    }
}
