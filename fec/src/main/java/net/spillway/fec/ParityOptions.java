package net.spillway.fec;

import java.util.Objects;
import net.spillway.fec.engine.Engines;
import net.spillway.fec.engine.SliceEngine;

/**
 * How parity is computed; the result is the same bytes for all values.
 *
 * @param engine what multiplies
 * @param threads how many threads compute, at least 1
 * @param memory bytes that sums and buffers may take together, besides some MiB for each thread;
 *     work that needs more is done in column chunks, of 512 bytes of each slice at least. No more
 *     is taken than makes work faster
 * @param progress told how far it is
 */
public record ParityOptions(
        SliceEngine engine, int threads, long memory, ProgressListener progress) {
    /** Less memory than this is not worth the name. */
    public static final long MIN_MEMORY = 1L << 20;

    public ParityOptions {
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(progress, "progress");
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("threads must be 1 to 1024, not " + threads);
        }
        if (memory < MIN_MEMORY) {
            throw new IllegalArgumentException(
                    "memory must be at least " + MIN_MEMORY + " bytes, not " + memory);
        }
    }

    /**
     * The best engine, all processors, no progress, and a quarter of the machine's memory (or of
     * its container's), but no more than the JVM may use.
     */
    public static ParityOptions defaults() {
        return new ParityOptions(
                Engines.best(),
                Runtime.getRuntime().availableProcessors(),
                Math.max(MIN_MEMORY, MachineMemory.quarter()),
                ProgressListener.NONE);
    }

    /** These options with another engine. */
    public ParityOptions withEngine(SliceEngine other) {
        return new ParityOptions(other, threads, memory, progress);
    }

    /** These options with another number of threads. */
    public ParityOptions withThreads(int other) {
        return new ParityOptions(engine, other, memory, progress);
    }

    /** These options with another bound on memory, in bytes. */
    public ParityOptions withMemory(long other) {
        return new ParityOptions(engine, threads, other, progress);
    }

    /** These options with another listener. */
    public ParityOptions withProgress(ProgressListener other) {
        return new ParityOptions(engine, threads, memory, other);
    }

    /** An encoder for columns of slices that keeps to the bound on memory. */
    ParityEncoder encoder(int[] exponents, int chunk, int expected) {
        long taken = (exponents.length + BatchedSums.MAX_BATCH + 4L) * chunk;
        return ParityEncoder.builder(chunk)
                .exponents(exponents)
                .engine(engine)
                .threads(threads)
                .memory(Math.max(0, memory - taken))
                .expected(expected)
                .build();
    }
}
