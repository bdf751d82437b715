package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.spillway.fec.packet.SliceChecksum;
import org.junit.jupiter.api.Test;

class ArrivingSlicesTest {
    private static final int SIZE = 256 << 10;
    private static final int SLICES = 600;
    private static final int THREADS = 8;
    /** Enough to be taken for worth vector lanes. */
    private static final long MUCH = 4L << 30;

    @Test
    void manyThreadsGetTheRightChecksumsAndHoldFewSlices() throws Exception {
        byte[] noise = new byte[SLICES + SIZE];
        new Random(7).nextBytes(noise);
        Map<Integer, SliceChecksum> found = new ConcurrentHashMap<>();
        ArrivingSlices slices = new ArrivingSlices(SIZE, MUCH);
        long allocated = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Long>> all = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int first = t;
                all.add(threads.submit(() -> add(slices, noise, first, found)));
            }
            for (Future<Long> one : all) {
                allocated += one.get();
            }
        }
        slices.finish();
        assertEquals(SLICES, found.size());
        for (int i = 0; i < SLICES; i++) {
            assertEquals(SliceChecksum.of(noise, i, SIZE, SIZE), found.get(i), "slice " + i);
        }
        assertTrue(allocated < SLICES / 2 * (long) SIZE, allocated + " octets were allocated");
    }

    /** Adds every slice whose turn it is; tells what this thread allocated for it. */
    private static long add(ArrivingSlices slices, byte[] noise, int first,
            Map<Integer, SliceChecksum> found) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = first; i < SLICES; i += THREADS) {
            int slice = i;
            slices.add(noise, i, sum -> found.put(slice, sum));
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
