package net.spillway.spool.index;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentSummary;

/** Applies changes to the tables. Used by one thread; groups may be looked up by all. */
final class IndexWriter {
    private static final long MINUTE = 60_000;

    private final Connection db;
    private final ConcurrentHashMap<String, GroupRow> groups = new ConcurrentHashMap<>();
    private final Set<String> changedGroups = new HashSet<>();
    private final Map<String, Integer> shrunk = new HashMap<>();
    private final List<Long> removed = new ArrayList<>();
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private volatile Watermark watermark;
    private long lastSequence;
    private long lastMinute = Long.MIN_VALUE;
    private boolean broken;

    IndexWriter(Connection db) throws SQLException {
        this.db = db;
        try (Statement sql = db.createStatement()) {
            try (ResultSet r = sql.executeQuery("SELECT segment, pos, seq FROM mark")) {
                r.next();
                watermark = new Watermark(r.getInt(1), r.getLong(2), r.getLong(3));
            }
            try (ResultSet r = sql.executeQuery("SELECT id, name, status, description, created,"
                    + " low, high, cnt FROM grp")) {
                while (r.next()) {
                    groups.put(r.getString(2), new GroupRow(r.getInt(1), r.getString(2),
                            r.getString(3).charAt(0), r.getString(4), r.getLong(5), r.getLong(6),
                            r.getLong(7), r.getLong(8)));
                }
            }
        }
        lastSequence = watermark.sequence();
    }

    Watermark watermark() {
        return watermark;
    }

    Collection<GroupRow> groups() {
        return groups.values();
    }

    Optional<GroupRow> group(String name) {
        return Optional.ofNullable(groups.get(name));
    }

    Applied apply(List<IndexOp.Placed> ops) throws SQLException {
        if (broken) {
            throw new SQLException("an earlier change failed");
        }
        broken = true; // Until it is committed: the groups in memory may be ahead of the tables.
        shrunk.clear();
        removed.clear();
        Watermark now = watermark;
        for (IndexOp.Placed placed : ops) {
            if (!now.covers(placed.segment(), placed.end())) {
                apply(placed);
                now = new Watermark(placed.segment(), placed.end(), lastSequence);
            }
        }
        flush("INSERT INTO art", "INSERT INTO num", "INSERT INTO remembered");
        saveGroups();
        run("UPDATE mark SET segment = ?, pos = ?, seq = ?", now.segment(), now.end(),
                now.sequence());
        db.commit();
        watermark = now;
        broken = false;
        return new Applied(Map.copyOf(shrunk), List.copyOf(removed));
    }

    private void apply(IndexOp.Placed placed) throws SQLException {
        switch (placed.op()) {
            case IndexOp.Add add -> add(add.row());
            case IndexOp.Remove remove -> {
                remove(remove.sequence());
                remember(List.of(remove.known()), placed.sequence());
            }
            case IndexOp.PutGroup put -> putGroup(put.group());
            case IndexOp.PutFeed put -> putFeed(put.feed());
            case IndexOp.Remember remember -> remember(remember.ids(), placed.sequence());
            case IndexOp.DropSegment drop -> drop(drop.summary());
            case IndexOp.Nothing nothing -> { }
        }
        lastSequence = Math.max(lastSequence, placed.sequence());
    }

    private void add(ArticleRow row) throws SQLException {
        if (row.sequence() <= lastSequence) {
            return; // Only a log that was tampered with says a sequence twice.
        }
        PreparedStatement art = statement(
                "INSERT INTO art VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        art.setLong(1, row.sequence());
        art.setLong(2, row.location());
        art.setInt(3, row.wireLength());
        art.setLong(4, row.arrival());
        art.setLong(5, row.bytes());
        art.setInt(6, row.lines());
        art.setString(7, row.id());
        art.setString(8, row.source());
        art.setString(9, row.xref());
        HeadFields head = row.head();
        art.setString(10, head.subject());
        art.setString(11, head.from());
        art.setString(12, head.date());
        art.setString(13, head.references());
        art.setString(14, head.path());
        art.setString(15, head.distribution());
        art.addBatch();
        for (LogRecord.Filed filed : row.filed()) {
            file(filed, row);
        }
        long minute = Math.floorDiv(row.arrival(), MINUTE);
        if (minute != lastMinute) {
            noteMinute(minute, row.sequence());
            lastMinute = minute;
        }
        lastSequence = row.sequence();
    }

    private void file(LogRecord.Filed filed, ArticleRow row) throws SQLException {
        GroupRow group = groups.get(filed.group());
        if (group == null) {
            // Its own record was lost to damage; the articles shall be reachable all the same.
            group = newGroup(new LogRecord.Group(filed.group(), 'y', "", row.arrival(), 0));
        }
        if (filed.number() > group.high()) {
            PreparedStatement num = statement("INSERT INTO num VALUES(?, ?)");
            num.setLong(1, Schema.key(group.key(), filed.number()));
            num.setLong(2, row.sequence());
            num.addBatch();
            put(group.plus(filed.number()));
        }
    }

    private void noteMinute(long minute, long sequence) throws SQLException {
        PreparedStatement known = statement("SELECT 1 FROM arrived WHERE m = ?");
        known.setLong(1, minute);
        try (ResultSet r = known.executeQuery()) {
            if (r.next()) {
                return;
            }
        }
        run("INSERT INTO arrived VALUES(?, ?)", minute, sequence);
    }

    private void remove(long sequence) throws SQLException {
        flush("INSERT INTO art", "INSERT INTO num");
        removed.add(sequence);
        PreparedStatement find = statement("SELECT xref FROM art WHERE seq = ?");
        find.setLong(1, sequence);
        String xref;
        try (ResultSet r = find.executeQuery()) {
            if (!r.next()) {
                return;
            }
            xref = r.getString(1);
        }
        run("DELETE FROM art WHERE seq = ?", sequence);
        for (LogRecord.Filed filed : ArticleRow.parseXref(xref)) {
            GroupRow group = groups.get(filed.group());
            if (group != null && run("DELETE FROM num WHERE k = ? AND seq = ?",
                    Schema.key(group.key(), filed.number()), sequence) > 0) {
                shrink(group, 1);
            }
        }
    }

    private void drop(SegmentSummary gone) throws SQLException {
        if (gone.articles() == 0) {
            return;
        }
        flush("INSERT INTO art", "INSERT INTO num");
        for (var entry : spans(gone).entrySet()) {
            GroupRow group = groups.get(entry.getKey());
            if (group != null) {
                Span span = entry.getValue();
                int articles = run("DELETE FROM num WHERE k BETWEEN ? AND ?"
                        + " AND seq BETWEEN ? AND ?", Schema.key(group.key(), span.low),
                        Schema.key(group.key(), span.high), gone.first(), gone.last());
                shrink(group, articles);
            }
        }
        run("DELETE FROM art WHERE seq BETWEEN ? AND ?", gone.first(), gone.last());
        // The minute in which the segment ended goes on in the next.
        run("DELETE FROM arrived WHERE seq BETWEEN ? AND ? AND m < ?", gone.first(), gone.last(),
                Math.floorDiv(gone.latest(), MINUTE));
    }

    void noteSealed(long sequence) throws SQLException {
        // What stands at the very sequence may have come after the seal.
        run("DELETE FROM remembered WHERE seq < ?", sequence);
        run("UPDATE mark SET sealed = ?", sequence);
        db.commit();
    }

    /** Takes out what a drop that a crash cut short has left. */
    void dropBefore(long sequence) throws SQLException {
        SegmentSummary gone;
        PreparedStatement find = statement(
                "SELECT MIN(seq), MAX(seq), COUNT(*), MIN(arrival), MAX(arrival) FROM art"
                        + " WHERE seq < ?");
        find.setLong(1, sequence);
        try (ResultSet r = find.executeQuery()) {
            r.next();
            gone = new SegmentSummary(r.getLong(1), r.getLong(2), r.getLong(3), r.getLong(4),
                    r.getLong(5));
        }
        drop(gone);
        saveGroups();
        db.commit();
    }

    private static final class Span {
        private long low = Long.MAX_VALUE;
        private long high;
    }

    /** The lowest and the highest number in each group of the articles that go. */
    private Map<String, Span> spans(SegmentSummary gone) throws SQLException {
        var spans = new HashMap<String, Span>();
        PreparedStatement find = statement("SELECT xref FROM art WHERE seq BETWEEN ? AND ?");
        find.setLong(1, gone.first());
        find.setLong(2, gone.last());
        try (ResultSet r = find.executeQuery()) {
            while (r.next()) {
                for (LogRecord.Filed filed : ArticleRow.parseXref(r.getString(1))) {
                    Span span = spans.computeIfAbsent(filed.group(), name -> new Span());
                    span.low = Math.min(span.low, filed.number());
                    span.high = Math.max(span.high, filed.number());
                }
            }
        }
        return spans;
    }

    private void shrink(GroupRow group, int articles) throws SQLException {
        put(group.minus(articles, lowest(group)));
        shrunk.merge(group.name(), articles, Integer::sum);
    }

    /** The lowest number left in a group; high + 1 if none is. */
    private long lowest(GroupRow group) throws SQLException {
        PreparedStatement find = statement("SELECT MIN(k) FROM num WHERE k BETWEEN ? AND ?");
        find.setLong(1, Schema.key(group.key(), 0));
        find.setLong(2, Schema.key(group.key(), group.high()));
        try (ResultSet r = find.executeQuery()) {
            r.next();
            return r.getObject(1) == null ? group.high() + 1 : Schema.number(r.getLong(1));
        }
    }

    private void putGroup(LogRecord.Group wanted) throws SQLException {
        GroupRow group = groups.get(wanted.name());
        put((group == null ? newGroup(wanted) : group)
                .described(wanted.status(), wanted.description(), wanted.high()));
    }

    private GroupRow newGroup(LogRecord.Group wanted) throws SQLException {
        int key = groups.size() + 1; // Groups never go away.
        try (PreparedStatement sql = db.prepareStatement(
                "INSERT INTO grp VALUES(?, ?, 'y', '', ?, 1, 0, 0)")) {
            sql.setInt(1, key);
            sql.setString(2, wanted.name());
            sql.setLong(3, wanted.created());
            sql.executeUpdate();
        }
        return new GroupRow(key, wanted.name(), wanted.status(), wanted.description(),
                wanted.created(), 1, 0, 0);
    }

    private void put(GroupRow group) {
        groups.put(group.name(), group);
        changedGroups.add(group.name());
    }

    private void saveGroups() throws SQLException {
        PreparedStatement sql = statement("UPDATE grp SET status = ?, description = ?, low = ?,"
                + " high = ?, cnt = ? WHERE id = ?");
        for (String name : changedGroups) {
            GroupRow group = groups.get(name);
            sql.setString(1, String.valueOf(group.status()));
            sql.setString(2, group.description());
            sql.setLong(3, group.low());
            sql.setLong(4, group.high());
            sql.setLong(5, group.count());
            sql.setInt(6, group.key());
            sql.executeUpdate();
        }
        changedGroups.clear();
    }

    private void putFeed(LogRecord.Feed feed) throws SQLException {
        PreparedStatement sql = statement("MERGE INTO feed VALUES(?, ?, ?)");
        sql.setString(1, feed.name());
        sql.setLong(2, feed.cursor());
        sql.setObject(3, octets(feed.deferred()), Types.VARBINARY);
        sql.executeUpdate();
    }

    private void remember(List<LogRecord.Known> ids, long sequence) throws SQLException {
        PreparedStatement sql = statement(
                "INSERT INTO remembered(hi, lo, t, seq) VALUES(?, ?, ?, ?)");
        for (LogRecord.Known known : ids) {
            sql.setLong(1, known.id().high());
            sql.setLong(2, known.id().low());
            sql.setLong(3, known.time());
            sql.setLong(4, sequence);
            sql.addBatch();
        }
    }

    private int run(String sql, long... parameters) throws SQLException {
        PreparedStatement statement = statement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setLong(i + 1, parameters[i]);
        }
        return statement.executeUpdate();
    }

    private PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = db.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    /** Executes the batches of the statements that begin so. */
    private void flush(String... beginnings) throws SQLException {
        for (var entry : statements.entrySet()) {
            for (String beginning : beginnings) {
                if (entry.getKey().startsWith(beginning)) {
                    entry.getValue().executeBatch();
                }
            }
        }
    }

    private static byte[] octets(long[] numbers) {
        ByteBuffer out = ByteBuffer.allocate(numbers.length * Long.BYTES);
        for (long number : numbers) {
            out.putLong(number);
        }
        return out.array();
    }

    static long[] longs(byte[] octets) {
        long[] numbers = new long[octets.length / Long.BYTES];
        ByteBuffer.wrap(octets).asLongBuffer().get(numbers);
        return numbers;
    }
}
