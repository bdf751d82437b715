package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.spillway.fec.SliceHasher;
import net.spillway.fec.packet.SliceChecksum;
import org.junit.jupiter.api.Test;

class ArrivingSlicesTest {
    private static final int SIZE = 64 << 10;
    private static final int SLICES = 600;
    private static final int THREADS = 8;
    /** Enough to be taken for worth vector lanes. */
    private static final long MUCH = 4L << 30;

    private final ArrivingSlices slices = new ArrivingSlices(SIZE, MUCH);
    private final byte[] noise = new byte[SLICES + SIZE];
    private final Map<Integer, SliceChecksum> found = new ConcurrentHashMap<>();
    private final AtomicInteger held = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);

    @Test
    void manyThreadsGetTheRightChecksumsAndHoldTwoBatchesAtMost() throws Exception {
        new Random(7).nextBytes(noise);
        List<Thread> threads = IntStream.range(0, THREADS)
                .mapToObj(first -> Thread.ofPlatform().daemon().start(() -> addFrom(first)))
                .toList();
        // Nothing is let go of yet, so in the end all of them wait, in whatever order they come.
        while (threads.stream().anyMatch(t -> t.getState() != Thread.State.WAITING)) {
            Thread.sleep(1);
        }
        try (SliceHasher hasher = new SliceHasher(SIZE, MUCH)) {
            int most = 2 * hasher.atATime() + THREADS;
            assertTrue(held.get() <= most, held + " slices are held, or about to be");
        } finally {
            gate.countDown();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        slices.finish();
        assertEquals(SLICES, found.size());
        for (int i = 0; i < SLICES; i++) {
            assertEquals(SliceChecksum.of(noise, i, SIZE, SIZE), found.get(i), "slice " + i);
        }
    }

    private void addFrom(int first) {
        for (int i = first; i < SLICES; i += THREADS) {
            int slice = i;
            held.incrementAndGet();
            slices.add(noise, i, sum -> told(slice, sum));
        }
    }

    private void told(int slice, SliceChecksum sum) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        held.decrementAndGet();
        found.put(slice, sum);
    }
}
