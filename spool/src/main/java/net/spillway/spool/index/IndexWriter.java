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
    private static final String REMEMBER =
            "INSERT INTO remembered(hi, lo, t, seq, loc) VALUES(?, ?, ?, ?, ?)";

    private final Connection db;
    private final Statements sql;
    private final GroupTable groups;
    private final ArticleTables articles;
    private final Map<String, Integer> shrunk = new HashMap<>();
    private final List<Long> removed = new ArrayList<>();
    private final Map<Integer, IndexedSegment> segments = new ConcurrentHashMap<>();
    private final ConcurrentSkipListSet<Integer> gone = new ConcurrentSkipListSet<>();
    private final Set<Integer> changedSegments = new HashSet<>();
    private final Marks marks = new Marks();
    private volatile long sequence;
    private volatile long count;
    private long lastSequence;
    private long lastMinute = Long.MIN_VALUE;
    private boolean remembering;
    private boolean broken;

    IndexWriter(Connection db) throws SQLException {
        this.db = db;
        this.sql = new Statements(db);
        this.groups = new GroupTable(db, sql);
        this.articles = new ArticleTables(groups, sql);
        try (Statement all = db.createStatement()) {
            try (ResultSet r = all.executeQuery("SELECT seq, articles FROM mark")) {
                r.next();
                sequence = r.getLong(1);
                count = r.getLong(2);
            }
            try (ResultSet r = all.executeQuery(
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

    /** Articles in the tables. */
    long count() {
        return count;
    }

    Collection<GroupRow> groups() {
        return groups.all();
    }

    Optional<GroupRow> group(String name) {
        return groups.find(name);
    }

    /** How the entries of table art are to be read; for any thread. */
    BlockCodec<LoggedArticle> articleCodec() {
        return new LoggedArticle.Codec(groups::key, groups::name);
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
                change(apply(placed, segment).upTo(placed.end()));
            }
        }
        articles.flush();
        if (remembering) {
            sql.get(REMEMBER).executeBatch();
            remembering = false;
        }
        commit();
        return new Applied(Map.copyOf(shrunk), List.copyOf(removed));
    }

    private void commit() throws SQLException {
        groups.save();
        saveSegments();
        sql.run("UPDATE mark SET seq = ?, articles = ?", lastSequence, count);
        db.commit();
        sequence = lastSequence;
        for (int id : changedSegments) {
            marks.advance(id, segments.get(id).end());
        }
        changedSegments.clear();
        broken = false;
    }

    /** Tells what becomes of the segment that the record stands in. */
    private IndexedSegment apply(IndexOp.Placed placed, IndexedSegment at) throws SQLException {
        IndexedSegment segment = at;
        switch (placed.op()) {
            case IndexOp.Add add -> {
                add(add.row(), placed.sequence());
                segment = at.with(add.row().sequence());
            }
            case IndexOp.Remove remove -> {
                remove(remove.sequence());
                remember(List.of(remove.known()), placed.sequence());
            }
            case IndexOp.Supersede old -> {
                remove(old.sequence());
                segment = apply(new IndexOp.Placed(old.next(), placed.segment(), placed.end(),
                        placed.sequence()), at);
            }
            case IndexOp.PutGroup put -> groups.describe(put.group());
            case IndexOp.PutFeed put -> putFeed(put.feed());
            case IndexOp.Remember remember -> remember(remember.ids(), placed.sequence());
            case IndexOp.DropSegment drop -> {
                IndexedSegment dropped = segment(drop.segment());
                change(dropped.gone(dropped.first()));
                segment = segment(placed.segment());
            }
            case IndexOp.Begun begun -> {
                change(segment(begun.segment()).in(begun.storage()));
                segment = segment(placed.segment());
            }
            case IndexOp.Ceiling ceiling -> putCeiling(ceiling);
            case IndexOp.Nothing nothing -> { }
        }
        lastSequence = Math.max(lastSequence, placed.sequence());
        return segment;
    }

    private void add(ArticleRow row, long at) throws SQLException {
        for (LogRecord.Filed filed : row.filed()) {
            if (groups.find(filed.group()).isEmpty()) {
                // Its own record was lost to damage; the articles shall be reachable all the same.
                groups.make(new LogRecord.Group(filed.group(), 'y', "", row.arrival(), 0));
            }
        }
        boolean late = row.sequence() <= lastSequence;
        if (late) {
            articles.flush();
            if (!articles.insert(row)) {
                return;
            }
            // Its storage class was missing when later ones came. The history looks for what it
            // lacks behind its last partition only, so it is told besides.
            remember(IdHash.of(MessageId.of(row.id())), row.arrival(), row.location(),
                    Math.max(at, lastSequence));
        } else {
            articles.add(row);
        }
        count++;
        long minute = Math.floorDiv(row.arrival(), MINUTE);
        if (minute != lastMinute || late) {
            noteMinute(minute, row.sequence());
            lastMinute = minute;
        }
        lastSequence = Math.max(lastSequence, row.sequence());
    }

    private void noteMinute(long minute, long sequence) throws SQLException {
        PreparedStatement known = sql.get("SELECT 1 FROM arrived WHERE m = ?");
        known.setLong(1, minute);
        try (ResultSet r = known.executeQuery()) {
            if (r.next()) {
                return;
            }
        }
        sql.run("INSERT INTO arrived VALUES(?, ?)", minute, sequence);
    }

    private void remove(long sequence) throws SQLException {
        articles.flush();
        removed.add(sequence);
        Optional<Map<String, Integer>> lost = articles.remove(sequence, this::isHere);
        if (lost.isPresent()) {
            count--;
            lost.get().forEach((group, n) -> shrunk.merge(group, n, Integer::sum));
        }
    }

    private boolean isHere(int segment) {
        IndexedSegment known = segments.get(segment);
        return known != null && !known.gone();
    }

    void noteSealed(long sequence) throws SQLException {
        // What stands at the very sequence may have come after the seal.
        sql.run("DELETE FROM remembered WHERE seq < ?", sequence);
        sql.run("UPDATE mark SET sealed = ?", sequence);
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
        ArticleTables.Cleaned cleaned = articles.clean(segment, segments::containsKey,
                this::isHere);
        count -= cleaned.articles();
        if (cleaned.upTo() < segment.last()) {
            change(segment.gone(cleaned.upTo() + 1));
            commit();
        } else {
            finishDrop(segment);
        }
        return new Applied(cleaned.shrunk(), List.of());
    }

    private void finishDrop(IndexedSegment segment) throws SQLException {
        forgetMinutes();
        sql.run("DELETE FROM seg WHERE id = ?", segment.id());
        segments.remove(segment.id());
        gone.remove(segment.id());
        changedSegments.remove(segment.id());
        commit();
        marks.forget(segment.id());
    }

    /** Minutes in which nothing arrived that is still here. */
    private void forgetMinutes() throws SQLException {
        Optional<LoggedArticle> first = articles.first();
        long minute = first.map(article -> Math.floorDiv(article.arrival(), MINUTE))
                .orElse(Long.MAX_VALUE);
        sql.run("DELETE FROM arrived WHERE seq < ? AND m < ?",
                first.map(LoggedArticle::sequence).orElse(Long.MAX_VALUE), minute);
        lastMinute = Long.MIN_VALUE;
    }

    private void putFeed(LogRecord.Feed feed) throws SQLException {
        PreparedStatement statement = sql.get("MERGE INTO feed VALUES(?, ?, ?)");
        statement.setString(1, feed.name());
        statement.setLong(2, feed.cursor());
        statement.setObject(3, octets(feed.deferred()), Types.VARBINARY);
        statement.executeUpdate();
    }

    private void putCeiling(IndexOp.Ceiling ceiling) throws SQLException {
        PreparedStatement statement = sql.get("MERGE INTO ceiling VALUES(?, ?)");
        statement.setString(1, ceiling.group());
        statement.setLong(2, ceiling.number());
        statement.executeUpdate();
    }

    private void remember(List<LogRecord.Known> ids, long at) throws SQLException {
        for (LogRecord.Known known : ids) {
            remember(known.id(), known.time(), Location.NONE, at);
        }
    }

    private void remember(IdHash id, long time, long location, long at) throws SQLException {
        PreparedStatement statement = sql.get(REMEMBER);
        statement.setLong(1, id.high());
        statement.setLong(2, id.low());
        statement.setLong(3, time);
        statement.setLong(4, at);
        statement.setLong(5, location);
        statement.addBatch();
        remembering = true;
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
        PreparedStatement statement = sql.get("MERGE INTO seg VALUES(?, ?, ?, ?, ?, ?)");
        for (int id : changedSegments) {
            IndexedSegment segment = segments.get(id);
            statement.setInt(1, id);
            statement.setString(2, segment.storage());
            statement.setLong(3, segment.end());
            statement.setLong(4, segment.first());
            statement.setLong(5, segment.last());
            statement.setBoolean(6, segment.gone());
            statement.executeUpdate();
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
