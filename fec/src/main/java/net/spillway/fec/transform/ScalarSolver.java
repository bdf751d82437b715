package net.spillway.fec.transform;

import net.spillway.fec.gf.Gf16;

/**
 * Lost words from the syndromes of consecutive exponents by transform: the specification of the
 * vector version.
 *
 * <p>Let x_i be the constants of the M lost slices, d_i their words, and S_j, for j from 0 to M-1,
 * the syndrome of exponent first + j: the sum over i of D_i·x_i^j, where D_i = d_i·x_i^first. As
 * power series, the sum over j of S_j·z^j begins like the sum over i of D_i / (1 + x_i·z). The
 * locator L(z) is the product of all (1 + x_i·z). Multiplied by it, the fractions become
 *
 * <pre>
 *  numerator  W(z) = sum of D_i · product of all (1 + x_l·z) with l ≠ i
 * </pre>
 *
 * of degree below M: the first M coefficients of the product of S and L. At z = 1/x_i all of its
 * terms but one vanish, so that (Forney)
 *
 * <pre>
 *  D_i = W(1/x_i) / product of all (1 + x_l/x_i) with l ≠ i = W(1/x_i) · x_i / L'(1/x_i)
 * </pre>
 *
 * since the formal derivative of L is the sum of x_i · product of all (1 + x_l·z) with l ≠ i.
 *
 * <p>Both steps are Hankel products, as {@link ScalarTransform} computes them. W_t is the sum over
 * u of S_(M-1-u) · L_(t+u-(M-1)), where L_j is 0 for j below 0: of u and t only their sum counts.
 * And W(2^-k) is the sum over t of W_t·2^-kt, which is what an encoder does but for two things: all
 * powers are inverted, and it goes from few consecutive exponents to slices that are anywhere, not
 * from those to these. Hence the factors are those of {@link Chirp} inverted, and the blocks of
 * places are on the other side: all of them share the first step, and those without any lost slice
 * are left out.
 */
public final class ScalarSolver {
    private final LostSlices lost;
    private final int productLog;
    private final int valuesLog;

    /**
     * A solver.
     *
     * @param productLog binary logarithm of the points for the product, at least {@link
     *     LostSlices#productLog}
     * @param valuesLog binary logarithm of the points for the values, at least {@link
     *     LostSlices#valuesLog}
     */
    public ScalarSolver(LostSlices lost, int productLog, int valuesLog) {
        if (productLog < LostSlices.productLog(lost.count())
                || valuesLog < LostSlices.valuesLog(lost.count())) {
            throw new IllegalArgumentException(
                    "transforms of 2^" + productLog + " and 2^" + valuesLog
                            + " points are too short for " + lost.count() + " lost slices");
        }
        this.lost = lost;
        this.productLog = productLog;
        this.valuesLog = valuesLog;
    }

    /** The lost words, in the order of the slices, from the syndromes in that of the exponents. */
    public int[] solve(int[] syndromes) {
        int[] numerator = numerator(syndromes);
        int[] words = new int[lost.count()];
        for (int cls = 0; cls < Chirp.CLASSES; cls++) {
            int[] values = new int[1 << valuesLog];
            for (int t = 0; t < lost.count(); t++) {
                values[t] = Gf16.multiply(LostSlices.before(cls, t), numerator[t]);
            }
            new AdditiveFft(valuesLog).evaluate(values);
            int length = LostSlices.blockLength(lost.count(), valuesLog);
            for (LostSlices.Block block : lost.blocks(cls, length)) {
                evaluate(block, values, words);
            }
        }
        return words;
    }

    private int[] numerator(int[] syndromes) {
        int[] w = new int[1 << productLog];
        for (int j = 0; j < lost.count(); j++) {
            w[lost.count() - 1 - j] = syndromes[j];
        }
        AdditiveFft fft = new AdditiveFft(productLog);
        fft.evaluate(w);
        multiply(w, lost.productSpectrum(productLog));
        fft.evaluateTransposed(w);
        return w;
    }

    private void evaluate(LostSlices.Block block, int[] values, int[] words) {
        int[] w = values.clone();
        multiply(w, LostSlices.valuesSpectrum(valuesLog, block.start()));
        new AdditiveFft(valuesLog).evaluateTransposed(w);
        for (int i = 0; i < block.which().length; i++) {
            int which = block.which()[i];
            words[which] = Gf16.multiply(lost.after(which), w[block.offsets()[i]]);
        }
    }

    private static void multiply(int[] w, int[] factors) {
        for (int j = 0; j < w.length; j++) {
            w[j] = Gf16.multiply(w[j], factors[j]);
        }
    }
}
