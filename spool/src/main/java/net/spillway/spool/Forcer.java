package net.spillway.spool;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.spillway.spool.segment.SegmentAppender;

/** Asks the disk on a thread of its own, for one thing after the other. */
final class Forcer implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("spool-force").factory());
    private final Runnable answered;

    /** @param answered is run on its thread when an answer is there */
    Forcer(Runnable answered) {
        this.answered = answered;
    }

    /** What the disk says, once it does: how long it took. */
    static final class Answer {
        private final long since = System.nanoTime() | 1;
        private final CompletableFuture<Long> nanos = new CompletableFuture<>();

        /** When it was asked, by the system's clock of nanoseconds; never 0. */
        long since() {
            return since;
        }

        boolean isThere() {
            return nanos.isDone();
        }

        /**
         * Waits for it.
         *
         * @return how many nanoseconds it took
         * @throws IOException if the disk failed
         */
        long await() throws IOException {
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        return nanos.get();
                    } catch (InterruptedException e) {
                        interrupted = true; // Nobody may go on without knowing.
                    }
                }
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException failed ? failed
                        : new IOException(e.getCause());
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** Asks the disk. */
    Answer ask(SegmentAppender.Force force) {
        var answer = new Answer();
        thread.execute(() -> {
            try {
                long from = System.nanoTime();
                force.run();
                answer.nanos.complete(System.nanoTime() - from);
            } catch (IOException | RuntimeException | Error e) {
                answer.nanos.completeExceptionally(e);
            }
            answered.run();
        });
        return answer;
    }

    /** Returns when the last is answered. */
    @Override
    public void close() {
        thread.close();
    }
}
