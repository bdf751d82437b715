package net.spillway.spool.index;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
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
import net.spillway.spool.segment.Location;
import net.spillway.spool.segment.LogRecord;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;

/**
 * The index in H2: everything but message-IDs. One thread calls {@link #apply}; any thread reads.
 * Reads see what was applied; what is newer is in the spool's memory.
 */
public final class SqlIndex implements AutoCloseable {
    private static final String FILE = "spool";
    private static final String ART = "art";
    private static final String NUM = "num";
    private static final String LINE = "line";
    private static final int SCAN_STEP = 8;
    /** Per cent of the file that are to be in use. */
    private static final int FILL_RATE = 70;
    private static final int TIDIED_EVERY = 16;
    private static final int TIDIED_OCTETS = 8 << 20;
    /** So many entries still lacking are worth one more block at a time. */
    private static final int WORTH_ANOTHER = 128;

    private final String name;
    private final GuardedPath.State file;
    private final Connection db;
    private final MVStore store;
    private final Readers readers;
    private final IndexWriter writer;
    private long applications;

    private SqlIndex(String name, String url, Connection db) throws SQLException {
        this.name = name;
        this.file = GuardedPath.state(name);
        this.db = db;
        this.store = ((SessionLocal) db.unwrap(JdbcConnection.class).getSession()).getDatabase()
                .getStore().getMvStore();
        this.readers = new Readers(url);
        this.writer = new IndexWriter(db);
    }

    /** The spool that the index in a folder belongs to; empty if there is no good index. */
    public static Optional<UUID> spoolOf(FileLayer files, Path folder) throws IOException {
        if (files.list(folder).stream().noneMatch(file ->
                file.getFileName().toString().equals(FILE + ".mv.db"))) {
            return Optional.empty();
        }
        Connection db = null;
        try {
            db = DriverManager.getConnection(url(GuardedPath.name(files, folder.resolve(FILE))),
                    "sa", "");
            return spoolOf(db);
        } catch (SQLException | RuntimeException e) {
            return Optional.empty(); // Whoever opens it to use it is told.
        } finally {
            discard(db);
        }
    }

    private static Optional<UUID> spoolOf(Connection db) throws SQLException {
        try (Statement sql = db.createStatement(); ResultSet rows = sql.executeQuery(
                "SELECT spool FROM mark")) {
            return rows.next() ? Optional.of(UUID.fromString(rows.getString(1)))
                    : Optional.empty();
        }
    }

    /**
     * Opens the index in a folder, and makes it if there is none.
     *
     * @throws IndexException if it is damaged, of another version or of another spool
     */
    public static SqlIndex open(FileLayer files, Path folder, UUID spool)
            throws IOException {
        files.makeFolder(folder);
        String name = GuardedPath.name(files, folder.resolve(FILE));
        String url = url(name);
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

    private static String url(String name) {
        // FILE_LOCK=NO: the spool's own lock keeps others out.
        // WRITE_DELAY=0: each transaction is written when it is over. H2's own thread would write
        // while one is under way, and see its tables and its log of undoing at different moments:
        // after a crash such a database waits for ever for a transaction that is over. Without
        // that thread nothing is compacted but by tidy.
        // OPTIMIZE_REUSE_RESULTS=0: it remembers results of just before a commit for good.
        // COMPRESS: lines of overview are much alike; it halves the file at 3 us an article.
        // MAX_COMPACT_TIME=0: compacting on closing would write over chunks that an older state
        // still needs, should the power be cut just then.
        return "jdbc:h2:" + name
                + ";DB_CLOSE_ON_EXIT=FALSE;FILE_LOCK=NO;WRITE_DELAY=0;CACHE_SIZE=65536"
                + ";MAX_COMPACT_TIME=0;OPTIMIZE_REUSE_RESULTS=0;COMPRESS=TRUE"
                + ";TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0";
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
            Applied applied = writer.apply(ops);
            tidy();
            return applied;
        } catch (SQLException | RuntimeException e) {
            throw new IndexException("when it was written", e);
        }
    }

    /** Now and then moves together what is left in old chunks of the file, so that they go. */
    private void tidy() {
        if (++applications % TIDIED_EVERY == 0) {
            store.compact(FILL_RATE, TIDIED_OCTETS);
        }
    }

    public List<LogRecord.Feed> feeds() throws IOException {
        return readers.list("SELECT name, cur, deferred FROM feed", rows ->
                new LogRecord.Feed(rows.getString(1), rows.getLong(2),
                        IndexWriter.longs(rows.getBytes(3))));
    }

    public Optional<LoggedArticle> bySequence(long sequence) throws IOException {
        return first(between(ART, writer.articleCodec(), sequence, sequence, 1));
    }

    /** Where the article with that number lies, and its sequence. */
    public Optional<NumberEntry> byNumber(String group, long number) throws IOException {
        return first(numbers(group, number, number, 1));
    }

    /** Lines of overview of a group in [low, high], lowest first. */
    public List<OverviewEntry> lines(String group, long low, long high, int max)
            throws IOException {
        Optional<Span> span = span(group, low, high);
        return span.isEmpty() ? List.of() : between(LINE, OverviewEntry.CODEC, span.get().from,
                span.get().to, max);
    }

    /** The same as they are sent. */
    public List<OverviewOctets> texts(String group, long low, long high, int max)
            throws IOException {
        Optional<Span> span = span(group, low, high);
        return span.isEmpty() ? List.of() : between(LINE, OverviewOctets.READER, span.get().from,
                span.get().to, max);
    }

    /** Numbers of a group in [low, high], lowest first. */
    public List<NumberEntry> numbers(String group, long low, long high, int max)
            throws IOException {
        Optional<Span> span = span(group, low, high);
        return span.isEmpty() ? List.of() : between(NUM, NumberEntry.CODEC, span.get().from,
                span.get().to, max);
    }

    /** Some numbers of a group in [low, high], highest first; none only if there are none. */
    public List<NumberEntry> numbersDown(String group, long low, long high) throws IOException {
        Optional<Span> span = span(group, low, high);
        if (span.isEmpty()) {
            return List.of();
        }
        long from = span.get().from;
        long to = span.get().to;
        var found = new ArrayList<NumberEntry>();
        while (to >= from && found.isEmpty()) {
            List<Block> block = readers.list(BlockTable.floor(NUM), BlockTable::block,
                    Schema.firstKey(Schema.space(to)), to);
            if (block.isEmpty()) {
                break;
            }
            add(block.getFirst(), NumberEntry.CODEC, from, to, Integer.MAX_VALUE, found);
            to = block.getFirst().key() - 1;
        }
        return found.reversed();
    }

    /** Articles after that sequence, in order. */
    public List<LoggedArticle> log(long after, int max) throws IOException {
        return between(ART, writer.articleCodec(), after + 1, Schema.lastKey(0), max);
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
    public void forEachAfter(long sequence, Consumer<LoggedArticle> use) throws IOException {
        forEachBetween(sequence, Schema.lastKey(0), use);
    }

    private void forEachBetween(long after, long upTo, Consumer<LoggedArticle> use)
            throws IOException {
        long at = after;
        while (at < upTo) {
            List<LoggedArticle> some = between(ART, writer.articleCodec(), at + 1, upTo,
                    SCAN_STEP * 512);
            if (some.isEmpty()) {
                return;
            }
            some.forEach(use);
            at = some.getLast().sequence();
        }
    }

    /** What the history must be told besides the articles it lacks. */
    public List<RememberedId> remembered() throws IOException {
        return readers.list("SELECT hi, lo, t, loc FROM remembered ORDER BY n", rows ->
                new RememberedId(new IdHash(rows.getLong(1), rows.getLong(2)),
                        new HistoryEntry(rows.getLong(4), rows.getLong(3))));
    }

    /** Hands out the articles whose records lie in a segment, wherever it says so. */
    public void forEachIn(int segment, Consumer<LoggedArticle> use) throws IOException {
        for (IndexedSegment known : segments()) {
            if (known.id() == segment && known.last() > 0) {
                forEachBetween(known.first() - 1, known.last(), article -> {
                    if (Location.segment(article.location()) == segment) {
                        use.accept(article);
                    }
                });
            }
        }
    }

    /** Articles in the index. */
    public long count() {
        return writer.count();
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

    /** Whether a change waits for space on the disk. */
    public boolean isWaiting() {
        return file.isWaiting();
    }

    /** Whether something was read that is not what was written: opening it again makes it anew. */
    public boolean isDamaged() {
        return file.isDamaged();
    }

    /**
     * Has everything on the disk, and lets go of it as a crash would: when H2 closes a database in
     * its own way, it writes over what a power cut at that moment would still need.
     */
    @Override
    public void close() throws IOException {
        readers.close();
        try (Statement sql = db.createStatement()) {
            StoreHeader.write(store);
            sql.execute("CHECKPOINT SYNC");
        } catch (SQLException | RuntimeException e) {
            throw new IndexException("when it was closed", e);
        } finally {
            discard(db);
            GuardedPath.forget(name, file);
        }
    }

    /** Closes without caring whether what is there can be used again. */
    public void discard() {
        readers.close();
        discard(db);
        GuardedPath.forget(name, file);
    }

    /** Keys of one group. */
    private record Span(long from, long to) {}

    private Optional<Span> span(String group, long low, long high) {
        Optional<GroupRow> row = writer.group(group);
        long limit = (1L << Schema.NUMBER_BITS) - 1;
        if (row.isEmpty() || low > limit || high < low) {
            return Optional.empty();
        }
        int key = row.get().key();
        return Optional.of(new Span(Schema.key(key, Math.max(0, low)),
                Schema.key(key, Math.min(high, limit))));
    }

    /** Entries with keys in [low, high], all of one space; lowest first. */
    private <T> List<T> between(String table, BlockReader<T> codec, long low, long high, int max)
            throws IOException {
        var found = new ArrayList<T>();
        List<Block> blocks = readers.list(BlockTable.floor(table), BlockTable::block,
                Schema.firstKey(Schema.space(low)), low);
        long at = low + 1;
        int wanted = 0;
        while (true) {
            for (Block block : blocks) {
                add(block, codec, low, high, max - found.size(), found);
                at = Math.max(at, block.key() + 1);
            }
            if (found.size() == max || at > high || blocks.size() < wanted) {
                return found;
            }
            wanted = Math.clamp((max - found.size()) / WORTH_ANOTHER + 1, 1, SCAN_STEP);
            blocks = readers.list(BlockTable.range(table), BlockTable::block, at, high, wanted);
        }
    }

    private static <T> void add(Block block, BlockReader<T> codec, long low, long high, int max,
            List<T> to) throws IndexException {
        try {
            block.read(codec, low, high, max, to);
        } catch (RuntimeException e) {
            throw new IndexException("when it was read", e);
        }
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
