package net.spillway.spool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells senders what became of what they gave, on a thread of its own, so that a slow listener
 * holds up nobody. Safe for use by many threads.
 */
final class Teller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Teller.class);

    private final ExecutorService executor = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("spool-tell").factory());
    /** The thread that is telling, and what it is to do behind that. */
    private volatile Thread telling;
    private final List<Runnable> afterwards = new ArrayList<>();

    /** Has these senders told, after all those before. */
    void tell(Runnable senders) {
        executor.execute(() -> {
            telling = Thread.currentThread();
            try {
                senders.run();
            } finally {
                telling = null;
                runAfterwards();
            }
        });
    }

    /** See {@link Spool#whenTold}. */
    void whenTold(Runnable action) {
        if (Thread.currentThread() == telling) {
            afterwards.add(action);
        } else {
            action.run();
        }
    }

    private void runAfterwards() {
        for (Runnable action : afterwards) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.error("a sender could not go on", e);
            }
        }
        afterwards.clear();
    }

    /** Returns when all have been told. */
    @Override
    public void close() {
        executor.close();
    }
}
