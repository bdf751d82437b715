package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repairing keeps to its memory, column chunk by column chunk. */
class BoundedRepairTest {
    private static final int SIZE = 24 << 20;
    private static final int SLICE = 240_004;
    private static final int LOST = 18;
    private static final long MEMORY = 3 << 20;

    /** For each thread: strips of all lanes, a transform's workspace, tables. */
    private static final long BESIDES = 12 << 20;

    @TempDir Path folder;

    private static long offHeap() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private byte[] damage(Path file) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            for (int i = 0; i < LOST; i++) {
                out.seek((long) i * 5 * SLICE + 100);
                out.write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
            }
        }
        return whole;
    }

    @Test
    void memoryIsThatOfTheBoundAndNotOfTheSlices() throws Exception {
        Path data = folder.resolve("data");
        TestFiles.write(data, "one", SIZE);
        Par2Creator.builder(folder.resolve("set.par2"), data)
                .files(List.of(data.resolve("one")))
                .sliceSize(SLICE)
                .recoveryCount(LOST)
                .build()
                .create();
        byte[] whole = damage(data.resolve("one"));
        long before = offHeap();
        AtomicLong most = new AtomicLong();
        ParityOptions options = TestFiles.options()
                .withMemory(MEMORY)
                .withProgress((phase, done, total) ->
                        most.accumulateAndGet(offHeap(), Math::max));
        RepairResult result = Par2Repairer.repair(
                Par2Archive.open(folder.resolve("set.par2")), data, List.of(), options);
        assertEquals(LOST, assertInstanceOf(RepairResult.Repaired.class, result).recoverySlices());
        assertArrayEquals(whole, Files.readAllBytes(data.resolve("one")));
        long offHeap = most.get() - Math.min(before, offHeap());
        assertTrue(offHeap <= MEMORY + BESIDES, offHeap + " bytes off-heap");
    }
}
