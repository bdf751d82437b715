package net.spillway.spool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits to be written, bounded in octets. Who adds to a full backlog waits: that slows down
 * the senders to what the disk can take.
 *
 * <p>To wake the thread that writes costs more than to write a small article. So who is about to
 * add several opens a {@link Spool.Bundle}, and it is woken when that is closed or has become
 * large. And where each sender waits for its one article to be on the disk, those that are just
 * sending theirs are waited for a little: they share what the disk is asked.
 */
final class Backlog {
    /** So much is worth being written while more is added. */
    private static final int LARGE_BUNDLE = 16;
    private static final long LARGE_BUNDLE_OCTETS = 128 << 10;
    /** Who is late again and again costs the others their time every 64th time. */
    private static final int MAX_MISSES = 6;

    /** What a thread has added in its bundle. */
    private static final class Bundling {
        private boolean open;
        private int added;
    }

    private final ThreadLocal<Bundling> bundling = ThreadLocal.withInitial(Bundling::new);
    private final Spool.Bundle bundle = this::closeBundle;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Work> waiting = new ArrayDeque<>();
    private final long limit;
    private long held;
    /** Octets that wait. */
    private long octets;
    /** Something waits of which nobody was told. */
    private volatile boolean quiet;
    /** Senders that have begun to send what they will wait for. */
    private int coming;
    /** There was such a sender since that was last asked. */
    private boolean anyCame;
    /** The thread that writes has something else to do. */
    private boolean nudged;
    /** Something waits, and is left waiting for those. */
    private boolean gathering;
    /** So often they were late on end, and so many times more they are not waited for. */
    private int misses;
    private int rounds;
    private boolean closed;
    /** So much of what nobody was told of is worth being told. */
    private int enough = 1;

    Backlog(long limit) {
        this.limit = limit;
    }

    /** Adds work, waiting for room if need be; false if there was none in time, or it is closed. */
    boolean add(Work work, long timeoutMillis) {
        Bundling own = bundling.get();
        boolean added = add(work, timeoutMillis, own.open);
        if (own.open && ++own.added % LARGE_BUNDLE == 0) {
            // Where there is one processor, the disk shall have some while more is added.
            Thread.yield();
        }
        return added;
    }

    private boolean add(Work work, long timeoutMillis, boolean inBundle) {
        boolean interrupted = false;
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            while (!closed && held > 0 && held + work.weight() > limit && left > 0) {
                wake(); // There may be no room for want of telling.
                try {
                    left = room.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                    left = 0;
                }
            }
            if (closed || held > 0 && held + work.weight() > limit) {
                return false;
            }
            put(work);
            if (!inBundle || waiting.size() >= Math.max(enough, LARGE_BUNDLE)
                    || octets >= LARGE_BUNDLE_OCTETS) {
                wake();
            }
            return true;
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Adds work that must not wait behind articles' octets; false if closed. */
    boolean addAlways(Work work) {
        lock.lock();
        try {
            if (!closed) {
                put(work);
                wake();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Another sender has begun to send what it will wait for, or one of them has sent it. */
    void coming(int change) {
        lock.lock();
        try {
            coming += change;
            anyCame = true;
            if (gathering && coming == 0) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** As below, as soon as anything waits. */
    Optional<List<Work>> take(long maxOctets, long timeoutNanos, long patienceNanos) {
        return take(maxOctets, timeoutNanos, patienceNanos, 1);
    }

    /**
     * Takes what waits, up to about that many octets.
     *
     * @param timeoutNanos how long it may wait for something
     * @param patienceNanos how long it may wait for those that are coming
     * @param worth how many works of bundles it shall wait for within its time
     * @return nothing inside if the time is over first, or it was nudged; empty once closed and
     *     nothing waits
     */
    Optional<List<Work>> take(long maxOctets, long timeoutNanos, long patienceNanos, int worth) {
        lock.lock();
        try {
            long nanos = timeoutNanos;
            enough = worth;
            while (isLittle() && !closed && !nudged && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            enough = 1;
            nudged = false;
            if (waiting.isEmpty() && closed) {
                return Optional.empty();
            }
            if (coming > 0 && !waiting.isEmpty()) {
                gather(patienceNanos);
            }
            var taken = new ArrayList<Work>(waiting.size());
            long left = maxOctets;
            while (!waiting.isEmpty() && left > 0) {
                Work next = waiting.poll();
                left -= next.weight();
                octets -= next.weight();
                taken.add(next);
            }
            quiet = quiet && !waiting.isEmpty();
            return Optional.of(taken);
        } catch (InterruptedException e) {
            return Optional.of(List.of()); // Nobody interrupts the log's thread on purpose.
        } finally {
            lock.unlock();
        }
    }

    /** Has {@link #take} return, though nothing waits. */
    void nudge() {
        lock.lock();
        try {
            nudged = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Whether something waits. */
    boolean hasMore() {
        lock.lock();
        try {
            return !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether since the last time senders came that will wait for each article of theirs. */
    boolean anyCame() {
        lock.lock();
        try {
            boolean came = anyCame;
            anyCame = coming > 0;
            return came;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for those that are coming, unless they were late the last times. */
    private void gather(long patienceNanos) throws InterruptedException {
        if (rounds > 0 || patienceNanos == 0) {
            rounds = Math.max(0, rounds - 1);
            return;
        }
        long left = patienceNanos;
        gathering = true;
        try {
            while (coming > 0 && octets < LARGE_BUNDLE_OCTETS && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            gathering = false;
        }
        misses = left > 0 ? 0 : Math.min(misses + 1, MAX_MISSES);
        rounds = (1 << misses) - 1;
    }

    /** What was taken no longer takes memory. */
    void release(List<? extends Work> works) {
        lock.lock();
        try {
            for (Work work : works) {
                held -= work.weight();
            }
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Octets that wait or are being written. */
    long held() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    /** Whether some could each add so many octets to it at the same moment and none would wait. */
    boolean hasRoomForSome(long octets) {
        return octets <= limit / 4 && held() <= limit / 2;
    }

    /** Takes nothing more in. What waits is still handed out. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What this thread adds until it closes it is taken together, or nearly so. */
    Spool.Bundle bundle() {
        Bundling own = bundling.get();
        own.open = true;
        own.added = 0;
        return bundle;
    }

    private void closeBundle() {
        bundling.get().open = false;
        if (!quiet) {
            return;
        }
        lock.lock();
        try {
            if (!isLittle()) {
                wake();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing waits, or less than is worth it, and nobody was told. */
    private boolean isLittle() {
        return waiting.size() < enough && octets < LARGE_BUNDLE_OCTETS
                && (quiet || waiting.isEmpty());
    }

    private void put(Work work) {
        waiting.add(work);
        held += work.weight();
        octets += work.weight();
        quiet = true;
    }

    private void wake() {
        quiet = false;
        if (!gathering || coming == 0 || octets >= LARGE_BUNDLE_OCTETS) {
            changed.signal();
        }
    }
}
