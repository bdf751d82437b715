package net.spillway.spool.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.spool.file.DiskFiles;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.Location;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    @TempDir
    Path folder;

    @Test
    void whatWasPutIsFoundInHeapAndPartitionsAndTheNewestWins() throws Exception {
        try (History history = open(folder, 100, 1000)) {
            for (int n = 1; n <= 1050; n++) {
                history.put(id(n), new HistoryEntry(Location.of(1, 64 + n), n));
                history.mayFreeze(n);
                history.awaitSealed();
            }
            history.put(id(5), new HistoryEntry(Location.NONE, 2000));
            assertEquals(1000, history.upTo());
            requireFound(history, 1050);
            assertEquals(Location.NONE, history.find(id(5)).orElseThrow().location());
        }
        try (History history = open(folder, 100, 1000)) {
            assertEquals(1000, history.upTo());
            assertEquals(Location.of(1, 69), history.find(id(5)).orElseThrow().location());
            requireFound(history, 1000);
        }
    }

    @Test
    void partitionsAreForgottenOnlyWhenNothingInThemIsWanted() throws Exception {
        try (History history = open(folder, 10, 1000)) {
            for (int n = 1; n <= 40; n++) {
                history.put(id(n), new HistoryEntry(Location.of(n <= 10 ? 5 : 1, n), 100L * n));
                history.mayFreeze(n);
                history.awaitSealed();
            }
            history.forget(2500, 3);
            assertTrue(history.find(id(1)).isPresent(), "its segment is still there");
            assertTrue(history.find(id(11)).isPresent(), "its time is not over");
            history.forget(3001, 3);
            assertFalse(history.find(id(11)).isPresent());
            history.forget(1_000_000, 6);
            assertFalse(history.find(id(1)).isPresent());
            assertEquals(40, history.upTo());
        }
    }

    @Test
    void partitionsAreMergedAndNothingIsLostButWhatNobodyWants() throws Exception {
        try (History history = open(folder, 10, 1000)) {
            history.startMerging(entry -> entry.time() > 100);
            for (int n = 1; n <= 1000; n++) {
                history.put(id(n % 990), new HistoryEntry(Location.of(1, n), n <= 50 ? 0
                        : 60_000L * n));
                history.mayFreeze(n);
                history.awaitSealed();
            }
            requireMerged(history);
        }
        try (History history = open(folder, 10, 1000)) {
            assertEquals(1000, history.upTo());
            requireMerged(history);
        }
    }

    private static void requireMerged(History history) throws Exception {
        history.awaitMerged();
        assertTrue(history.partitions() < 12, "partitions " + history.partitions());
        for (int n = 0; n < 990; n++) {
            int newest = n <= 10 ? 990 + n : n;
            Optional<HistoryEntry> found = history.find(id(n));
            assertEquals(newest <= 50 ? Optional.empty()
                    : Optional.of(new HistoryEntry(Location.of(1, newest), 60_000L * newest)),
                    found, "entry " + n);
        }
        for (int n = 1000; n < 3000; n++) {
            assertTrue(history.find(id(n)).isEmpty());
        }
    }

    @Test
    void whatIsKnownIsFoundWhileItsPartitionIsMergedWithOthers() throws Exception {
        var last = new AtomicInteger();
        var done = new AtomicBoolean();
        try (History history = open(folder, 10, 1000);
                ExecutorService reader = Executors.newSingleThreadExecutor()) {
            history.startMerging(entry -> true);
            Future<Integer> looked = reader.submit(() -> {
                var random = new Random(1);
                int times = 0;
                for (; !done.get(); times++) {
                    int n = random.nextInt(last.get() + 1);
                    assertTrue(n == 0 || history.find(id(n)).isPresent(), "entry " + n);
                }
                return times;
            });
            try {
                for (int n = 1; n <= 400; n++) {
                    history.put(id(n), new HistoryEntry(Location.of(1, n), 60_000L * n));
                    last.set(n);
                    history.mayFreeze(n);
                    history.awaitSealed();
                }
            } finally {
                done.set(true);
            }
            assertTrue(looked.get() > 0);
        }
    }

    @Test
    void garbageIsRefused() throws Exception {
        byte[] garbage = new byte[10_000];
        new Random(1).nextBytes(garbage);
        Files.write(folder.resolve("history.mv"), garbage);
        assertThrows(IndexException.class, () -> open(folder, 10, 1000));
    }

    @Test
    void bloomFilterNeverDeniesAndSeldomErrs() {
        var filter = new BloomFilter(10_000);
        for (int n = 0; n < 10_000; n++) {
            filter.add(id(n));
        }
        byte[] octets = filter.toBytes();
        var copy = BloomFilter.ofOctets(octets.length);
        copy.put(64, Arrays.copyOfRange(octets, 64, octets.length));
        copy.put(0, Arrays.copyOf(octets, 64));
        int wrong = 0;
        for (int n = 0; n < 10_000; n++) {
            assertTrue(copy.mayContain(id(n)));
            wrong += copy.mayContain(id(n + 50_000)) ? 1 : 0;
        }
        assertTrue(wrong < 200, "wrong " + wrong);
    }

    private static void requireFound(History history, int count) throws Exception {
        for (int n = 1; n <= count; n++) {
            if (n != 5) {
                assertEquals(Optional.of(Location.of(1, 64 + n)),
                        history.find(id(n)).map(HistoryEntry::location));
            }
            assertTrue(history.find(id(n + 100_000)).isEmpty());
        }
    }

    private static IdHash id(int n) {
        var random = new Random(n);
        return new IdHash(random.nextLong(), random.nextLong());
    }

    private static History open(Path folder, int heapEntries, long rememberMillis)
            throws IOException {
        return History.open(new DiskFiles(), folder, heapEntries, rememberMillis);
    }
}
