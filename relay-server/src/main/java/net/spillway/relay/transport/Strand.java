package net.spillway.relay.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in order, on threads shared with other strands. After a few
 * tasks it lets the others have their turn.
 */
final class Strand implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Strand.class);
    private static final int TASKS_IN_A_TURN = 32;

    private final Executor threads;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Tasks added and not finished; whoever makes it 1 sees to it that they are run. */
    private final AtomicInteger open = new AtomicInteger();

    Strand(Executor threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (open.getAndIncrement() == 0) {
            threads.execute(this::turn);
        }
    }

    private void turn() {
        for (int i = 0; i < TASKS_IN_A_TURN; i++) {
            runNext();
            if (open.decrementAndGet() == 0) {
                return;
            }
        }
        threads.execute(this::turn);
    }

    private void runNext() {
        try {
            tasks.remove().run();
        } catch (RuntimeException e) {
            LOG.error("a session's task failed", e);
        }
    }
}
