package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import net.spillway.fec.engine.Engines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Creating keeps to its memory, reads no byte more than twice, and gives the same bytes always. */
class BoundedCreateTest {
    private static final int SIZE = 24 << 20;
    private static final long MEMORY = 3 << 20;

    /** For each thread: strips of all lanes, a transform's workspace, tables. */
    private static final long BESIDES = 12 << 20;

    /** What the JVM reads for itself, such as classes. */
    private static final long READ_BESIDES = 2 << 20;

    @TempDir Path folder;

    private Path out(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name)).resolve("set.par2");
    }

    private Path data() throws IOException {
        Path data = folder.resolve("data");
        TestFiles.write(data, "one", SIZE - 300_003);
        TestFiles.write(data, "two", 200_001);
        TestFiles.write(data, "three", 100_002);
        return data;
    }

    private static void create(Path out, Path data, ParityOptions options) throws IOException {
        Par2Creator.builder(out, data)
                .files(List.of(data.resolve("one"), data.resolve("two"), data.resolve("three")))
                .sliceSize(240_004)
                .recoveryCount(20)
                .options(options)
                .build()
                .create();
    }

    private static long offHeap() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static long read() throws IOException {
        Path io = Path.of("/proc/self/io");
        assumeTrue(Files.isReadable(io), "only Linux counts what a process reads");
        String line = Files.readAllLines(io).getFirst();
        return Long.parseLong(line.substring("rchar: ".length()));
    }

    @Test
    void memoryIsThatOfTheBoundAndNotOfTheFiles() throws Exception {
        Path data = data();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        create(out("before"), data, TestFiles.options().withMemory(MEMORY));
        long offHeapBefore = offHeap();
        AtomicLong most = new AtomicLong();
        ParityOptions options =
                TestFiles.options()
                        .withMemory(MEMORY)
                        .withProgress(
                                (phase, done, total) ->
                                        most.accumulateAndGet(offHeap(), Math::max));
        long heapBefore = threads.getTotalThreadAllocatedBytes();
        create(out("bounded"), data, options);
        long heap = threads.getTotalThreadAllocatedBytes() - heapBefore;
        // Meanwhile the collector may have freed what was left of before.
        long offHeap = most.get() - Math.min(offHeapBefore, offHeap());
        assertTrue(offHeap <= MEMORY + BESIDES, offHeap + " bytes off-heap");
        assertTrue(heap <= SIZE, heap + " bytes on the heap, garbage included");
    }

    @Test
    void filesAreReadTwiceInChunksAndOnceIfAllFits() throws Exception {
        Path data = data();
        for (int threads : new int[] {1, 2}) {
            ParityOptions options = TestFiles.options().withThreads(threads);
            create(out("before" + threads), data, options.withMemory(MEMORY));
            long before = read();
            create(out("chunks" + threads), data, options.withMemory(MEMORY));
            long twice = read() - before;
            assertTrue(twice <= 2L * SIZE + READ_BESIDES, twice + " bytes read");
            before = read();
            create(out("whole" + threads), data, options.withMemory(64 << 20));
            long once = read() - before;
            assertTrue(once <= SIZE + READ_BESIDES, once + " bytes read");
        }
    }

    @Test
    void setsAreTheSameWhateverMemoryThreadsAndEngineTheyWereMadeWith() throws Exception {
        Path data = data();
        create(out("plain"), data, TestFiles.options().withThreads(1));
        Map<String, byte[]> expected = TestFiles.contents(folder.resolve("plain"));
        List<ParityOptions> others =
                List.of(
                        TestFiles.options().withMemory(MEMORY),
                        TestFiles.options().withMemory(ParityOptions.MIN_MEMORY).withThreads(3),
                        TestFiles.options().withMemory(MEMORY).withEngine(Engines.portable()),
                        TestFiles.options().withEngine(Engines.portable()));
        for (int i = 0; i < others.size(); i++) {
            create(out("other" + i), data, others.get(i));
            Map<String, byte[]> found = TestFiles.contents(folder.resolve("other" + i));
            assertEquals(expected.keySet(), found.keySet());
            found.forEach((name, bytes) -> assertArrayEquals(expected.get(name), bytes, name));
        }
    }

    @Test
    void defaultIsAQuarterOfWhatTheMachineOrTheContainerHas() throws Exception {
        Path root = folder.resolve("root");
        assertEquals(1000, MachineMemory.quarter(root, 1000));
        Path info = Files.createDirectories(root.resolve("proc")).resolve("meminfo");
        Files.writeString(info, "MemTotal:        8192 kB\nMemFree:         100 kB\n");
        assertEquals(2048 << 10, MachineMemory.quarter(root, 1 << 30));
        assertEquals(1000, MachineMemory.quarter(root, 1000));
        Path limit = Files.createDirectories(root.resolve("sys/fs/cgroup")).resolve("memory.max");
        Files.writeString(limit, "max\n");
        assertEquals(2048 << 10, MachineMemory.quarter(root, 1 << 30));
        Files.writeString(limit, "4194304\n");
        assertEquals(1 << 20, MachineMemory.quarter(root, 1 << 30));
    }
}
