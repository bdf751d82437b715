package net.spillway.fec.engine;

import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** A way of computing linear combinations of slices over GF(2^16). Engines hold no state. */
public interface SliceEngine {
    /** A short name for messages and for the property {@code spillway.fec.engine}. */
    String name();

    /**
     * A fresh block of sums, all zero.
     *
     * @param rows how many sums, at least 1
     * @param length bytes in each, even, at least 2
     */
    Accumulator accumulator(int rows, int length);

    /** Whether {@link #transform} gives one. */
    default boolean hasTransform() {
        return false;
    }

    /**
     * A transform for recovery slices of these exponents, if this engine has one.
     *
     * @param exponents all different, 0..65534, at least one
     * @param length bytes of a recovery slice, even, at least 2
     * @param executor runs the work of several threads; stays the caller's to shut down
     * @param threads how many tasks the work is divided among, about; 1 for the caller's alone
     */
    default Optional<SliceTransform> transform(
            int[] exponents, int length, ExecutorService executor, int threads) {
        return Optional.empty();
    }

    /**
     * A solver for lost slices, if this engine has one.
     *
     * @param missing indices of the lost slices, ascending, at least one
     * @param first the first of as many consecutive exponents
     */
    default Optional<SyndromeSolver> solver(int[] missing, int first) {
        return Optional.empty();
    }

    /** Whether {@link #md5Lanes} gives some. */
    default boolean hasMd5Lanes() {
        return false;
    }

    /** MD5 of several messages at a time, if this engine has that; a fresh one each time. */
    default Optional<Md5Lanes> md5Lanes() {
        return Optional.empty();
    }

    /** Checks what every engine demands of {@link #accumulator}. */
    static void checkShape(int rows, int length) {
        if (rows < 1 || length < 2 || length % 2 != 0) {
            throw new IllegalArgumentException(
                    "an accumulator needs rows >= 1 and an even length >= 2, not "
                            + rows
                            + " and "
                            + length);
        }
    }
}
