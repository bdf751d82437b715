package net.spillway.fec.engine;

import java.lang.foreign.MemorySegment;

/**
 * Lost slices computed by transform from the syndromes of as many consecutive exponents. Several
 * threads may use one at the same time, for different columns.
 */
public interface SyndromeSolver extends AutoCloseable {
    /** Columns come in groups of this many bytes. */
    int COLUMNS = 128;

    /**
     * Replaces syndromes by lost slices: row r, which held that of the r-th exponent, holds the
     * r-th of the lost slices afterwards.
     *
     * @param rows off-heap; row r begins at r times {@code stride}
     * @param stride a multiple of {@value #COLUMNS}
     * @param groups how many groups of columns there are in a row
     */
    void solve(MemorySegment rows, long stride, int groups);

    /** Gives the memory back; nothing else may be called afterwards. */
    @Override
    void close();
}
