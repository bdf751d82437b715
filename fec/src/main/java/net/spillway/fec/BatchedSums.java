package net.spillway.fec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.spillway.fec.engine.ParallelAccumulator;
import net.spillway.fec.engine.SliceEngine;

/**
 * Sums of multiples of slices that come one by one: gathers a few, then has the engine add them at
 * once on all threads, since passing over the sums is what costs. Not thread-safe.
 */
final class BatchedSums implements AutoCloseable {
    /** Inputs added at once. */
    static final int MAX_BATCH = 30;

    /** Inputs waiting take no more than this, unless a single one does. */
    private static final long MAX_BATCH_BYTES = 32L << 20;

    /** Null if it is the caller's. */
    private final ExecutorService own;
    private final ParallelAccumulator sums;
    private final byte[][] batch;
    private final char[][] factors;
    private int waiting;

    BatchedSums(SliceEngine engine, int threads, int rows, int length) {
        own =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().daemon().name("parity-", 0).factory());
        try {
            sums = new ParallelAccumulator(engine, own, threads, rows, length);
        } catch (OutOfMemoryError | RuntimeException e) {
            own.shutdown();
            throw e;
        }
        int n = batchOf(length);
        batch = new byte[n][];
        factors = new char[n][];
    }

    /** The same on threads of the caller's, of which there may be none if one is to work. */
    BatchedSums(
            SliceEngine engine, ExecutorService executor, int threads, int rows, int length) {
        own = null;
        sums = new ParallelAccumulator(engine, executor, threads, rows, length);
        int n = batchOf(length);
        batch = new byte[n][];
        factors = new char[n][];
    }

    private static int batchOf(int length) {
        return (int) Math.clamp(MAX_BATCH_BYTES / length, 1, MAX_BATCH);
    }

    int length() {
        return sums.length();
    }

    /** Adds {@code rowFactors[r]} times the data, padded with zeros, to each row r. */
    void add(byte[] data, int offset, int len, char[] rowFactors) {
        Objects.checkFromIndexSize(offset, len, data.length);
        if (len > sums.length()) {
            throw new IllegalArgumentException(
                    "a slice has at most " + sums.length() + " bytes, not " + len);
        }
        byte[] next = next();
        System.arraycopy(data, offset, next, 0, len);
        Arrays.fill(next, len, sums.length(), (byte) 0);
        added(rowFactors);
    }

    /** The same with {@code len} bytes of off-heap memory. */
    void add(MemorySegment data, long from, int len, char[] rowFactors) {
        byte[] next = next();
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, from, next, 0, len);
        Arrays.fill(next, len, sums.length(), (byte) 0);
        added(rowFactors);
    }

    private byte[] next() {
        if (batch[waiting] == null) {
            batch[waiting] = new byte[sums.length()];
        }
        return batch[waiting];
    }

    private void added(char[] rowFactors) {
        factors[waiting++] = rowFactors;
        if (waiting == batch.length) {
            flush();
        }
    }

    /** Adds what is waiting. */
    void flush() {
        if (waiting > 0) {
            sums.add(batch, 0, waiting, factors);
            waiting = 0;
        }
    }

    void read(int row, int from, byte[] dst, int offset, int len) {
        flush();
        sums.read(row, from, dst, offset, len);
    }

    void write(int row, int from, byte[] src, int offset, int len) {
        flush();
        sums.write(row, from, src, offset, len);
    }

    /** Makes all sums zero again, and forgets what is waiting. */
    void clear() {
        waiting = 0;
        sums.clear();
    }

    @Override
    public void close() {
        if (own != null) {
            own.shutdown();
        }
        sums.close();
    }
}
