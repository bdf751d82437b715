package net.spillway.fec;

import java.util.Arrays;
import java.util.Optional;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.gf.Par2Constants;
import net.spillway.fec.gf.Vandermonde;
import net.spillway.fec.packet.Par2Exception;

/** Inverses of the matrix of powers constant^exponent of lost slices and exponents. */
final class InverseMatrix {
    /** How many more recovery slices than are needed are tried at least if the first do not do. */
    private static final int MORE = 256;

    /** Multiplications that are always allowed: some seconds' work. */
    private static final double LEAST_WORK = 0x1p36;

    /** Multiplications that are allowed for each byte that is lost. */
    private static final double WORK_FOR_A_BYTE = 0x1p14;

    private InverseMatrix() {}

    /** For consecutive exponents. */
    static Solution.ByMatrix closedForm(int[] missing, int[] run) throws Par2Exception {
        checkMemory(missing.length);
        int[] logs = Arrays.stream(missing).map(Par2Constants::log).toArray();
        return new Solution.ByMatrix(missing, run, Vandermonde.inverse(logs, run[0]));
    }

    /**
     * For any exponents, by Gauss-Jordan elimination.
     *
     * @param exponents at least as many as slices are missing; the first that do are used
     */
    static Solution.ByMatrix eliminate(
            int[] missing, int[] exponents, long sliceSize, SliceEngine engine, int threads)
            throws Par2Exception {
        int m = missing.length;
        checkMemory(m);
        checkWork(m, sliceSize);
        int[] first = Arrays.copyOf(exponents, m);
        char[][] matrix = powers(missing, first);
        if (MatrixInverter.invert(matrix, engine, threads)) {
            return new Solution.ByMatrix(missing, first, matrix);
        }
        int most = (int) Math.min(exponents.length, m + (long) Math.max(MORE, m));
        Optional<MatrixInverter.Chosen> chosen =
                MatrixInverter.invertSome(
                        powers(missing, Arrays.copyOf(exponents, most)), engine, threads);
        return chosen.map(c -> solution(missing, exponents, c))
                .orElseThrow(() -> Solution.undetermined(m, exponents.length));
    }

    private static Solution.ByMatrix solution(
            int[] missing, int[] exponents, MatrixInverter.Chosen chosen) {
        int[] used = Arrays.stream(chosen.rows()).map(row -> exponents[row]).toArray();
        return new Solution.ByMatrix(missing, used, chosen.inverse());
    }

    private static void checkMemory(int m) throws Par2Exception {
        if (!Solution.matrixFits(m)) {
            throw new Par2Exception(
                    Par2Exception.Kind.BAD_REQUEST,
                    "solving for " + m + " lost slices takes " + 2L * m * m
                            + " bytes of memory; give the JVM four times that (-Xmx)");
        }
    }

    /** Thousands of tiny slices at scattered exponents would cost minutes for a few kilobytes. */
    private static void checkWork(int m, long sliceSize) throws Par2Exception {
        double work = (double) m * m * m;
        if (work > LEAST_WORK + WORK_FOR_A_BYTE * m * sliceSize) {
            throw new Par2Exception(
                    Par2Exception.Kind.BAD_REQUEST,
                    "solving for " + m + " lost slices of only " + sliceSize
                            + " bytes takes too much work with recovery slices whose exponents"
                            + " have gaps; add the volumes that fill the gaps, since " + m
                            + " consecutive ones are solved at once");
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
