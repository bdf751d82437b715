package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import net.spillway.fec.engine.Engines;
import net.spillway.fec.packet.Hash16;
import org.junit.jupiter.api.Test;

/** MD5s of messages and of files, in lanes and one by one. */
class ManyMd5sTest {
    private static void check(boolean lanes, int messages, int length, int piece) {
        ManyMd5s md5s = new ManyMd5s(Engines.best(), lanes, messages);
        byte[] bytes = TestFiles.random(length, messages * length);
        MemorySegment data = Arena.ofAuto().allocate(bytes.length + 1, 64);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, data, 0, bytes.length);
        try (ManyMd5s.Worker worker = md5s.worker()) {
            for (int first = 0; first < messages; first += md5s.atATime()) {
                int n = Math.min(md5s.atATime(), messages - first);
                int[] which = IntStream.range(first, first + n).toArray();
                long[] at = Arrays.stream(which).mapToLong(i -> (long) i * length).toArray();
                int done = 0;
                for (; done + piece < length; done += piece) {
                    worker.update(which, n, data, at, piece);
                    Arrays.setAll(at, i -> at[i] + piece);
                }
                worker.finish(which, n, data, at, length - done);
            }
        }
        for (int i = 0; i < messages; i++) {
            assertEquals(Hash16.md5(bytes, i * length, length), md5s.get(i), length + " bytes");
        }
    }

    @Test
    void everyMessageHasItsMd5HoweverLongItIs() {
        for (boolean lanes : new boolean[] {true, false}) {
            assumeTrue(Engines.best().hasMd5Lanes() || !lanes);
            for (int length = 0; length < 200; length++) {
                check(lanes, 3, length, 64);
            }
            check(lanes, 40, 5000, 64);
            check(lanes, 17, 5001, 1024);
        }
    }

    /** Files of these lengths that read themselves from memory. */
    private static void checkFiles(int[] lengths, boolean warm, int threads) throws Exception {
        byte[][] files = new byte[lengths.length][];
        Arrays.setAll(files, i -> TestFiles.random(i, lengths[i]));
        AtomicLong reported = new AtomicLong();
        FileMd5s md5s =
                new FileMd5s(
                        Engines.best(),
                        warm,
                        Arrays.stream(lengths).asLongStream().toArray(),
                        () -> source(files),
                        reported::addAndGet);
        try (Crew crew = new Crew(threads)) {
            crew.awaitAll(md5s.begin(crew));
        }
        for (int i = 0; i < files.length; i++) {
            assertEquals(Hash16.md5(files[i]), md5s.whole(i), "file " + i + " of " + lengths[i]);
            int head = Math.min(16384, lengths[i]);
            assertEquals(Hash16.md5(files[i], 0, head), md5s.head(i), "head of file " + i);
        }
        assertEquals(Arrays.stream(lengths).sum(), reported.get());
    }

    private static FileMd5s.Source source(byte[][] files) {
        return new FileMd5s.Source() {
            @Override
            public void read(int file, long from, ByteBuffer dst) {
                dst.put(files[file], (int) from, dst.remaining());
            }

            @Override
            public void close() {
                // There is nothing open.
            }
        };
    }

    @Test
    void filesSideBySideHaveTheMd5sThatTheyHaveAlone() throws Exception {
        int[] lengths = {0, 1, 63, 64, 65, 16383, 16384, 16385, 32768, 32769, 65_599, 40_000, 20_000};
        for (boolean warm : new boolean[] {true, false}) {
            checkFiles(lengths, warm, 1);
            checkFiles(new Random(5).ints(100, 0, 70_000).toArray(), warm, 3);
            checkFiles(new int[] {3_000_000, 20, 30, 40, 50, 60, 1 << 14}, warm, 2);
            checkFiles(new int[] {0}, warm, 1);
            checkFiles(new int[] {}, warm, 2);
        }
    }

    @Test
    void fasterWayIsTakenWhenItHasSavedAsMuchAsItCosts() {
        WarmUp warmUp = new WarmUp(1.0);
        assertFalse(warmUp.pays(0.4));
        assertFalse(warmUp.pays(-1));
        assertFalse(warmUp.pays(0.4));
        assertTrue(warmUp.pays(0.4));
        assertTrue(warmUp.pays(0.001));
        assertFalse(warmUp.pays(0));
        assertTrue(new WarmUp(1.0).pays(2));
    }
}
