package net.spillway.fec;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Numbered pieces of work, shared out among threads that take the next one when they are free. */
final class SharedWork {
    private SharedWork() {}

    /** What one thread works with: its own files and buffers. */
    interface Worker extends Closeable {
        /** Does the piece with that number. */
        void work(int piece) throws IOException;

        @Override
        default void close() throws IOException {}
    }

    /** Makes a worker for each thread. */
    @FunctionalInterface
    interface Hiring {
        Worker hire() throws IOException;
    }

    /**
     * Does pieces 0 .. {@code pieces - 1}, and returns when all are done.
     *
     * @param threads how many threads; 1 for the caller's alone
     * @throws IOException if a worker failed; pieces that were not begun then are left
     */
    static void run(int threads, int pieces, Hiring hiring) throws IOException {
        AtomicInteger next = new AtomicInteger();
        Callable<Void> task =
                () -> {
                    try (Worker worker = hiring.hire()) {
                        for (int i = next.getAndIncrement(); i < pieces;
                                i = next.getAndIncrement()) {
                            worker.work(i);
                        }
                        return null;
                    } catch (Throwable e) {
                        next.set(pieces);
                        throw e;
                    }
                };
        int n = Math.min(threads, pieces);
        if (n <= 1) {
            runHere(task);
            return;
        }
        ExecutorService executor =
                Executors.newFixedThreadPool(
                        n, Thread.ofPlatform().daemon().name("parity-work-", 0).factory());
        try {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                running.add(executor.submit(task));
            }
            await(running);
        } finally {
            executor.shutdown();
        }
    }

    private static void runHere(Callable<Void> task) throws IOException {
        try {
            task.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(List<Future<Void>> running) throws IOException {
        Throwable failure = null;
        for (Future<Void> task : running) {
            try {
                task.get();
            } catch (InterruptedException e) {
                running.forEach(each -> each.cancel(true));
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while computing");
            } catch (ExecutionException e) {
                failure = failure == null ? e.getCause() : failure;
            }
        }
        switch (failure) {
            case null -> { }
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }
}
