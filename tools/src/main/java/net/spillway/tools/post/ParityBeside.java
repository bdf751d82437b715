package net.spillway.tools.post;

import java.io.IOException;

/**
 * The thread that computes recovery slices in a read of their own while data are hashed and sent:
 * that waits for one file's MD5 or for the servers, and would leave processors idle.
 */
final class ParityBeside implements AutoCloseable {
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

    /** Waits until all of them are in their file. */
    void finish() throws IOException, InterruptedException {
        thread.join();
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
