package net.spillway.feed.transport;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of a loop, run in rounds: what a task adds waits for the next round, between which
 * connections have their turn. Of those put off, which are of whoever keeps the loop busy, as many
 * run in a round as are done in a moment, however many there are. Any thread may add; one runs.
 */
final class TaskRounds {
    private static final Logger LOG = LoggerFactory.getLogger(TaskRounds.class);
    private static final int TASKS_IN_A_ROUND = 128;
    /** When those put off have taken so long, the next of them waits for the next round. */
    private static final long PUT_OFF_NANOS = 250_000;

    private final LongSupplier nanos;
    private final Queue<Runnable> added = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> putOff = new ConcurrentLinkedQueue<>();
    private final Deque<Runnable> round = new ArrayDeque<>(TASKS_IN_A_ROUND);

    TaskRounds() {
        this(System::nanoTime);
    }

    TaskRounds(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void add(Runnable task) {
        added.add(task);
    }

    /** Has a task run behind those of others, however late they come. */
    void putOff(Runnable task) {
        putOff.add(task);
    }

    boolean isEmpty() {
        return added.isEmpty() && putOff.isEmpty();
    }

    /** Runs what has been added before, or the first of it if that is much; then some put off. */
    void runRound() {
        for (Runnable task = added.poll(); task != null; task = added.poll()) {
            round.add(task);
            if (round.size() == TASKS_IN_A_ROUND) {
                break;
            }
        }
        for (Runnable task = round.poll(); task != null; task = round.poll()) {
            run(task);
        }
        runPutOff();
    }

    private void runPutOff() {
        if (putOff.isEmpty()) {
            return;
        }
        long from = nanos.getAsLong();
        do {
            run(putOff.remove());
        } while (!putOff.isEmpty() && nanos.getAsLong() - from < PUT_OFF_NANOS);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a task of the loop failed", e);
        }
    }
}
