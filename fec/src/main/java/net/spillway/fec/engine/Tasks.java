package net.spillway.fec.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs tasks that compute in memory which the caller gives back afterwards. So this returns, or
 * fails, only when none of them is running any more; see {@link OffHeap}.
 */
final class Tasks {
    private Tasks() {}

    /**
     * Runs all of them, and waits.
     *
     * @throws CancellationException if the caller is interrupted; tasks not begun then are left
     */
    static void runAll(ExecutorService executor, List<Runnable> tasks) {
        AtomicBoolean stop = new AtomicBoolean();
        List<Future<?>> running = new ArrayList<>();
        for (Runnable task : tasks) {
            running.add(
                    executor.submit(
                            () -> {
                                if (!stop.get()) {
                                    task.run();
                                }
                            }));
        }
        boolean interrupted = false;
        Throwable failure = null;
        for (Future<?> task : running) {
            for (boolean ended = false; !ended; ) {
                try {
                    task.get();
                    ended = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                    stop.set(true);
                } catch (ExecutionException e) {
                    failure = e.getCause();
                    ended = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while computing parity");
        }
        if (failure != null) {
            throw new IllegalStateException("parity engine failed: " + failure, failure);
        }
    }
}
