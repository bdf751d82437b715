package net.spillway.spool.index;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A table whose rows are blocks of entries that lie next to each other: a row costs about as much
 * as fifty entries in it. Entries come at the end, mostly; those that come one by one are put
 * into the last block until it is worth its row. Used by one thread, in its transaction.
 *
 * <p>Keys of one space (what is above their lowest {@value Schema#NUMBER_BITS} bits) rise by
 * themselves, and no block holds entries of two.
 */
final class BlockTable<T> {
    /**
     * A block with fewer entries is filled up in any case; others if no more is written again by
     * that than is new.
     */
    private static final int WORTH_A_ROW = 8;

    /** The last block of a space. */
    private record Tail(long key, int entries, int octets) {}

    private final BlockCodec<T> codec;
    private final int maxEntries;
    private final int maxOctets;
    private final Statements sql;
    private final String insert;
    private final String extend;
    private final String replace;
    private final String delete;
    private final String floor;
    private final String range;
    private final Map<Long, Tail> tails = new HashMap<>();
    private final Packer packer = new Packer();
    private boolean inserting;
    private boolean extending;

    BlockTable(String name, BlockCodec<T> codec, int maxEntries, int maxOctets, Statements sql) {
        this.codec = codec;
        this.maxEntries = maxEntries;
        this.maxOctets = maxOctets;
        this.sql = sql;
        insert = "INSERT INTO " + name + " VALUES(?, ?, ?, ?)";
        extend = "UPDATE " + name + " SET hi = ?, n = ?, data = data || CAST(? AS VARBINARY("
                + Schema.MAX_BLOCK + ")) WHERE k = ?";
        replace = "UPDATE " + name + " SET hi = ?, n = ?, data = ? WHERE k = ?";
        delete = "DELETE FROM " + name + " WHERE k = ?";
        floor = floor(name);
        range = range(name);
    }

    /** The last block between two keys. */
    static String floor(String table) {
        return "SELECT k, hi, n, data FROM " + table
                + " WHERE k BETWEEN ? AND ? ORDER BY k DESC LIMIT 1";
    }

    /** The first so many blocks between two keys. */
    static String range(String table) {
        return "SELECT k, hi, n, data FROM " + table
                + " WHERE k BETWEEN ? AND ? ORDER BY k LIMIT ?";
    }

    /** Of the row a result stands on. */
    static Block block(ResultSet row) throws SQLException {
        return new Block(row.getLong(1), row.getLong(2), row.getInt(3), row.getBytes(4));
    }

    BlockCodec<T> codec() {
        return codec;
    }

    /** Adds entries of one space, rising, and all behind what is there; see {@link #flush}. */
    void append(List<T> entries) throws SQLException {
        long space = Schema.space(codec.key(entries.getFirst()));
        int at = 0;
        Tail tail = tail(space);
        if (tail != null && tail.entries < maxEntries && tail.octets < maxOctets
                && (tail.entries < WORTH_A_ROW || tail.entries <= entries.size())) {
            at = pack(entries, 0, tail);
            extend(tail, at, codec.key(entries.get(at - 1)));
        }
        while (at < entries.size()) {
            long key = codec.key(entries.get(at));
            int from = at;
            at = pack(entries, from, new Tail(key, 0, 0));
            insert(key, codec.key(entries.get(at - 1)), at - from);
        }
    }

    /** Packs what fits behind that; tells the index of the first entry that does not. */
    private int pack(List<T> entries, int from, Tail behind) {
        packer.clear();
        int at = from;
        while (at < entries.size() && behind.entries + at - from < maxEntries
                && behind.octets + packer.length() < maxOctets) {
            codec.write(entries.get(at++), behind.key, packer);
        }
        return at;
    }

    private void extend(Tail tail, int more, long highest) throws SQLException {
        PreparedStatement statement = sql.get(extend);
        statement.setLong(1, highest);
        statement.setInt(2, tail.entries + more);
        statement.setBytes(3, packer.toBytes());
        statement.setLong(4, tail.key);
        statement.addBatch();
        extending = true;
        tails.put(Schema.space(tail.key), new Tail(tail.key, tail.entries + more,
                tail.octets + packer.length()));
    }

    private void insert(long key, long highest, int entries) throws SQLException {
        PreparedStatement statement = sql.get(insert);
        statement.setLong(1, key);
        statement.setLong(2, highest);
        statement.setInt(3, entries);
        statement.setBytes(4, packer.toBytes());
        statement.addBatch();
        inserting = true;
        tails.put(Schema.space(key), new Tail(key, entries, packer.length()));
    }

    /** Writes what was appended. To be called before anything is appended to the same space. */
    void flush() throws SQLException {
        if (extending) {
            sql.get(extend).executeBatch();
        }
        if (inserting) {
            sql.get(insert).executeBatch();
        }
        extending = false;
        inserting = false;
    }

    private Tail tail(long space) throws SQLException {
        Tail known = tails.get(space);
        if (known == null) {
            Block last = floor(Schema.lastKey(space));
            if (last == null) {
                return null;
            }
            known = new Tail(last.key(), last.entries(), last.data().length);
            tails.put(space, known);
        }
        return known;
    }

    /** The block that has, or would have, an entry with that key; null if it would be the first. */
    Block floor(long key) throws SQLException {
        PreparedStatement statement = sql.get(floor);
        statement.setLong(1, Schema.firstKey(Schema.space(key)));
        statement.setLong(2, key);
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? block(row) : null;
        }
    }

    /** The first so many blocks with entries from {@code low} to {@code high}, of one space. */
    List<Block> blocks(long low, long high, int max) throws SQLException {
        Block first = floor(low);
        PreparedStatement statement = sql.get(range);
        statement.setLong(1, first == null ? low : first.key());
        statement.setLong(2, high);
        statement.setInt(3, max);
        var blocks = new ArrayList<Block>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                blocks.add(block(row));
            }
        }
        return blocks;
    }

    /**
     * Puts an entry between others.
     *
     * @return false if there is one with that key
     */
    boolean insert(T entry) throws SQLException {
        long key = codec.key(entry);
        tails.remove(Schema.space(key));
        Block floor = floor(key);
        List<T> entries = floor == null ? List.of() : floor.read(codec);
        if (entries.stream().anyMatch(other -> codec.key(other) == key)) {
            return false;
        }
        var before = new ArrayList<>(entries.stream().filter(e -> codec.key(e) < key).toList());
        var from = new ArrayList<>(List.of(entry));
        entries.stream().filter(other -> codec.key(other) > key).forEach(from::add);
        if (floor != null && floor.entries() < maxEntries && floor.data().length < maxOctets) {
            before.addAll(from);
            replace(floor, before);
        } else {
            if (floor != null) {
                replace(floor, before);
            }
            packAll(key, from);
            insert(key, codec.key(from.getLast()), from.size());
            flush();
            tails.remove(Schema.space(key));
        }
        return true;
    }

    /** The entry with that key. */
    Optional<T> find(long key) throws SQLException {
        Block block = floor(key);
        return block == null ? Optional.empty() : block.read(codec).stream()
                .filter(entry -> codec.key(entry) == key).findFirst();
    }

    private void packAll(long block, List<T> entries) {
        packer.clear();
        entries.forEach(entry -> codec.write(entry, block, packer));
    }

    private void replace(Block block, List<T> entries) throws SQLException {
        packAll(block.key(), entries);
        replace(new Block(block.key(), entries.isEmpty() ? block.key()
                : codec.key(entries.getLast()), entries.size(), packer.toBytes()));
    }

    private void replace(Block block) throws SQLException {
        if (block.entries() == 0) {
            sql.run(delete, block.key());
            return;
        }
        PreparedStatement statement = sql.get(replace);
        statement.setLong(1, block.highest());
        statement.setInt(2, block.entries());
        statement.setBytes(3, block.data());
        statement.setLong(4, block.key());
        statement.executeUpdate();
    }

    /** Takes out of a block what is not wanted, and the block if nothing is left. */
    void keep(Block block, Predicate<T> wanted) throws SQLException {
        Block kept = block.keep(codec, wanted);
        if (kept != block) {
            tails.remove(Schema.space(block.key()));
            replace(kept);
        }
    }

    /** Takes out the entry with that key, if its article lies there. */
    void remove(long key, long location) throws SQLException {
        Block block = floor(key);
        if (block != null) {
            keep(block, entry -> codec.key(entry) != key || codec.location(entry) != location);
        }
    }
}
