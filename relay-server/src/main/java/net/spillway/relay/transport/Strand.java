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
 * lets others have their turn. Those that take long have theirs one after the other, however many
 * they are: nobody else waits for all of them.
 */
final class Strand implements SessionExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(Strand.class);
    private static final int TASKS_IN_A_TURN = 32;
    /** On the loop, where other connections wait meanwhile. */
    private static final long TURN_NANOS = 500_000;
    /** So many short turns on end, and it is forgotten that one was long. */
    private static final int SHORT_TURNS = 8;

    private final Executor loop;
    private final Executor loopLater;
    private final Executor workers;
    private final LongSupplier nanos;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Tasks added and not finished; whoever makes it 1 sees to it that they are run. */
    private final AtomicInteger open = new AtomicInteger();
    /** Belong to the task that runs: where it runs, and whether the next must be able to wait. */
    private boolean waiting;
    private boolean toWait;
    /** Short turns on the loop until it counts as one that does not keep it busy. */
    private volatile int toProve;

    /**
     * @param loop runs tasks on one thread, which also calls {@link #runNow}
     * @param loopLater runs them there, too, a few at a time, after others
     * @param workers run tasks that may wait
     */
    Strand(Executor loop, Executor loopLater, Executor workers) {
        this(loop, loopLater, workers, System::nanoTime);
    }

    Strand(Executor loop, Executor loopLater, Executor workers, LongSupplier nanos) {
        this.loop = loop;
        this.loopLater = loopLater;
        this.workers = workers;
        this.nanos = nanos;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (open.getAndIncrement() == 0) {
            onLoop();
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
        long from = nanos.getAsLong();
        run(task);
        judge(isLong(from));
        finish();
        return true;
    }

    private void onLoop() {
        (toProve > 0 ? loopLater : loop).execute(this::turnOnLoop);
    }

    /** After a turn on the loop. */
    private void judge(boolean longTurn) {
        int before = toProve;
        if (longTurn) {
            toProve = SHORT_TURNS;
        } else if (before > 0) {
            toProve = before - 1;
        }
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
            boolean enough = !mayWait && isLong(from);
            if (enough || !mayWait && open.get() == 1) {
                judge(enough);
            }
            if (enough || i == TASKS_IN_A_TURN || toWait && !mayWait) {
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
                onLoop();
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
