package net.spillway.spool.index;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.LogRecord;

/**
 * The index in H2: everything but message-IDs. One thread calls {@link #apply}; any thread reads.
 * Reads see what was applied; what is newer is in the spool's memory.
 */
public final class SqlIndex implements AutoCloseable {
    private static final String FILE = "spool";
    private static final String ART = "a.seq, a.loc, a.wire, a.arrival, a.bytes, a.lines, a.id,"
            + " a.source, a.xref, a.subject, a.sender, a.posted, a.refs, a.path, a.dist,"
            + " a.dated";
    private static final String FROM_NUM = " FROM num n JOIN art a ON a.seq = n.seq ";
    private static final int SCAN_STEP = 10_000;

    private final String name;
    private final Connection db;
    private final Readers readers;
    private final IndexWriter writer;

    private SqlIndex(String name, String url, Connection db) throws SQLException {
        this.name = name;
        this.db = db;
        this.readers = new Readers(url);
        this.writer = new IndexWriter(db);
    }

    /**
     * Opens the index in a folder, and makes it if there is none.
     *
     * @throws IndexException if it is damaged, of another version or of another spool
     */
    public static SqlIndex open(FileLayer files, Path folder, UUID spool)
            throws IOException {
        files.makeFolder(folder);
        // FILE_LOCK=NO: the spool's own lock keeps others out.
        // AUTO_COMPACT_FILL_RATE: at H2's 90 its own thread rewrites chunks without end in a file
        // of some GB, and new articles wait for it; expiry empties whole chunks anyway.
        // MAX_COMPACT_TIME=0: compacting on closing would write over chunks that an older state
        // still needs, should the power be cut just then.
        String name = GuardedPath.name(files, folder.resolve(FILE));
        String url = "jdbc:h2:" + name
                + ";DB_CLOSE_ON_EXIT=FALSE;FILE_LOCK=NO;WRITE_DELAY=500;CACHE_SIZE=65536"
                + ";MAX_COMPACT_TIME=0;AUTO_COMPACT_FILL_RATE=70"
                + ";TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0";
        Connection db = null;
        try {
            db = DriverManager.getConnection(url, "sa", "");
            db.setAutoCommit(false);
            if (Schema.isEmpty(db)) {
                Schema.create(db, spool);
            }
            requireOurs(db, spool);
            return new SqlIndex(name, url, db);
        } catch (SQLException | RuntimeException e) {
            discard(db);
            throw new IndexException("when it was opened", e);
        } catch (IndexException e) {
            discard(db);
            throw e;
        }
    }

    /** How far into each segment it has come. */
    public Marks marks() {
        return writer.marks();
    }

    /** Of the last article in it. */
    public long sequence() {
        return writer.sequence();
    }

    /** The segments it has read of. */
    public Collection<IndexedSegment> segments() {
        return writer.segments();
    }

    /** See {@link LogRecord.Ceiling}. */
    public Map<String, Long> ceilings() throws IOException {
        var ceilings = new HashMap<String, Long>();
        readers.list("SELECT grp, number FROM ceiling",
                row -> ceilings.put(row.getString(1), row.getLong(2)));
        return ceilings;
    }

    public Collection<GroupRow> groups() {
        return writer.groups();
    }

    /** Applies changes in one transaction with the marks; those it has already are skipped. */
    public Applied apply(List<IndexOp.Placed> ops) throws IOException {
        try {
            return writer.apply(ops);
        } catch (SQLException | RuntimeException e) {
            throw new IndexException("when it was written", e);
        }
    }

    public List<LogRecord.Feed> feeds() throws IOException {
        return readers.list("SELECT name, cur, deferred FROM feed", rows ->
                new LogRecord.Feed(rows.getString(1), rows.getLong(2),
                        IndexWriter.longs(rows.getBytes(3))));
    }

    public Optional<ArticleRow> bySequence(long sequence) throws IOException {
        return first(readers.list("SELECT " + ART + " FROM art a WHERE a.seq = ?", SqlIndex::row,
                sequence));
    }

    public Optional<ArticleRow> byNumber(String group, long number) throws IOException {
        return first(range(group, number, number, 1)).map(Numbered::row);
    }

    /** Articles of a group in [low, high], lowest first. */
    public List<Numbered> range(String group, long low, long high, int max) throws IOException {
        return ofGroup(group, low, high, max, "SELECT " + ART + ", n.k" + FROM_NUM
                + "WHERE n.k BETWEEN ? AND ? ORDER BY n.k LIMIT ?", rows ->
                new Numbered(Schema.number(rows.getLong(17)), row(rows)));
    }

    /**
     * Numbers of a group in [low, high], the sequences behind them, and, while articles of dropped
     * segments are still in the tables, their locations; lowest first.
     */
    public List<long[]> numbers(String group, long low, long high, int max) throws IOException {
        return numbers(group, low, high, max, "");
    }

    /** As {@link #numbers}, highest first. */
    public List<long[]> numbersDown(String group, long low, long high, int max)
            throws IOException {
        return numbers(group, low, high, max, " DESC");
    }

    private List<long[]> numbers(String group, long low, long high, int max, String order)
            throws IOException {
        return writer.isDirty()
                ? ofGroup(group, low, high, max, "SELECT n.k, n.seq, a.loc" + FROM_NUM
                        + "WHERE n.k BETWEEN ? AND ? ORDER BY n.k" + order + " LIMIT ?",
                        r -> new long[] {Schema.number(r.getLong(1)), r.getLong(2), r.getLong(3)})
                : ofGroup(group, low, high, max, "SELECT k, seq FROM num WHERE k BETWEEN ? AND ?"
                        + " ORDER BY k" + order + " LIMIT ?",
                        r -> new long[] {Schema.number(r.getLong(1)), r.getLong(2)});
    }

    /** Articles after that sequence, in order. */
    public List<ArticleRow> log(long after, int max) throws IOException {
        return readers.list("SELECT " + ART + " FROM art a WHERE a.seq > ? ORDER BY a.seq LIMIT ?",
                SqlIndex::row, after, max);
    }

    /** A sequence that no article which arrived at that time or later lies before. */
    public OptionalLong firstArrivedSince(long millis) throws IOException {
        List<Long> found = readers.list("SELECT MIN(seq) FROM arrived WHERE m >= ?", rows ->
                rows.getObject(1) == null ? null : rows.getLong(1),
                Math.floorDiv(millis, TimeUnit.MINUTES.toMillis(1)));
        return found.getFirst() == null ? OptionalLong.empty()
                : OptionalLong.of(found.getFirst());
    }

    /** Hands out every article after that sequence, for the history. */
    public void forEachAfter(long sequence, Consumer<ArticleRow> use) throws IOException {
        long at = sequence;
        while (true) {
            List<ArticleRow> rows = readers.list("SELECT seq, loc, arrival, id FROM art"
                    + " WHERE seq > ? ORDER BY seq LIMIT ?", SqlIndex::briefRow, at, SCAN_STEP);
            rows.forEach(use);
            if (rows.size() < SCAN_STEP) {
                return;
            }
            at = rows.getLast().sequence();
        }
    }

    /** What the history must be told besides the articles it lacks. */
    public List<RememberedId> remembered() throws IOException {
        return readers.list("SELECT hi, lo, t, loc FROM remembered ORDER BY n", rows ->
                new RememberedId(new IdHash(rows.getLong(1), rows.getLong(2)),
                        new HistoryEntry(rows.getLong(4), rows.getLong(3))));
    }

    /** The articles whose record begins at that place; searched for among all, which takes long. */
    public List<ArticleRow> lyingAt(long location) throws IOException {
        return readers.list("SELECT " + ART + " FROM art a WHERE a.loc = ?", SqlIndex::row,
                location);
    }

    /** Articles in the index. */
    public long count() throws IOException {
        return readers.list("SELECT COUNT(*) FROM art", row -> row.getLong(1)).getFirst();
    }

    /** What {@link #noteSealed} was told last. */
    public long sealed() throws IOException {
        return readers.list("SELECT sealed FROM mark", row -> row.getLong(1)).getFirst();
    }

    /** The history keeps everything up to that sequence by itself now. */
    public void noteSealed(long sequence) throws IOException {
        try {
            writer.noteSealed(sequence);
        } catch (SQLException e) {
            throw new IndexException("when it was cleaned", e);
        }
    }

    /** The segments are gone; their articles are to be taken out by {@link #clean}. */
    public void dropSegments(Collection<Integer> ids) throws IOException {
        try {
            writer.dropSegments(ids);
        } catch (SQLException e) {
            throw new IndexException("when it was cleaned", e);
        }
    }

    /** Whether there is something to {@link #clean}. */
    public boolean isDirty() {
        return writer.isDirty();
    }

    /** Takes out some articles of dropped segments, in a transaction of its own. */
    public Applied clean() throws IOException {
        try {
            return writer.clean();
        } catch (SQLException | RuntimeException e) {
            throw new IndexException("when it was cleaned", e);
        }
    }

    /** Lets a change fail that waits for space on the disk; before closing. */
    public void hurry() {
        GuardedPath.hurry(name);
    }

    /**
     * Has everything on the disk, and lets go of it as a crash would: when H2 closes a database in
     * its own way, it writes over what a power cut at that moment would still need.
     */
    @Override
    public void close() throws IOException {
        readers.close();
        try (Statement sql = db.createStatement()) {
            sql.execute("CHECKPOINT SYNC");
        } catch (SQLException e) {
            throw new IndexException("when it was closed", e);
        } finally {
            discard(db);
        }
    }

    /** Closes without caring whether what is there can be used again. */
    public void discard() {
        readers.close();
        discard(db);
    }

    private <T> List<T> ofGroup(String group, long low, long high, int max, String sql,
            Readers.RowReader<T> read) throws IOException {
        Optional<GroupRow> row = writer.group(group);
        long limit = (1L << Schema.NUMBER_BITS) - 1;
        if (row.isEmpty() || low > limit || high < low) {
            return List.of();
        }
        int key = row.get().key();
        return readers.list(sql, read, Schema.key(key, Math.max(0, low)),
                Schema.key(key, Math.min(high, limit)), max);
    }

    private static ArticleRow row(ResultSet r) throws SQLException {
        var head = new HeadFields(r.getString(10), r.getString(11), r.getString(12),
                r.getString(13), r.getString(14), r.getString(15));
        return new ArticleRow(r.getLong(1), r.getLong(2), r.getInt(3), r.getLong(4),
                r.getLong(16), r.getLong(5), r.getInt(6), r.getString(7), r.getString(8), r.getString(9), head);
    }

    private static ArticleRow briefRow(ResultSet r) throws SQLException {
        return new ArticleRow(r.getLong(1), r.getLong(2), 0, r.getLong(3), LogRecord.NO_TIME, 0, 0,
                r.getString(4), "", "", HeadFields.NONE);
    }

    private static <T> Optional<T> first(List<T> list) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list.getFirst());
    }

    private static void requireOurs(Connection db, UUID spool)
            throws SQLException, IndexException {
        try (Statement sql = db.createStatement(); ResultSet rows = sql.executeQuery(
                "SELECT version, spool FROM mark")) {
            if (!rows.next() || rows.getInt(1) != Schema.VERSION) {
                throw new IndexException("the index is of another version");
            }
            if (!rows.getString(2).equals(spool.toString())) {
                throw new IndexException("the index belongs to another spool");
            }
        }
    }

    private static void discard(Connection db) {
        if (db == null) {
            return;
        }
        try (db; Statement sql = db.createStatement()) {
            sql.execute("SHUTDOWN IMMEDIATELY");
        } catch (SQLException alreadyClosed) {
            // It is thrown away either way.
        }
    }
}
