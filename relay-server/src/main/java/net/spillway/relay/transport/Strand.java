package net.spillway.relay.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import net.spillway.relay.session.SessionExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in order: on the connection's event loop, where handing over
 * costs nothing, until one asks for a thread that may wait. After a few tasks, or after a while, it
 * lets others have their turn.
 */
final class Strand implements SessionExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(Strand.class);
    private static final int TASKS_IN_A_TURN = 32;
    /** On the loop, where other connections wait meanwhile. */
    private static final long TURN_NANOS = 500_000;

    private final Executor loop;
    private final Executor workers;
    private final LongSupplier nanos;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Tasks added and not finished; whoever makes it 1 sees to it that they are run. */
    private final AtomicInteger open = new AtomicInteger();
    /** Belong to the task that runs: where it runs, and whether the next must be able to wait. */
    private boolean waiting;
    private boolean toWait;

    /**
     * @param loop runs tasks on one thread, which also calls {@link #runNow}
     * @param workers run tasks that may wait
     */
    Strand(Executor loop, Executor workers) {
        this(loop, workers, System::nanoTime);
    }

    Strand(Executor loop, Executor workers, LongSupplier nanos) {
        this.loop = loop;
        this.workers = workers;
        this.nanos = nanos;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (open.getAndIncrement() == 0) {
            loop.execute(this::turnOnLoop);
        }
    }

    @Override
    public boolean mayWait() {
        return waiting;
    }

    @Override
    public void executeWaiting(Runnable task) {
        toWait = !waiting;
        tasks.add(task);
        open.incrementAndGet();
    }

    /**
     * Runs a task at once, on the loop's thread, if no other runs or waits for its turn; false if
     * it was not run.
     */
    boolean runNow(Runnable task) {
        if (!open.compareAndSet(0, 1)) {
            return false;
        }
        waiting = false;
        run(task);
        finish();
        return true;
    }

    private void turnOnLoop() {
        turn(false);
    }

    private void turnWaiting() {
        toWait = false;
        turn(true);
    }

    private void turn(boolean mayWait) {
        long from = nanos.getAsLong();
        for (int i = 1; ; i++) {
            waiting = mayWait;
            run(tasks.remove());
            if (i == TASKS_IN_A_TURN || !mayWait && (toWait || isLong(from))) {
                finish();
                return;
            }
            if (open.decrementAndGet() == 0) {
                return;
            }
        }
    }

    private boolean isLong(long from) {
        return nanos.getAsLong() - from >= TURN_NANOS;
    }

    /** A task was run; others may wait for their turn. */
    private void finish() {
        boolean wait = toWait;
        if (open.decrementAndGet() > 0) {
            if (wait) {
                workers.execute(this::turnWaiting);
            } else {
                loop.execute(this::turnOnLoop);
            }
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // Or its other tasks would never be run.
            LOG.error("a session's task failed", e);
        }
    }
}
