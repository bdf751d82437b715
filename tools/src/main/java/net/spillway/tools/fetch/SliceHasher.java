package net.spillway.tools.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32;
import net.spillway.fec.SliceHashes;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.SliceChecksum;
import net.spillway.fec.packet.SliceData;

/**
 * Hashes whole slices of one size while they are in memory, several at a time: whoever brings the
 * last of a batch hashes all of it. Safe for many threads.
 */
final class SliceHasher {
    private final int size;
    private final Queue<byte[]> free = new ConcurrentLinkedQueue<>();
    private List<Job> waiting = new ArrayList<>();

    private record Job(TargetFile file, int slice, SliceData.InMemory data) {}

    /** @param size octets of a slice */
    SliceHasher(int size) {
        this.size = size;
    }

    long size() {
        return size;
    }

    /** Sees to it that {@link TargetFile#hashed} gets the slice's checksum, now or later. */
    void add(TargetFile file, int slice, byte[] data, int offset) {
        byte[] old = free.poll();
        byte[] own = old == null ? new byte[size] : old;
        System.arraycopy(data, offset, own, 0, size);
        List<Job> batch;
        synchronized (this) {
            waiting.add(new Job(file, slice, new SliceData.InMemory(own, 0, size)));
            if (waiting.size() < SliceHashes.atATime()) {
                return;
            }
            batch = waiting;
            waiting = new ArrayList<>();
        }
        hash(batch);
    }

    /** Hashes what is waiting for a batch to be full. */
    void finish() {
        List<Job> batch;
        synchronized (this) {
            batch = waiting;
            waiting = new ArrayList<>();
        }
        if (!batch.isEmpty()) {
            hash(batch);
        }
    }

    private void hash(List<Job> batch) {
        Hash16[] md5s = SliceHashes.md5s(batch.stream().map(Job::data).toList(), size);
        for (int i = 0; i < md5s.length; i++) {
            Job job = batch.get(i);
            CRC32 crc = new CRC32();
            crc.update(job.data().bytes(), job.data().offset(), size);
            job.file().hashed(job.slice(), new SliceChecksum(md5s[i], (int) crc.getValue()));
            free.add(job.data().bytes());
        }
    }
}
