package net.spillway.tools.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import net.spillway.fec.SliceHasher;
import net.spillway.fec.packet.SliceChecksum;

/**
 * Hashes whole slices of one size as they arrive, several at a time: whoever brings the last of a
 * batch hashes all of it, while the next batch is gathered. Two batches are held at most; whoever
 * brings more than that waits. Safe for many threads.
 */
final class ArrivingSlices implements AutoCloseable {
    /** Octets of a batch at most, if that leaves enough slices for vector lanes. */
    private static final int MOST_GATHERED = 24 << 20;

    private final int size;
    private final long expected;
    private final int batch;
    private final Semaphore room;
    private final Queue<byte[]> free = new ConcurrentLinkedQueue<>();
    private final Queue<SliceHasher> hashers = new ConcurrentLinkedQueue<>();
    private List<Job> waiting = new ArrayList<>();
    private volatile boolean closed;

    private record Job(SliceHasher.Piece piece, Consumer<SliceChecksum> told) {}

    /**
     * @param size octets of a slice
     * @param expected octets that will be hashed in all
     */
    ArrivingSlices(int size, long expected) {
        this.size = size;
        this.expected = expected;
        SliceHasher hasher = new SliceHasher(size, expected);
        hashers.add(hasher);
        batch = Math.clamp(MOST_GATHERED / size, 1, hasher.atATime());
        room = new Semaphore(2 * batch);
    }

    /** Octets of a slice. */
    long size() {
        return size;
    }

    /**
     * Hashes a slice, now or later.
     *
     * @param data is the caller's again afterwards
     * @param told gets the checksum, from any of the threads that call this or {@link #finish}
     */
    void add(byte[] data, int offset, Consumer<SliceChecksum> told) {
        room.acquireUninterruptibly();
        byte[] own = another();
        System.arraycopy(data, offset, own, 0, size);
        gather(new SliceHasher.Piece(own, 0, size), told);
    }

    /**
     * The same for a slice that is all of an array, which is not the caller's any more.
     *
     * @param crc32 that of the slice
     * @return an array of that length for the caller
     */
    byte[] addAll(byte[] data, int crc32, Consumer<SliceChecksum> told) {
        room.acquireUninterruptibly();
        byte[] other = another();
        gather(new SliceHasher.Piece(data, 0, size, OptionalInt.of(crc32)), told);
        return other;
    }

    private byte[] another() {
        byte[] old = free.poll();
        return old == null ? new byte[size] : old;
    }

    private void gather(SliceHasher.Piece slice, Consumer<SliceChecksum> told) {
        List<Job> full;
        synchronized (this) {
            waiting.add(new Job(slice, told));
            if (waiting.size() < batch) {
                return;
            }
            full = waiting;
            waiting = new ArrayList<>();
        }
        hash(full);
    }

    /** Hashes what is waiting for a batch to be full. */
    void finish() {
        List<Job> rest;
        synchronized (this) {
            rest = waiting;
            waiting = new ArrayList<>();
        }
        hash(rest);
    }

    private void hash(List<Job> jobs) {
        SliceHasher idle = hashers.poll();
        SliceHasher hasher = idle == null ? new SliceHasher(size, expected) : idle;
        try {
            List<SliceChecksum> sums = hasher.hash(jobs.stream().map(Job::piece).toList());
            for (int i = 0; i < sums.size(); i++) {
                jobs.get(i).told().accept(sums.get(i));
            }
        } finally {
            giveBack(hasher);
            jobs.forEach(job -> free.add(job.piece().bytes()));
            room.release(jobs.size());
        }
    }

    private void giveBack(SliceHasher hasher) {
        hashers.add(hasher);
        if (closed) {
            closeIdle();
        }
    }

    /** Gives memory back. What is still being hashed goes on. */
    @Override
    public void close() {
        closed = true;
        closeIdle();
    }

    private void closeIdle() {
        for (SliceHasher each = hashers.poll(); each != null; each = hashers.poll()) {
            each.close();
        }
    }
}
