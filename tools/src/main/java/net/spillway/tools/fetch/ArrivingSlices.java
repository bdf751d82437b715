package net.spillway.tools.fetch;

import java.util.ArrayList;
import java.util.List;
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
final class ArrivingSlices {
    /** Octets of a batch at most, if that leaves enough slices for vector lanes. */
    private static final int MOST_GATHERED = 24 << 20;

    private final int size;
    private final long expected;
    private final int batch;
    private final Semaphore room;
    private final Queue<byte[]> free = new ConcurrentLinkedQueue<>();
    private List<Job> waiting = new ArrayList<>();

    private record Job(byte[] data, Consumer<SliceChecksum> told) {}

    /**
     * @param size octets of a slice
     * @param expected octets that will be hashed in all
     */
    ArrivingSlices(int size, long expected) {
        this.size = size;
        this.expected = expected;
        try (SliceHasher hasher = new SliceHasher(size, expected)) {
            batch = Math.clamp(MOST_GATHERED / size, 1, hasher.atATime());
        }
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
        byte[] old = free.poll();
        byte[] own = old == null ? new byte[size] : old;
        System.arraycopy(data, offset, own, 0, size);
        List<Job> full;
        synchronized (this) {
            waiting.add(new Job(own, told));
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
        List<SliceHasher.Piece> pieces = jobs.stream()
                .map(job -> new SliceHasher.Piece(job.data(), 0, size)).toList();
        try (SliceHasher hasher = new SliceHasher(size, expected)) {
            List<SliceChecksum> sums = hasher.hash(pieces);
            for (int i = 0; i < sums.size(); i++) {
                jobs.get(i).told().accept(sums.get(i));
            }
        } finally {
            jobs.forEach(job -> free.add(job.data()));
            room.release(jobs.size());
        }
    }
}
