package net.spillway.feed.transport;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of a loop, run in rounds: what a task adds waits for the next round, between which
 * connections have their turn. Any thread may add; one runs.
 */
final class TaskRounds {
    private static final Logger LOG = LoggerFactory.getLogger(TaskRounds.class);
    private static final int TASKS_IN_A_ROUND = 128;

    private final Queue<Runnable> added = new ConcurrentLinkedQueue<>();
    private final Deque<Runnable> round = new ArrayDeque<>(TASKS_IN_A_ROUND);

    void add(Runnable task) {
        added.add(task);
    }

    boolean isEmpty() {
        return added.isEmpty();
    }

    /** Runs what has been added before, or the first of it if that is much. */
    void runRound() {
        for (Runnable task = added.poll(); task != null; task = added.poll()) {
            round.add(task);
            if (round.size() == TASKS_IN_A_ROUND) {
                break;
            }
        }
        for (Runnable task = round.poll(); task != null; task = round.poll()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("a task of the loop failed", e);
            }
        }
    }
}
