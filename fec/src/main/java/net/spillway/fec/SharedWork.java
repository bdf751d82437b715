package net.spillway.fec;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Numbered pieces of work, shared out among threads each of which has its own files and buffers for
 * all of its pieces. Where threads need nothing of their own, see {@link Crew#each}.
 */
final class SharedWork {
    private SharedWork() {}

    /** What one thread works with. */
    interface Worker extends Closeable {
        /** Does the piece with that number. */
        void work(int piece) throws IOException;

        @Override
        default void close() throws IOException {}
    }

    /** Makes a worker for each thread, in that thread. */
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
        Crew.Task share =
                () -> {
                    try (Worker worker = hiring.hire()) {
                        for (int i = next.getAndIncrement(); i < pieces;
                                i = next.getAndIncrement()) {
                            worker.work(i);
                        }
                    } catch (Throwable e) {
                        next.set(pieces);
                        throw e;
                    }
                };
        try (Crew crew = new Crew(Math.clamp(pieces, 1, threads))) {
            List<Future<?>> shares = new ArrayList<>();
            for (int i = 0; i < crew.threads(); i++) {
                shares.add(crew.begin(share));
            }
            crew.awaitAll(shares);
        }
    }
}
