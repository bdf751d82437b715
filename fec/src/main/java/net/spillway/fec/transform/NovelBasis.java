package net.spillway.fec.transform;

import java.util.ArrayList;
import java.util.List;

/**
 * Coefficients of a polynomial of degree below 2^m, rewritten from powers of x to the basis of Lin,
 * Chung and Han: X_j is the product of those F_i (see {@link CantorBasis}) whose bit i is set in j.
 * Only additions are needed.
 *
 * <p>Let i be the largest power of two below m, and y = F_i(x) = x^(2^i) + x. A polynomial in x
 * becomes one in y whose coefficients are polynomials in x of degree below 2^i, by replacing
 * x^(2^(i+p)) by y^(2^p) + x^(2^p) for p from the highest on: the upper half of each block of
 * 2^(i+p+1) coefficients is added 2^(i+p) - 2^p places lower. Then the coefficients, and the
 * polynomial in y, are treated alike.
 */
public final class NovelBasis {
    /**
     * One round of additions: in each block of {@code size} places, contents of the upper half are
     * added {@code shift} places lower, from the last place down to the first. A place is {@code
     * stride} consecutive coefficients.
     */
    public record Step(int size, int shift, int stride) {}

    private final List<Step> steps = new ArrayList<>();

    /** The conversion for 2^{@code m} coefficients, m from 0 to 16. */
    public NovelBasis(int m) {
        addSteps(m, 1);
    }

    private void addSteps(int m, int stride) {
        if (m <= 1) {
            return;
        }
        int i = Integer.highestOneBit(m - 1);
        for (int p = m - i - 1; p >= 0; p--) {
            steps.add(new Step(2 << i + p, (1 << i + p) - (1 << p), stride));
        }
        addSteps(i, stride);
        addSteps(m - i, stride << i);
    }

    /** The rounds in their order. */
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /** From coefficients of powers to coefficients of the X_j, in place. */
    public void convert(int[] f) {
        for (Step s : steps) {
            for (int j = f.length - 1; j >= 0; j--) {
                if (isUpper(j, s)) {
                    f[j - s.shift * s.stride] ^= f[j];
                }
            }
        }
    }

    /** The transpose of {@link #convert}: every addition goes the other way, last ones first. */
    public void convertTransposed(int[] f) {
        for (int k = steps.size() - 1; k >= 0; k--) {
            Step s = steps.get(k);
            for (int j = 0; j < f.length; j++) {
                if (isUpper(j, s)) {
                    f[j] ^= f[j - s.shift * s.stride];
                }
            }
        }
    }

    /** The inverse of {@link #convertTransposed}. */
    public void convertTransposedInverse(int[] f) {
        for (Step s : steps) {
            for (int j = f.length - 1; j >= 0; j--) {
                if (isUpper(j, s)) {
                    f[j] ^= f[j - s.shift * s.stride];
                }
            }
        }
    }

    private static boolean isUpper(int j, Step s) {
        return (j / s.stride & s.size / 2) != 0;
    }
}
