package net.spillway.fec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import net.spillway.fec.engine.SliceEngine;
import net.spillway.fec.engine.SliceTransform;
import net.spillway.fec.engine.TransformBands;
import net.spillway.fec.gf.Par2Constants;

/**
 * Recovery slices of all slices of a set, some columns at a time: by transform if that is cheaper,
 * else directly. For one thread at a time, which has its crew help.
 */
final class ColumnSums implements AutoCloseable {
    private final SliceEngine engine;
    private final Crew crew;
    private final int[] exponents;
    private final int columns;
    private final int[] slices;
    private final double cost;
    private final SliceTransform transform;
    private BatchedSums direct;

    /**
     * @param exponents of the recovery slices, all different
     * @param columns bytes of a slice at a time
     * @param slices how many slices there are
     * @param times how often that will be done
     */
    ColumnSums(
            SliceEngine engine, Crew crew, int[] exponents, int columns, int slices, int times) {
        this.engine = engine;
        this.crew = crew;
        this.exponents = exponents;
        this.columns = columns;
        this.slices = IntStream.range(0, slices).toArray();
        TransformBands bands = new TransformBands(exponents);
        boolean transforms =
                engine.hasTransform()
                        && SliceSums.transformPays(bands, slices, (double) columns * times);
        cost = (transforms ? bands.transformCost(slices) : bands.directCost(slices)) / slices;
        transform =
                transforms
                        ? engine.transform(exponents, columns, crew.executor(), crew.threads())
                                .orElseThrow()
                        : null;
        if (transforms) {
            transform.prepareAside();
        }
    }

    /** Columns of a slice that ought to lie together in {@link SliceRows}. */
    int tile() {
        return transform == null ? columns : transform.tile();
    }

    /** What it takes to add a byte of a slice, as many times as to add it to one sum directly. */
    double cost() {
        return cost;
    }

    /**
     * Computes the sums of these rows, those of before forgotten.
     *
     * @param added told how many bytes of slices have been added, by several threads at a time
     */
    void compute(SliceRows rows, LongConsumer added) {
        if (transform != null) {
            transform.reset();
            transform.onAdded(added);
            transform.add(slices, rows, slices.length);
            return;
        }
        closeDirect();
        direct =
                new BatchedSums(
                        engine, crew.executor(), crew.threads(), exponents.length, columns);
        for (int slice : slices) {
            direct.add(rows.memory(slice), rows.at(slice, 0), columns, factors(slice));
            added.accept(columns);
        }
        direct.flush();
    }

    private char[] factors(int slice) {
        char[] factors = new char[exponents.length];
        for (int r = 0; r < factors.length; r++) {
            factors[r] = Par2Constants.factor(slice, exponents[r]);
        }
        return factors;
    }

    /**
     * Copies bytes of a sum out; several threads may do so.
     *
     * @param from first byte in the row, even
     * @param len number of bytes, even
     */
    void read(int row, int from, MemorySegment dst, long at, int len) {
        if (transform != null) {
            transform.read(row, from, dst, at, len);
            return;
        }
        byte[] bytes = new byte[len];
        synchronized (this) {
            direct.read(row, from, bytes, 0, len);
        }
        MemorySegment.copy(bytes, 0, dst, ValueLayout.JAVA_BYTE, at, len);
    }

    private void closeDirect() {
        if (direct != null) {
            direct.close();
            direct = null;
        }
    }

    @Override
    public void close() {
        if (transform != null) {
            transform.close();
        }
        closeDirect();
    }
}
