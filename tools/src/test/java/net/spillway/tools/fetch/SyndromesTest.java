package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.BitSet;
import java.util.TreeMap;
import net.spillway.fec.FileHasher;
import net.spillway.fec.Par2Set;
import net.spillway.fec.Par2SetBuilder;
import org.junit.jupiter.api.Test;

/** Sums of slices that stream by. */
class SyndromesTest {
    private static final int SLICE = 100;

    @Test
    void withoutMemoryForSumsSlicesStreamByAndRepairHasToReadThem() throws Exception {
        byte[] data = new byte[3 * SLICE];
        FileHasher hasher = new FileHasher(SLICE);
        hasher.update(data, 0, data.length);
        Par2Set set = new Par2SetBuilder(SLICE).add("a", hasher.finish()).build();
        try (Syndromes sums = new Syndromes(set, new int[] {0}, () -> {
            throw new OutOfMemoryError("none for the test");
        })) {
            Syndromes.Feed feed = new Syndromes.Feed(sums, 0, SLICE, data.length);
            feed.add(data, 0);
            assertFalse(sums.solve(new BitSet(), (slice, into) -> { }, new TreeMap<>(),
                    (slice, from, bytes, offset, length) -> { }));
        }
    }
}
