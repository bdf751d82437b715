package net.spillway.fec.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;

/**
 * An accumulator whose rows are shared out among threads. Rows rather than columns, because then
 * each thread prepares only the tables of its own constants.
 */
public final class ParallelAccumulator implements Accumulator {
    private final ExecutorService executor;
    private final List<Accumulator> parts = new ArrayList<>();
    private final int[] firstRow;
    private final int rows;
    private final int length;

    /**
     * @param executor runs the parts; stays the caller's to shut down
     * @param threads into how many parts to divide, at least 1; never more than rows
     */
    public ParallelAccumulator(
            SliceEngine engine, ExecutorService executor, int threads, int rows, int length) {
        SliceEngine.checkShape(rows, length);
        this.executor = executor;
        this.rows = rows;
        this.length = length;
        int n = Math.max(1, Math.min(threads, rows));
        firstRow = new int[n + 1];
        try {
            for (int i = 0; i < n; i++) {
                firstRow[i + 1] = (int) ((long) rows * (i + 1) / n);
                parts.add(engine.accumulator(firstRow[i + 1] - firstRow[i], length));
            }
        } catch (OutOfMemoryError | RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void add(byte[][] inputs, int offset, int count, char[][] factors) {
        Accumulator.checkAdd(this, inputs, offset, count, factors);
        if (parts.size() == 1) {
            parts.getFirst().add(inputs, offset, count, factors);
            return;
        }
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Accumulator part = parts.get(i);
            char[][] own = columns(factors, count, firstRow[i], firstRow[i + 1]);
            tasks.add(() -> part.add(inputs, offset, count, own));
        }
        Tasks.runAll(executor, tasks);
    }

    private static char[][] columns(char[][] factors, int count, int from, int to) {
        char[][] own = new char[count][];
        for (int i = 0; i < count; i++) {
            own[i] = Arrays.copyOfRange(factors[i], from, to);
        }
        return own;
    }

    @Override
    public void read(int row, int from, byte[] dst, int dstOffset, int len) {
        int part = part(row);
        parts.get(part).read(row - firstRow[part], from, dst, dstOffset, len);
    }

    @Override
    public void write(int row, int from, byte[] src, int srcOffset, int len) {
        int part = part(row);
        parts.get(part).write(row - firstRow[part], from, src, srcOffset, len);
    }

    private int part(int row) {
        int found = Arrays.binarySearch(firstRow, 0, parts.size(), row);
        return found >= 0 ? found : -found - 2;
    }

    @Override
    public void close() {
        parts.forEach(Accumulator::close);
        parts.clear();
    }
}
