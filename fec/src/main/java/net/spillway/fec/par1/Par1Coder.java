package net.spillway.fec.par1;

import com.backblaze.erasure.CodingLoop;
import com.backblaze.erasure.InputOutputByteTableCodingLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.spillway.fec.ParityOptions;
import net.spillway.fec.ProgressListener;

/** Multiplies a matrix by blocks, some columns of bytes at a time, on several threads. */
final class Par1Coder implements AutoCloseable {
    private static final int LEAST = 4096;
    private static final int MOST = 1 << 20;

    private final CodingLoop loop = new InputOutputByteTableCodingLoop();
    private final byte[][] matrix;
    private final byte[][] in;
    private final byte[][] out;
    private final int chunk;
    private final int threads;
    private final ProgressListener progress;
    private final ExecutorService workers;

    /** Where blocks are read; what lies behind the end of one reads as zeros. */
    @FunctionalInterface
    interface Input {
        void read(int block, long from, byte[] dst, int len) throws IOException;
    }

    /** Where products go, from left to right. */
    @FunctionalInterface
    interface Output {
        void write(int row, long from, byte[] bytes, int len) throws IOException;
    }

    /** A coder for a matrix of rows (outputs) and columns (inputs), both at least one. */
    Par1Coder(byte[][] matrix, ParityOptions options) {
        this.matrix = matrix;
        int inputs = matrix[0].length;
        long fits = options.memory() / (inputs + matrix.length) / LEAST * LEAST;
        chunk = (int) Math.clamp(fits, LEAST, MOST);
        in = new byte[inputs][chunk];
        out = new byte[matrix.length][chunk];
        threads = options.threads();
        progress = options.progress();
        workers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("par1-", 0).factory());
    }

    /** Computes all columns of blocks of {@code length} bytes. */
    void run(long length, Input input, Output output) throws IOException {
        for (long from = 0; from < length; from += chunk) {
            int n = (int) Math.min(chunk, length - from);
            for (int i = 0; i < in.length; i++) {
                input.read(i, from, in[i], n);
            }
            multiply(n);
            for (int r = 0; r < out.length; r++) {
                output.write(r, from, out[r], n);
            }
            progress.progress(
                    ProgressListener.Phase.COMPUTING, (from + n) * in.length, length * in.length);
        }
    }

    private void multiply(int n) {
        int part = Math.ceilDiv(n, threads);
        List<Future<?>> parts = new ArrayList<>();
        for (int at = 0; at < n; at += part) {
            int offset = at;
            int count = Math.min(part, n - at);
            parts.add(workers.submit(() -> loop.codeSomeShards(
                    matrix, in, in.length, out, out.length, offset, count)));
        }
        for (Future<?> done : parts) {
            try {
                done.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while computing");
            } catch (ExecutionException e) {
                throw new IllegalStateException("computing failed: " + e.getCause(), e.getCause());
            }
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
