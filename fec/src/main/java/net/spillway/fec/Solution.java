package net.spillway.fec;

import java.util.Arrays;
import java.util.Optional;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.engine.SolverPlan;
import net.spillway.fec.engine.SyndromeSolver;
import net.spillway.fec.packet.Par2Exception;

/**
 * How lost slices follow from syndromes. The syndrome of an exponent is its recovery slice minus
 * what the slices at hand contributed, so it is the sum of lost slice × constant^exponent.
 */
sealed interface Solution {
    /** Seconds that a matrix takes for an element, see {@link SolverPlan}. */
    double SECONDS = 3.5e-9;

    /** Until the loops of the transform are compiled, beyond what the syndromes made of that. */
    WarmUp WARM_UP = new WarmUp(0.5);

    /** Indices of the lost slices, ascending. */
    int[] missing();

    /** The exponents used, as many as slices are lost. */
    int[] exponents();

    /**
     * Multiplication by the inverse of the matrix of powers.
     *
     * @param inverse row m gives lost slice m, column e the factor of the syndrome of exponent e
     */
    record ByMatrix(int[] missing, int[] exponents, char[][] inverse) implements Solution {}

    /** {@link SyndromeSolver}: the exponents are consecutive. */
    record ByTransform(int[] missing, int[] exponents) implements Solution {}

    /**
     * Finds exponents that determine the lost slices. Consecutive ones always do: they are solved
     * by transform, or by an inverse in closed form if few slices are lost. Of others usually the
     * first ones do; some combinations are singular (constant ratios whose order divides the
     * difference of two exponents), then more of them are looked at.
     *
     * @param exponents those at hand, all different
     * @param sliceSize bytes of a slice
     * @throws Par2Exception if no choice of exponents does, or if finding out would take more
     *     memory or work than is reasonable
     */
    static Solution find(
            int[] missing, int[] exponents, long sliceSize, SliceEngine engine, int threads)
            throws Par2Exception {
        int m = missing.length;
        if (m == 0) {
            return new ByMatrix(missing, missing, new char[0][]);
        }
        if (m > exponents.length) {
            throw undetermined(m, exponents.length);
        }
        Optional<int[]> run = consecutive(exponents, m);
        if (run.isEmpty()) {
            return InverseMatrix.eliminate(missing, exponents, sliceSize, engine, threads);
        }
        if (engine.hasTransform() && (transformPays(missing, sliceSize) || !matrixFits(m))) {
            return new ByTransform(missing, run.get());
        }
        return InverseMatrix.closedForm(missing, run.get());
    }

    private static boolean transformPays(int[] missing, long sliceSize) {
        SolverPlan plan = new SolverPlan(missing);
        double elements = (double) sliceSize / SyndromeSolver.COLUMNS;
        return WARM_UP.pays((plan.directCost() - plan.transformCost()) * elements * SECONDS);
    }

    /** The lowest run of {@code m} consecutive exponents, if there is one. */
    static Optional<int[]> consecutive(int[] exponents, int m) {
        int[] sorted = Arrays.stream(exponents).sorted().toArray();
        for (int i = 0; i + m <= sorted.length; i++) {
            if (sorted[i + m - 1] - sorted[i] == m - 1) {
                return Optional.of(Arrays.copyOfRange(sorted, i, i + m));
            }
        }
        return Optional.empty();
    }

    /** Two bytes for each factor: with tens of thousands of slices lost, that is gigabytes. */
    static boolean matrixFits(int m) {
        return 2L * m * m <= Runtime.getRuntime().maxMemory() / 4;
    }

    /** The failure of recovery slices that do not suffice. */
    static Par2Exception undetermined(int m, int atHand) {
        return new Par2Exception(
                Par2Exception.Kind.NOT_RECOVERABLE,
                m + " slices are missing and the " + atHand
                        + " recovery slices at hand do not determine them; more are needed");
    }
}
