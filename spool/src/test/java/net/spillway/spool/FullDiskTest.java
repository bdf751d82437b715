package net.spillway.spool;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk is full at every write there is, of segments and of the index: later, never no; nothing
 * acknowledged is lost; readers go on; and so does everything else by itself once there is space.
 */
class FullDiskTest {
    private static final int ROUNDS = Integer.getInteger("spool.crash.points", 200) / 8;
    private static final long SEED = Long.getLong("spool.seed", System.nanoTime());
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path dir;
    private final SimulatedDisk disk = new SimulatedDisk();
    private final Random random = new Random(SEED);
    private final TreeMap<Integer, Map<String, Long>> told = new TreeMap<>();
    private final Set<Long> numbers = new HashSet<>();

    @Test
    void fullDiskAtAnyWriteIsOnlyADelay() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        int refusals = 0;
        try (var it = new SpoolHarness(dir).with(8000, null, 0)) {
            it.files = disk;
            it.heapEntries = 30;
            it.open().createGroup("spill.a", 'y', "");
            int rounds = 0;
            while (rounds < ROUNDS && System.nanoTime() < deadline) {
                refusals += fillUp(it, rounds++);
                requireReadable(it, 20);
                disk.leaveSpace(Long.MAX_VALUE);
                storeAgain(it);
                if (rounds % 10 == 0) {
                    it.reopen();
                    requireReadable(it, told.size());
                    assertEquals(0, it.spool.stats().damage().size());
                }
            }
            await().atMost(SOON).until(() -> it.spool.stats().trouble().isEmpty());
            assertTrue(refusals > rounds / 4, "refusals: " + refusals);
            System.out.printf("full disks: %d, articles put off: %d, acknowledged: %d, lost: 0,"
                    + " seed %d%n", rounds, refusals, told.size(), SEED);
        } finally {
            disk.forget();
        }
    }

    /** Expiry is what makes room again, and a relay that is told to end must end. */
    @Test
    void indexThatWaitsForSpaceHoldsUpNeitherExpiryNorTheEnd() throws Exception {
        var it = new SpoolHarness(dir).with(8000, null, 0);
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            it.files = disk;
            it.open().createGroup("spill.a", 'y', "");
            store(it, 1);
            disk.leaveSpace(0);
            await().atMost(SOON).until(() -> it.spool.stats().trouble().contains("index"));
            assertFalse(it.disk.indexer().flush());
            others.submit(() -> it.spool.expire(it.now)).get(20, TimeUnit.SECONDS);
            others.submit(() -> {
                it.close();
                return null;
            }).get(20, TimeUnit.SECONDS);
            disk.leaveSpace(Long.MAX_VALUE);
            it.open();
            requireReadable(it, 1);
            it.close();
        } finally {
            disk.forget();
        }
    }

    @Test
    void startOnAFullDiskWaitsAndGoesOnByItself() throws Exception {
        var it = new SpoolHarness(dir).with(8000, null, 0);
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            it.files = disk;
            it.open().createGroup("spill.a", 'y', "");
            store(it, 1);
            it.close();
            long before = disk.refusals();
            disk.leaveSpace(0);
            try {
                Future<?> start = others.submit(it::open);
                await().atMost(SOON).until(() -> disk.refusals() > before + 2);
                assertFalse(start.isDone());
                disk.leaveSpace(Long.MAX_VALUE);
                start.get(20, TimeUnit.SECONDS);
            } finally {
                disk.leaveSpace(Long.MAX_VALUE); // Or it would wait for ever.
            }
            requireReadable(it, 1);
            it.close();
        } finally {
            disk.forget();
        }
    }

    /** Stores until the disk is full, and some more; a few times an octet more or less. */
    private int fillUp(SpoolHarness it, int round) throws Exception {
        disk.leaveSpace(random.nextInt(round % 2 == 0 ? 1500 : 30_000));
        int refusals = 0;
        for (int i = 0; i < 12; i++) {
            if (!store(it, 10_000 * (round + 1) + i)) {
                refusals++;
            }
        }
        return refusals;
    }

    /** @return whether it was stored; if not, nothing but the moment is to blame */
    private boolean store(SpoolHarness it, int n) throws Exception {
        StoreOutcome outcome = it.store(Articles.article(n, "spill.a"));
        if (outcome instanceof StoreOutcome.Stored stored) {
            told.put(n, stored.numbers());
            assertTrue(numbers.add(stored.numbers().get("spill.a")), "a number given twice");
            return true;
        }
        assertFalse(outcome instanceof StoreOutcome.Duplicate, () -> n + " was never stored");
        assertEquals(Presence.UNKNOWN, it.spool.presence(Articles.id(n)));
        return false;
    }

    private void storeAgain(SpoolHarness it) {
        int n = 5 + (told.isEmpty() ? 0 : told.lastKey());
        await().atMost(SOON).until(() -> it.spool.presence(Articles.id(n)) == Presence.STORED
                || store(it, n));
    }

    private void requireReadable(SpoolHarness it, int howMany) throws Exception {
        for (var one : told.descendingMap().entrySet().stream().limit(howMany).toList()) {
            int n = one.getKey();
            try (StoredArticle open = it.spool.open(Articles.id(n)).orElseThrow(() ->
                    new AssertionError("article " + n + " is lost, seed " + SEED))) {
                assertEquals(Articles.wire(Articles.article(n, "spill.a"),
                        "spill.a:" + one.getValue().get("spill.a")),
                        Articles.text(open.readAll()));
            }
            long number = one.getValue().get("spill.a");
            try (StoredArticle open = it.spool.open("spill.a", number).orElseThrow()) {
                assertEquals(Articles.id(n), open.id());
            }
        }
    }
}
