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
 */
final class Backlog {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Work> waiting = new ArrayDeque<>();
    private final long limit;
    private long held;
    private boolean closed;

    Backlog(long limit) {
        this.limit = limit;
    }

    /** Adds work, waiting for room if need be; false if there was none in time, or it is closed. */
    boolean add(Work work, long timeoutMillis) {
        boolean interrupted = false;
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            while (!closed && held > 0 && held + work.weight() > limit && left > 0) {
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
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes what waits, up to about that many octets.
     *
     * @return nothing inside if the time is over first; empty once closed and nothing waits
     */
    Optional<List<Work>> take(long maxOctets, long timeoutMillis) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            while (waiting.isEmpty() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (waiting.isEmpty() && closed) {
                return Optional.empty();
            }
            var taken = new ArrayList<Work>(waiting.size());
            long octets = 0;
            while (!waiting.isEmpty() && octets < maxOctets) {
                octets += waiting.peek().weight();
                taken.add(waiting.poll());
            }
            return Optional.of(taken);
        } catch (InterruptedException e) {
            return Optional.of(List.of()); // Nobody interrupts the log's thread on purpose.
        } finally {
            lock.unlock();
        }
    }

    /** What was taken no longer takes memory. */
    void release(List<Work> works) {
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

    private void put(Work work) {
        waiting.add(work);
        held += work.weight();
        changed.signal();
    }
}
