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
import java.util.concurrent.ConcurrentSkipListSet;
import net.spillway.conf.StorageConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.Location;
import net.spillway.spool.segment.LogRecord;

/** Applies changes to the tables. Used by one thread; groups may be looked up by all. */
final class IndexWriter {
    private static final long MINUTE = 60_000;
    /** Sequences looked through in one transaction: new articles wait meanwhile. */
    private static final int CLEANED_AT_ONCE = 2_000;

    private final Connection db;
    private final ConcurrentHashMap<String, GroupRow> groups = new ConcurrentHashMap<>();
    private final Set<String> changedGroups = new HashSet<>();
    private final Map<String, Integer> shrunk = new HashMap<>();
    private final List<Long> removed = new ArrayList<>();
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final Map<Integer, IndexedSegment> segments = new ConcurrentHashMap<>();
    private final ConcurrentSkipListSet<Integer> gone = new ConcurrentSkipListSet<>();
    private final Set<Integer> changedSegments = new HashSet<>();
    private final Marks marks = new Marks();
    private volatile long sequence;
    private long lastSequence;
    private long lastMinute = Long.MIN_VALUE;
    private boolean broken;

    IndexWriter(Connection db) throws SQLException {
        this.db = db;
        try (Statement sql = db.createStatement()) {
            try (ResultSet r = sql.executeQuery("SELECT seq FROM mark")) {
                r.next();
                sequence = r.getLong(1);
            }
            try (ResultSet r = sql.executeQuery(
                    "SELECT id, storage, pos, lo, hi, gone FROM seg")) {
                while (r.next()) {
                    segments.put(r.getInt(1), new IndexedSegment(r.getInt(1), r.getString(2),
                            r.getLong(3), r.getLong(4), r.getLong(5), r.getBoolean(6)));
                    marks.advance(r.getInt(1), r.getLong(3));
                    if (r.getBoolean(6)) {
                        gone.add(r.getInt(1));
                    }
                }
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
        lastSequence = sequence;
    }

    /** How far into each segment the index has come. */
    Marks marks() {
        return marks;
    }

    /** Of the last article. */
    long sequence() {
        return sequence;
    }

    Collection<IndexedSegment> segments() {
        return segments.values();
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
        for (IndexOp.Placed placed : ops) {
            IndexedSegment segment = segment(placed.segment());
            if (placed.end() > segment.end()) {
                apply(placed);
                change(segment(placed.segment()).upTo(placed.end()));
            }
        }
        flush("INSERT INTO art", "INSERT INTO num", "INSERT INTO remembered");
        commit();
        return new Applied(Map.copyOf(shrunk), List.copyOf(removed));
    }

    private void commit() throws SQLException {
        saveGroups();
        saveSegments();
        run("UPDATE mark SET seq = ?", lastSequence);
        db.commit();
        sequence = lastSequence;
        for (int id : changedSegments) {
            marks.advance(id, segments.get(id).end());
        }
        changedSegments.clear();
        broken = false;
    }

    private void apply(IndexOp.Placed placed) throws SQLException {
        switch (placed.op()) {
            case IndexOp.Add add -> {
                add(add.row(), placed.sequence());
                change(segment(placed.segment()).with(add.row().sequence()));
            }
            case IndexOp.Remove remove -> {
                remove(remove.sequence());
                remember(List.of(remove.known()), placed.sequence());
            }
            case IndexOp.PutGroup put -> putGroup(put.group());
            case IndexOp.PutFeed put -> putFeed(put.feed());
            case IndexOp.Remember remember -> remember(remember.ids(), placed.sequence());
            case IndexOp.DropSegment drop -> {
                IndexedSegment segment = segment(drop.segment());
                change(segment.gone(segment.first()));
            }
            case IndexOp.Begun begun -> change(segment(begun.segment()).in(begun.storage()));
            case IndexOp.Ceiling ceiling -> putCeiling(ceiling);
            case IndexOp.Nothing nothing -> { }
        }
        lastSequence = Math.max(lastSequence, placed.sequence());
    }

    private void add(ArticleRow row, long at) throws SQLException {
        boolean late = row.sequence() <= lastSequence;
        if (late && !mayAddLate(row, at)) {
            return;
        }
        PreparedStatement art = statement(
                "INSERT INTO art VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
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
        art.setLong(16, row.posted());
        art.addBatch();
        for (LogRecord.Filed filed : row.filed()) {
            file(filed, row, late);
        }
        long minute = Math.floorDiv(row.arrival(), MINUTE);
        if (minute != lastMinute || late) {
            noteMinute(minute, row.sequence());
            lastMinute = minute;
        }
        lastSequence = Math.max(lastSequence, row.sequence());
    }

    /**
     * An article that comes after later ones: its storage class was missing when they came. The
     * history looks for what it lacks behind its last partition only, so it is told besides.
     */
    private boolean mayAddLate(ArticleRow row, long at) throws SQLException {
        flush("INSERT INTO art", "INSERT INTO num");
        PreparedStatement find = statement("SELECT 1 FROM art WHERE seq = ?");
        find.setLong(1, row.sequence());
        try (ResultSet r = find.executeQuery()) {
            if (r.next()) {
                return false;
            }
        }
        remember(IdHash.of(MessageId.of(row.id())), row.arrival(), row.location(),
                Math.max(at, lastSequence));
        return true;
    }

    private void file(LogRecord.Filed filed, ArticleRow row, boolean late) throws SQLException {
        GroupRow group = groups.get(filed.group());
        if (group == null) {
            // Its own record was lost to damage; the articles shall be reachable all the same.
            group = newGroup(new LogRecord.Group(filed.group(), 'y', "", row.arrival(), 0));
        }
        if (filed.number() > group.high() || late) {
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

    void noteSealed(long sequence) throws SQLException {
        // What stands at the very sequence may have come after the seal.
        run("DELETE FROM remembered WHERE seq < ?", sequence);
        run("UPDATE mark SET sealed = ?", sequence);
        db.commit();
    }

    /** Marks segments as dropped: what a drop that a crash cut short has left. */
    void dropSegments(Collection<Integer> ids) throws SQLException {
        for (int id : ids) {
            IndexedSegment segment = segment(id);
            change(segment.gone(segment.first()));
        }
        commit();
    }

    /** Whether articles of dropped segments are still in the tables. */
    boolean isDirty() {
        return !gone.isEmpty();
    }

    /** Takes out some articles of dropped segments. */
    Applied clean() throws SQLException {
        shrunk.clear();
        removed.clear();
        if (gone.isEmpty() || broken) {
            return new Applied(Map.of(), List.of());
        }
        broken = true; // As in apply.
        IndexedSegment segment = segments.get(gone.first());
        long to = Math.min(segment.last(), segment.first() + CLEANED_AT_ONCE - 1);
        takeOut(segment, to);
        if (to < segment.last()) {
            change(segment.gone(to + 1));
            commit();
        } else {
            finishDrop(segment);
        }
        return new Applied(Map.copyOf(shrunk), List.of());
    }

    private void finishDrop(IndexedSegment segment) throws SQLException {
        forgetMinutes();
        run("DELETE FROM seg WHERE id = ?", segment.id());
        segments.remove(segment.id());
        gone.remove(segment.id());
        changedSegments.remove(segment.id());
        commit();
        marks.forget(segment.id());
    }

    private void takeOut(IndexedSegment segment, long to) throws SQLException {
        long lowest = Location.of(segment.id(), 0);
        long highest = Location.of(segment.id() + 1, 0) - 1;
        var spans = new HashMap<String, Span>();
        boolean alone = true;
        PreparedStatement find =
                statement("SELECT loc, xref FROM art WHERE seq BETWEEN ? AND ?");
        find.setLong(1, segment.first());
        find.setLong(2, to);
        try (ResultSet r = find.executeQuery()) {
            while (r.next()) {
                if (r.getLong(1) >= lowest && r.getLong(1) <= highest) {
                    for (LogRecord.Filed filed : ArticleRow.parseXref(r.getString(2))) {
                        spans.computeIfAbsent(filed.group(), name -> new Span())
                                .add(filed.number());
                    }
                } else {
                    alone = false; // Another class wrote at the same time.
                }
            }
        }
        for (var entry : spans.entrySet()) {
            GroupRow group = groups.get(entry.getKey());
            if (group != null) {
                shrink(group, takeOut(group, entry.getValue(), alone));
            }
        }
        run("DELETE FROM art WHERE seq BETWEEN ? AND ? AND loc BETWEEN ? AND ?",
                segment.first(), to, lowest, highest);
    }

    private int takeOut(GroupRow group, Span span, boolean alone) throws SQLException {
        if (alone && span.isWhole()) {
            return run("DELETE FROM num WHERE k BETWEEN ? AND ?",
                    Schema.key(group.key(), span.low), Schema.key(group.key(), span.high));
        }
        int articles = 0;
        for (long number : span.numbers) {
            articles += run("DELETE FROM num WHERE k = ?", Schema.key(group.key(), number));
        }
        return articles;
    }

    /** Minutes in which nothing arrived that is still here. */
    private void forgetMinutes() throws SQLException {
        PreparedStatement find = statement("SELECT seq, arrival FROM art ORDER BY seq LIMIT 1");
        long first = Long.MAX_VALUE;
        long minute = Long.MAX_VALUE;
        try (ResultSet r = find.executeQuery()) {
            if (r.next()) {
                first = r.getLong(1);
                minute = Math.floorDiv(r.getLong(2), MINUTE);
            }
        }
        run("DELETE FROM arrived WHERE seq < ? AND m < ?", first, minute);
        lastMinute = Long.MIN_VALUE;
    }

    /** Numbers of a group. */
    private static final class Span {
        private final List<Long> numbers = new ArrayList<>();
        private long low = Long.MAX_VALUE;
        private long high;

        void add(long number) {
            numbers.add(number);
            low = Math.min(low, number);
            high = Math.max(high, number);
        }

        boolean isWhole() {
            return high - low + 1 == numbers.size();
        }
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

    private void putCeiling(IndexOp.Ceiling ceiling) throws SQLException {
        PreparedStatement sql = statement("MERGE INTO ceiling VALUES(?, ?)");
        sql.setString(1, ceiling.group());
        sql.setLong(2, ceiling.number());
        sql.executeUpdate();
    }

    private void remember(List<LogRecord.Known> ids, long at) throws SQLException {
        for (LogRecord.Known known : ids) {
            remember(known.id(), known.time(), Location.NONE, at);
        }
    }

    private void remember(IdHash id, long time, long location, long at) throws SQLException {
        PreparedStatement sql = statement(
                "INSERT INTO remembered(hi, lo, t, seq, loc) VALUES(?, ?, ?, ?, ?)");
        sql.setLong(1, id.high());
        sql.setLong(2, id.low());
        sql.setLong(3, time);
        sql.setLong(4, at);
        sql.setLong(5, location);
        sql.addBatch();
    }

    private IndexedSegment segment(int id) {
        IndexedSegment known = segments.get(id);
        return known != null ? known
                : new IndexedSegment(id, StorageConfig.DEFAULT, 0, 0, 0, false);
    }

    private void change(IndexedSegment segment) {
        segments.put(segment.id(), segment);
        changedSegments.add(segment.id());
        if (segment.gone()) {
            gone.add(segment.id());
        }
    }

    private void saveSegments() throws SQLException {
        PreparedStatement sql = statement("MERGE INTO seg VALUES(?, ?, ?, ?, ?, ?)");
        for (int id : changedSegments) {
            IndexedSegment segment = segments.get(id);
            sql.setInt(1, id);
            sql.setString(2, segment.storage());
            sql.setLong(3, segment.end());
            sql.setLong(4, segment.first());
            sql.setLong(5, segment.last());
            sql.setBoolean(6, segment.gone());
            sql.executeUpdate();
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
