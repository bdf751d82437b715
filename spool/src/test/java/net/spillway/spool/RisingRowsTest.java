package net.spillway.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.spillway.spool.index.ArticleRow;
import net.spillway.spool.index.HeadFields;
import org.junit.jupiter.api.Test;

class RisingRowsTest {
    private final TreeMap<Long, ArticleRow> wanted = new TreeMap<>();
    private final RisingRows rows = new RisingRows();

    private static ArticleRow row(long sequence) {
        return new ArticleRow(sequence, 0, 1, 0, 0, 1, 1, "<" + sequence + "@test.example>", "", "",
                List.of(), HeadFields.read(new byte[0], 0, 0));
    }

    private void add(long key) {
        ArticleRow row = row(key);
        rows.add(key, row);
        wanted.put(key, row);
    }

    private void remove(long key) {
        assertEquals(Optional.ofNullable(wanted.remove(key)), rows.remove(key));
    }

    private void requireSame(long key, long other, int max) {
        assertEquals(Optional.ofNullable(wanted.get(key)), rows.get(key));
        assertEquals(Optional.ofNullable(wanted.higherKey(key)), rows.higher(key));
        assertEquals(Optional.ofNullable(wanted.lowerKey(key)), rows.lower(key));
        assertEquals(Optional.ofNullable(wanted.firstEntry()).map(Map.Entry::getValue),
                rows.first());
        assertEquals(!wanted.isEmpty() && wanted.firstKey() <= key, rows.reachesDownTo(key));
        assertEquals(wanted.tailMap(key).values().stream().limit(max).toList(),
                rows.from(key, max));
        assertEquals(key > other ? List.of() : wanted.subMap(key, true, other, true).entrySet()
                .stream().limit(max).toList(), rows.range(key, other, max));
    }

    @Test
    void articlesAreFoundWhileTheyComeAtTheEndAndGoFromTheBeginningAndFromBetween() {
        var random = new Random(5);
        long last = 0;
        for (int i = 0; i < 20_000; i++) {
            // Now more come than go, now more go than come, and sometimes nothing is left.
            boolean grows = i / 1000 % 2 == 0;
            if (random.nextInt(10) < (grows ? 7 : 3)) {
                last += 1 + random.nextInt(3);
                add(last);
            } else if (random.nextInt(4) > 0 && !wanted.isEmpty()) {
                remove(wanted.firstKey());
            } else {
                remove(last - random.nextInt(50));
            }
            requireSame(last - random.nextInt(100), last - random.nextInt(100),
                    1 + random.nextInt(20));
        }
    }

    @Test
    void aKeyThatDoesNotRiseIsRefused() {
        add(5);
        assertThrows(IllegalArgumentException.class, () -> rows.add(5, row(5)));
        assertThrows(IllegalArgumentException.class, () -> rows.add(4, row(4)));
    }
}
