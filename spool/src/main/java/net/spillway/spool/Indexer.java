package net.spillway.spool;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import net.spillway.spool.file.NoSpaceException;
import net.spillway.spool.index.Applied;
import net.spillway.spool.index.IndexOp;
import net.spillway.spool.index.SqlIndex;
import net.spillway.spool.index.Marks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the index after the log, on a thread of its own, many records a transaction. If the index
 * fails it is opened again; if that does not help, or something in it was found damaged, it is made
 * anew. That goes on as long as it takes: articles go on being stored until too many wait here.
 */
final class Indexer implements AutoCloseable {
    /** Opens the index again, brought up to that place in the log. */
    interface Reopener {
        /** @param anew whether what is there is not to be used */
        SqlIndex reopen(Marks upTo, boolean anew) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Indexer.class);
    private static final int MAX_BATCH = 32_768;
    /** The more come at once, the fuller are the blocks that they make. */
    private static final int WORTH_A_COMMIT = 16_384;
    private static final long LINGER_MILLIS = 1000;
    private static final long RETRY_SECONDS = 5;
    /** An index that is well is much faster. */
    private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long JOIN_MILLIS = 200;
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_AT_SPACE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long MAX_WAITING_WEIGHT = 96 << 20;

    private final Reopener reopener;
    private final Consumer<Applied> onApplied;
    private final Recent recent;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<IndexOp.Placed> waiting = new ArrayDeque<>();
    private final Thread thread;
    private volatile SqlIndex index;
    private volatile long sealed;
    private long notedSealed;
    private final Marks applied;
    private long waitingWeight;
    private long waitingArticles;
    /** Articles in the index, as of the last change that is done: counted with those waiting. */
    private long indexed;
    private long enqueued;
    private long done;
    private boolean hurry;
    /** Belongs to the indexer's thread. */
    private boolean dirty;
    private boolean closing;
    private boolean failing;

    Indexer(SqlIndex index, Recent recent, Reopener reopener, Consumer<Applied> onApplied) {
        this.index = index;
        this.applied = index.marks().copy();
        this.indexed = index.count();
        this.recent = recent;
        this.reopener = reopener;
        this.onApplied = onApplied;
        this.dirty = index.isDirty();
        this.thread = Thread.ofPlatform().daemon().name("spool-index").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    SqlIndex index() {
        return index;
    }

    void enqueue(List<IndexOp.Placed> ops) {
        lock.lock();
        try {
            int before = waiting.size();
            for (IndexOp.Placed placed : ops) {
                waiting.add(placed);
                waitingWeight += weight(placed);
                waitingArticles += placed.op() instanceof IndexOp.Add ? 1 : 0;
            }
            enqueued += ops.size();
            // Woken for each article, it would be in the way of those who wait for that.
            if (before == 0 || before < WORTH_A_COMMIT && waiting.size() >= WORTH_A_COMMIT) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The history keeps everything up to that sequence by itself; noted with the next change. */
    void historySealed(long sequence) {
        sealed = sequence;
    }

    /** Articles the index does not have yet. */
    long lag() {
        lock.lock();
        try {
            return waitingArticles;
        } finally {
            lock.unlock();
        }
    }

    /** Articles that can be read: those in the index, and those it does not have yet. */
    long articles() {
        lock.lock();
        try {
            return indexed + waitingArticles;
        } finally {
            lock.unlock();
        }
    }

    /** Whether so much waits that nothing should be added. */
    boolean isFull() {
        lock.lock();
        try {
            return waitingWeight > MAX_WAITING_WEIGHT;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the index cannot be written at the moment, for want of space or worse. */
    boolean isFailing() {
        lock.lock();
        try {
            return failing || index.isWaiting();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is room again, for that long at most. */
    void awaitRoom(long millis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (waitingWeight > MAX_WAITING_WEIGHT && left > 0 && !closing) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the index has everything that was enqueued before; false if it cannot be written,
     * or takes far too long.
     */
    boolean flush() {
        lock.lock();
        try {
            long goal = enqueued;
            long end = System.nanoTime() + FLUSH_NANOS;
            hurry = true;
            changed.signalAll();
            while (done < goal && thread.isAlive() && !failing && !index.isWaiting()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.awaitNanos(Math.min(left, LOOK_AT_SPACE_NANOS));
            }
            return done >= goal;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Applies what waits, then closes the index. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        joinThread();
        try {
            index.close();
        } catch (IOException e) {
            LOG.error("{}; the next start makes up for it", e.getMessage());
        }
    }

    private void joinThread() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            index.hurry(); // Again and again: it may be opened just now.
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true; // H2 must not be closed under a running transaction.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            List<IndexOp.Placed> batch = next();
            if (batch.isEmpty() && isClosing() || !mend() || !applyOrReopen(batch)) {
                return;
            }
            clean();
        }
    }

    /** Has an index in which somebody met damage made anew; false only when closing. */
    private boolean mend() {
        if (!index.isDamaged()) {
            return true;
        }
        LOG.error("the index is damaged; it is made anew from the segments");
        setFailing(true);
        return !isClosed() && reopen(true);
    }

    /** Whether it shall end, however much there is to do. */
    private boolean isClosed() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return closing && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** A little at a time, so that new articles do not wait. What is left goes after a restart. */
    private void clean() {
        if (!dirty) {
            return;
        }
        try {
            onApplied.accept(index.clean());
            dirty = index.isDirty();
            count();
        } catch (IOException | RuntimeException | Error e) {
            log("the next change opens it again", e);
            dirty = false;
        }
    }

    private void count() {
        lock.lock();
        try {
            indexed = index.count();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for work; empty when closing and all is done, or when there is other work to do. */
    private List<IndexOp.Placed> next() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closing && !dirty && !index.isDamaged()) {
                awaitNanos(LOOK_NANOS);
            }
            long left = TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS);
            while (!waiting.isEmpty() && waiting.size() < WORTH_A_COMMIT && left > 0
                    && !hurry && !closing) {
                left = awaitNanos(left);
            }
            hurry = false;
            var batch = new ArrayList<IndexOp.Placed>();
            while (batch.size() < MAX_BATCH && !waiting.isEmpty()) {
                batch.add(waiting.poll());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private long awaitNanos(long nanos) {
        try {
            return changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            return 0; // Nobody interrupts this thread on purpose; the batch is just smaller.
        }
    }

    /** Returns false only when closing: then the next start reads the rest from the log. */
    private boolean applyOrReopen(List<IndexOp.Placed> batch) {
        int tries = 0;
        int failures = 0;
        boolean madeAnew = false;
        while (!batch.isEmpty()) {
            try {
                Applied result = index.apply(batch);
                dirty = dirty || index.isDirty();
                noteSealed();
                finish(batch, result);
                return true;
            } catch (IOException | RuntimeException | Error e) {
                log("it is opened again", e);
                setFailing(true);
                failures += isForWantOfSpace(e) ? 0 : 1;
            }
            boolean anew = failures > 1 && !madeAnew;
            madeAnew = madeAnew || anew;
            // An index that opens well but takes nothing must not keep a core busy.
            if (isClosed() || tries++ > 0 && awaitRetry() || !reopen(anew)) {
                return false;
            }
        }
        return true;
    }

    private static void log(String next, Throwable e) {
        if (e instanceof IOException) {
            LOG.error("{}; {}", e.getMessage(), next);
        } else {
            LOG.error("the index failed; {}", next, e);
        }
    }

    /** Then the index is as good as it was. */
    private static boolean isForWantOfSpace(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof IOException io && NoSpaceException.is(io)) {
                return true;
            }
        }
        return false;
    }

    private boolean reopen(boolean anew) {
        boolean fresh = anew;
        boolean triedFresh = anew;
        while (true) {
            index.discard();
            try {
                index = reopener.reopen(applied, fresh);
                dirty = index.isDirty();
                setFailing(false);
                LOG.info("the index is open again");
                return true;
            } catch (IOException | RuntimeException | Error e) {
                log("trying again in " + RETRY_SECONDS + " seconds", e);
                // One that opens, but cannot be brought up, is no better the next time.
                fresh = !triedFresh && !isForWantOfSpace(e);
                triedFresh = triedFresh || fresh;
            }
            if (awaitRetry()) {
                return false;
            }
        }
    }

    /** @return whether the spool is closing */
    private boolean awaitRetry() {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(RETRY_SECONDS);
            while (left > 0 && !closing) {
                left = awaitNanos(left);
            }
            return closing;
        } finally {
            lock.unlock();
        }
    }

    private void noteSealed() throws IOException {
        long now = sealed;
        if (now > notedSealed) {
            index.noteSealed(now);
            notedSealed = now;
        }
    }

    private void setFailing(boolean now) {
        lock.lock();
        try {
            failing = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void finish(List<IndexOp.Placed> batch, Applied result) {
        onApplied.accept(result);
        for (IndexOp.Placed placed : batch) {
            applied.advance(placed.segment(), placed.end());
        }
        recent.indexed(index.sequence());
        lock.lock();
        try {
            for (IndexOp.Placed placed : batch) {
                waitingWeight -= weight(placed);
                waitingArticles -= placed.op() instanceof IndexOp.Add ? 1 : 0;
            }
            indexed = index.count();
            done += batch.size();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static long weight(IndexOp.Placed placed) {
        return switch (placed.op()) {
            case IndexOp.Add add -> add.row().weight();
            case IndexOp.Remember remember -> 50L * remember.ids().size();
            default -> 100;
        };
    }
}
