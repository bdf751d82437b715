package net.spillway.benchmarks.relay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A news server that can be started. */
interface Server {
    /** What the table calls it. */
    String name();

    /** Its version and how it is set up, in a line. */
    String description() throws IOException, InterruptedException;

    /**
     * Starts it with every group of {@link Row}, and returns when it serves.
     *
     * @param folder    empty; everything it writes goes there
     * @param processors what it may run on, as {@code taskset} has it
     */
    Running start(Path folder, int port, String processors)
            throws IOException, InterruptedException;

    /**
     * A server that runs.
     *
     * @param process it, or what it descends from
     * @param peer    the address that a peer comes from; readers come from 127.0.0.1
     */
    record Running(Process process, String peer) implements AutoCloseable {
        private static final int PATIENCE_SECONDS = 20;

        @Override
        public void close() throws InterruptedException {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            children.forEach(ProcessHandle::destroy);
        }
    }
}
