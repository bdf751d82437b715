package net.spillway.fec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that share out work. Whoever is free takes the next piece, so that a thread busy with one
 * long task joins the others when it is done; nobody waits by spinning. A crew of one is the
 * caller's own thread.
 */
final class Crew implements AutoCloseable {
    private final int threads;
    private final ExecutorService executor;

    /** A piece of work out of several. */
    @FunctionalInterface
    interface Piece {
        void run(int index) throws IOException;
    }

    /** Work as a whole. */
    @FunctionalInterface
    interface Task {
        void run() throws IOException;
    }

    Crew(int threads) {
        this.threads = threads;
        executor =
                threads == 1
                        ? null
                        : Executors.newFixedThreadPool(
                                threads,
                                Thread.ofPlatform().daemon().name("parity-", 0).factory());
    }

    int threads() {
        return threads;
    }

    /** What runs the tasks; null in a crew of one. */
    ExecutorService executor() {
        return executor;
    }

    /** Begins a task; in a crew of one, it ends before this returns. */
    Future<?> begin(Task task) throws IOException {
        if (executor == null) {
            task.run();
            return CompletableFuture.completedFuture(null);
        }
        return executor.submit(
                () -> {
                    task.run();
                    return null;
                });
    }

    /** Waits for a task, and fails as it did. */
    private static void await(Future<?> task) throws IOException {
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while computing parity");
        } catch (ExecutionException e) {
            rethrow(e.getCause());
        }
    }

    private static void rethrow(Throwable failure) throws IOException {
        switch (failure) {
            case IOException io -> throw io;
            case RuntimeException e -> throw e;
            case Error error -> throw error;
            default -> throw new IllegalStateException(failure);
        }
    }

    /** Does all of {@code count} pieces; if one fails, those not begun are left undone. */
    void each(int count, Piece piece) throws IOException {
        AtomicInteger next = new AtomicInteger();
        Task all =
                () -> {
                    try {
                        for (int i = next.getAndIncrement(); i < count;
                                i = next.getAndIncrement()) {
                            piece.run(i);
                        }
                    } catch (Throwable e) {
                        next.set(count);
                        throw e;
                    }
                };
        if (executor == null || count <= 1) {
            all.run();
            return;
        }
        List<Future<?>> shares = new ArrayList<>();
        for (int i = 0; i < Math.min(threads, count); i++) {
            shares.add(begin(all));
        }
        awaitAll(shares);
    }

    /**
     * Waits for all of them, so that nobody works on when this fails: kernels don't check the
     * memory that they work in, which the caller may give back then.
     *
     * @throws CancellationException if the caller is interrupted; the crew is closed then
     */
    void awaitAll(List<? extends Future<?>> tasks) throws IOException {
        Throwable failure = null;
        for (Future<?> task : tasks) {
            try {
                await(task);
            } catch (CancellationException e) {
                close();
                throw e;
            } catch (IOException | RuntimeException | Error e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            rethrow(failure);
        }
    }

    /** Interrupts what still runs and waits until it has ended: memory may be freed then. */
    @Override
    public void close() {
        if (executor == null) {
            return;
        }
        executor.shutdownNow();
        boolean interrupted = false;
        for (boolean ended = false; !ended; ) {
            try {
                ended = executor.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
