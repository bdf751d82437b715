package net.spillway.benchmarks.parity;

import java.io.IOException;

/** A program, or a way of running one, that takes part. */
interface Contender extends AutoCloseable {
    /** What it is called in tables. */
    String name();

    /** Whether it can do such a job in bearable time. */
    boolean takesPart(Job job);

    /**
     * Does the job.
     *
     * @throws IOException if it fails, with what it said
     */
    Usage run(Job job) throws IOException, InterruptedException;

    /** Ends what it has running. */
    @Override
    default void close() throws IOException {}
}
