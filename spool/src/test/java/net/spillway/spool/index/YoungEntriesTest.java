package net.spillway.spool.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import net.spillway.spool.segment.IdHash;
import org.junit.jupiter.api.Test;

class YoungEntriesTest {
    private static final long SEED = Long.getLong("spool.seed", System.nanoTime());

    @Test
    void newestEntryOfEachIdIsFoundAndHandedOutInOrder() {
        var random = new Random(SEED);
        Map<IdHash, HistoryEntry> expected = new TreeMap<>();
        var young = new YoungEntries();
        for (int n = 0; n < 20_000; n++) {
            // Few high halves and lows of the same last bits, so that everything collides.
            var id = new IdHash(random.nextInt(3000) * 0x9E3779B97F4A7C15L,
                    (long) random.nextInt(4) << 40);
            var entry = new HistoryEntry(n, -n);
            if (young.isFull()) {
                young = young.larger();
            }
            young.put(id, entry);
            expected.put(id, entry);
        }
        assertEquals(expected.size(), young.size(), "seed " + SEED);
        for (var one : expected.entrySet()) {
            assertEquals(one.getValue(), young.find(one.getKey()), "seed " + SEED);
        }
        assertNull(young.find(new IdHash(1, 1)));
        List<Map.Entry<IdHash, HistoryEntry>> sorted = new ArrayList<>();
        young.forEachSorted((id, entry) -> sorted.add(Map.entry(id, entry)));
        assertEquals(List.copyOf(expected.entrySet()), sorted, "seed " + SEED);
    }

    /** What is put takes, at any moment, the very slot at which the stranger's search ends. */
    @Test
    void strangerIsNeverTakenForWhatIsPutBesideIt() throws Exception {
        var young = new AtomicReference<>(new YoungEntries());
        var wrong = new AtomicReference<IdHash>();
        var over = new AtomicBoolean();
        Thread asking = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                YoungEntries now = young.get();
                var stranger = new IdHash(-1, now.size());
                if (now.find(stranger) != null) {
                    wrong.set(stranger);
                }
            }
        });
        for (int round = 0; round < 2000; round++) {
            var now = new YoungEntries();
            young.set(now);
            for (int n = 0; n < 1000; n++) {
                now.put(new IdHash(1, n), new HistoryEntry(n, n));
            }
        }
        over.set(true);
        asking.join();
        assertNull(wrong.get(), "was never put");
    }

    @Test
    void emptyOnesHandOutNothing() {
        new YoungEntries().forEachSorted((id, entry) -> {
            throw new AssertionError(id + " was never put");
        });
    }
}
