package net.spillway.fec;

import java.util.Arrays;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.gf.Gf16Matrix;
import net.spillway.fec.gf.Par2Constants;
import net.spillway.fec.gf.Vandermonde;
import net.spillway.fec.packet.Par2Exception;

/**
 * How lost slices follow from syndromes. The syndrome of an exponent is its recovery slice minus
 * what the slices at hand contributed, so it is the sum of lost slice × constant^exponent; the
 * matrix of those powers is inverted.
 *
 * @param missing indices of the lost slices
 * @param exponents the exponents used, as many as slices are lost
 * @param inverse row m gives lost slice m, column e the factor of the syndrome of exponent e
 */
record RepairMatrix(int[] missing, int[] exponents, char[][] inverse) {
    /** How many more recovery slices than are needed are tried where the first are singular. */
    private static final int MORE = 256;

    /**
     * Finds exponents that determine the lost slices. Consecutive ones always do, and are solved in
     * closed form. Usually the first ones do; some combinations are singular (constant ratios whose
     * order divides the difference of two exponents), then others are tried too.
     *
     * @param exponents those at hand, all different
     * @throws Par2Exception if no choice of exponents does
     */
    static RepairMatrix solve(int[] missing, int[] exponents, SliceEngine engine, int threads)
            throws Par2Exception {
        int m = missing.length;
        checkSize(m);
        int[] sorted = Arrays.stream(exponents).sorted().toArray();
        for (int i = 0; m > 0 && i + m <= sorted.length; i++) {
            if (sorted[i + m - 1] - sorted[i] == m - 1) {
                int[] run = Arrays.copyOfRange(sorted, i, i + m);
                int[] logs = Arrays.stream(missing).map(Par2Constants::log).toArray();
                return new RepairMatrix(missing, run, Vandermonde.inverse(logs, run[0]));
            }
        }
        if (exponents.length >= m) {
            int[] first = Arrays.copyOf(exponents, m);
            char[][] matrix = powers(missing, first);
            if (MatrixInverter.invert(matrix, engine, threads)) {
                return new RepairMatrix(missing, first, matrix);
            }
            int[] more = Arrays.copyOf(exponents, Math.min(exponents.length, m + MORE));
            var chosen = Gf16Matrix.independentRows(powers(missing, more), m);
            if (chosen.isPresent()) {
                int[] others = new int[m];
                for (int i = 0; i < m; i++) {
                    others[i] = more[chosen.get()[i]];
                }
                matrix = powers(missing, others);
                if (MatrixInverter.invert(matrix, engine, threads)) {
                    return new RepairMatrix(missing, others, matrix);
                }
            }
        }
        throw new Par2Exception(
                Par2Exception.Kind.NOT_RECOVERABLE,
                m + " slices are missing and the " + exponents.length
                        + " recovery slices at hand do not determine them; more are needed");
    }

    /** Two bytes for each factor: with tens of thousands of slices lost, that is gigabytes. */
    private static void checkSize(int m) throws Par2Exception {
        long bytes = 2L * m * m;
        if (bytes > Runtime.getRuntime().maxMemory() / 4) {
            throw new Par2Exception(
                    Par2Exception.Kind.BAD_REQUEST,
                    "solving for " + m + " lost slices takes " + bytes
                            + " bytes of memory; give the JVM four times that (-Xmx)");
        }
    }

    private static char[][] powers(int[] missing, int[] exponents) {
        char[][] matrix = new char[exponents.length][missing.length];
        for (int r = 0; r < exponents.length; r++) {
            for (int c = 0; c < missing.length; c++) {
                matrix[r][c] = Par2Constants.factor(missing[c], exponents[r]);
            }
        }
        return matrix;
    }
}
