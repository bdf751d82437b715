package net.spillway.spool.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.spillway.spool.segment.Location;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockTableTest {
    private static final long SEED = Long.getLong("spool.seed", System.nanoTime());

    private Connection db;
    private BlockTable<NumberEntry> table;

    @BeforeEach
    void makeTable() throws Exception {
        db = DriverManager.getConnection("jdbc:h2:mem:blocks");
        try (Statement sql = db.createStatement()) {
            sql.execute("CREATE TABLE num(k BIGINT PRIMARY KEY, hi BIGINT, n INT,"
                    + " data VARBINARY(" + Schema.MAX_BLOCK + "))");
        }
        table = new BlockTable<>("num", NumberEntry.CODEC, 20, 150, new Statements(db));
    }

    @AfterEach
    void closeDatabase() throws Exception {
        db.close();
    }

    @Test
    void manyEntriesShareARow() throws Exception {
        var entries = new ArrayList<NumberEntry>();
        for (int n = 1; n <= 100; n++) {
            entries.add(entry(1, n));
        }
        table.append(entries);
        table.flush();
        assertTrue(rows() < 15, rows() + " rows");
        assertEquals(entries, all(1));
    }

    @Test
    void entriesThatComeOneByOneShareRowsToo() throws Exception {
        for (int n = 1; n <= 100; n++) {
            table.append(List.of(entry(1, n)));
            table.flush();
        }
        assertTrue(rows() <= 100 / 8 + 1, rows() + " rows");
        assertEquals(100, all(1).size());
    }

    @Test
    void whatIsAppendedInsertedAndTakenOutIsThereInOrderOrNot() throws Exception {
        var random = new Random(SEED);
        var expected = List.of(new TreeMap<Long, NumberEntry>(), new TreeMap<Long, NumberEntry>());
        long[] high = {0, 0};
        for (int round = 0; round < 400; round++) {
            int group = random.nextInt(2);
            TreeMap<Long, NumberEntry> mine = expected.get(group);
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    var some = new ArrayList<NumberEntry>();
                    for (int i = random.nextInt(30); i >= 0; i--) {
                        high[group] += 1 + random.nextInt(3);
                        some.add(entry(group, high[group]));
                    }
                    table.append(some);
                    table.flush();
                    some.forEach(entry -> mine.put(entry.key(), entry));
                }
                case 2 -> {
                    NumberEntry late = entry(group, 1 + random.nextLong(high[group] + 1));
                    high[group] = Math.max(high[group], late.number());
                    assertEquals(mine.putIfAbsent(late.key(), late) == null, table.insert(late));
                }
                default -> {
                    long low = Schema.key(group, random.nextLong(high[group] + 1));
                    for (Block block : table.blocks(low, low + 30, 3)) {
                        table.keep(block, entry -> entry.key() < low || entry.key() > low + 5);
                    }
                    mine.subMap(low, true, low + 5, true).clear();
                    long one = Schema.key(group, random.nextLong(high[group] + 1));
                    NumberEntry gone = mine.remove(one);
                    table.remove(one, gone == null ? 0 : gone.location());
                    assertFalse(table.find(one).isPresent());
                }
            }
            assertEquals(List.copyOf(mine.values()), all(group), "seed " + SEED);
        }
    }

    @Test
    void blocksFromAKeyOnBeginWithTheOneThatHasIt() throws Exception {
        var entries = new ArrayList<NumberEntry>();
        for (int n = 1; n <= 60; n++) {
            entries.add(entry(3, 2 * n));
        }
        table.append(entries);
        table.flush();
        for (int n = 2; n <= 120; n++) {
            Block block = table.blocks(Schema.key(3, n), Schema.lastKey(3), 1).getFirst();
            assertTrue(Schema.number(block.key()) <= n);
            assertTrue(Schema.number(block.highest()) >= n - n % 2);
        }
    }

    private static NumberEntry entry(int group, long number) {
        return new NumberEntry(Schema.key(group, number), 1000 + number,
                Location.of(7, 64 + 1000 * number));
    }

    private List<NumberEntry> all(int group) throws Exception {
        var all = new ArrayList<NumberEntry>();
        for (Block block : table.blocks(Schema.firstKey(group), Schema.lastKey(group), 1000)) {
            List<NumberEntry> entries = block.read(NumberEntry.CODEC);
            assertEquals(block.entries(), entries.size());
            assertTrue(block.key() <= entries.getFirst().key());
            assertTrue(block.highest() >= entries.getLast().key());
            all.addAll(entries);
        }
        return all;
    }

    private int rows() throws Exception {
        try (Statement sql = db.createStatement();
                ResultSet rows = sql.executeQuery("SELECT COUNT(*) FROM num")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
