package net.spillway.tools.post;

import java.io.IOException;
import java.time.Duration;

/**
 * The thread that computes recovery slices in a read of their own while data are hashed and sent:
 * that waits for one file's MD5 or for the servers, and would leave processors idle.
 */
final class ParityBeside implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final Thread thread;
    private volatile Throwable failure;

    /** What the thread does. */
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    ParityBeside(Work work) {
        thread = Thread.ofPlatform().daemon().name("parity").start(() -> run(work));
    }

    private void run(Work work) {
        try {
            work.run();
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            failure = e;
        }
    }

    /** Waits until all of them are in their file, unless articles can't be posted meanwhile. */
    void finish(PostingPool pool) throws IOException, InterruptedException {
        while (!thread.join(LOOK_EVERY)) {
            pool.requireGoing();
        }
        requireGoing();
    }

    /** Fails if they can't be computed. */
    void requireGoing() throws IOException {
        switch (failure) {
            case null -> { }
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException("parity could not be computed", failure);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
