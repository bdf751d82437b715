package net.spillway.fec.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;

/**
 * An accumulator whose work is shared out among threads: columns, so that each thread prepares
 * only its part of the inputs; or, where rows are many and short, rows, so that each thread
 * prepares only the tables of its own constants.
 */
public final class ParallelAccumulator implements Accumulator {
    /** To prepare a constant takes about as long as so many bytes of an input. */
    private static final int BYTES_OF_A_CONSTANT = 512;

    /** Parts begin at multiples of so many bytes. */
    private static final int ALIGN = 4096;

    private final ExecutorService executor;
    private final List<Accumulator> parts = new ArrayList<>();
    /** Where parts begin, in rows or in columns, and the end. */
    private final int[] first;
    private final boolean byColumns;
    private final int rows;
    private final int length;

    /**
     * @param executor runs the parts; stays the caller's to shut down
     * @param threads into how many parts to divide at most, at least 1
     */
    public ParallelAccumulator(
            SliceEngine engine, ExecutorService executor, int threads, int rows, int length) {
        SliceEngine.checkShape(rows, length);
        this.executor = executor;
        this.rows = rows;
        this.length = length;
        byColumns = length / BYTES_OF_A_CONSTANT > rows && length / ALIGN >= threads;
        int all = byColumns ? Math.ceilDiv(length, ALIGN) : rows;
        int n = Math.clamp(threads, 1, all);
        first = new int[n + 1];
        try {
            for (int i = 0; i < n; i++) {
                int end = (int) ((long) all * (i + 1) / n);
                first[i + 1] = byColumns ? Math.min(length, end * ALIGN) : end;
                int own = first[i + 1] - first[i];
                parts.add(byColumns
                        ? engine.accumulator(rows, own) : engine.accumulator(own, length));
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
            if (byColumns) {
                int from = offset + first[i];
                tasks.add(() -> part.add(inputs, from, count, factors));
            } else {
                char[][] own = columns(factors, count, first[i], first[i + 1]);
                tasks.add(() -> part.add(inputs, offset, count, own));
            }
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
        Accumulator.checkCopy(this, row, from, dst, dstOffset, len);
        copy(row, from, len, (part, own, at, done, n) ->
                part.read(own, at, dst, dstOffset + done, n));
    }

    @Override
    public void write(int row, int from, byte[] src, int srcOffset, int len) {
        Accumulator.checkCopy(this, row, from, src, srcOffset, len);
        copy(row, from, len, (part, own, at, done, n) ->
                part.write(own, at, src, srcOffset + done, n));
    }

    private interface Copy {
        /** Copies {@code n} bytes of a part's row, which are {@code done} bytes behind the first. */
        void copy(Accumulator part, int row, int from, int done, int n);
    }

    private void copy(int row, int from, int len, Copy copy) {
        if (!byColumns) {
            int part = part(row);
            copy.copy(parts.get(part), row - first[part], from, 0, len);
            return;
        }
        for (int done = 0, n; done < len; done += n) {
            int part = part(from + done);
            n = Math.min(len - done, first[part + 1] - from - done);
            copy.copy(parts.get(part), row, from + done - first[part], done, n);
        }
    }

    private int part(int at) {
        int found = Arrays.binarySearch(first, 0, parts.size(), at);
        return found >= 0 ? found : -found - 2;
    }

    @Override
    public void clear() {
        parts.forEach(Accumulator::clear);
    }

    @Override
    public void close() {
        parts.forEach(Accumulator::close);
        parts.clear();
    }
}
