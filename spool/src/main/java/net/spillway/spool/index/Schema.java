package net.spillway.spool.index;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * The tables. Those of articles hold blocks of them, a few hundred to a row ({@link BlockTable}): a
 * row of H2 costs as much as fifty articles in it. All are keyed by a number that rises with the
 * log, so that inserts go to the end: random keys are ten times slower in H2 and make the file
 * fifteen times as large.
 *
 * <pre>
 * mark        one row: schema version, the spool it belongs to, the last sequence, the sequence up
 *             to which the history has sealed partitions, and how many articles there are
 * seg         segments: how far each was read, and which sequences are from it
 * ceiling     see SegmentFormat, storage classes
 * grp         groups, with counts
 * art         articles by sequence, {@link LoggedArticle}: what the log says of them, for feeds
 * num         {@link NumberEntry}: group key << 40 | number, to sequence and place
 * line        {@link OverviewEntry}: the same to the line of overview
 * arrived     minute of arrival, to the lowest sequence that arrived in it (arrivals need not
 *             rise with the sequence; with this NEWNEWS finds where to begin)
 * remembered  message-IDs known without an article, and of articles that came into the index
 *             after later ones, by order of the log, until the history has sealed them into a
 *             partition
 * feed        feed positions
 *
 * art, num and line have these columns:
 *   k     key of the block, not above that of its first entry
 *   hi    key of its last entry, or a higher one it once had
 *   n     entries
 *   data  the entries one after the other, by rising key; numbers and texts as {@link Packer}
 *         writes them, keys as what they are more than k
 * </pre>
 */
final class Schema {
    static final int VERSION = 4;
    static final int NUMBER_BITS = 40;
    /** The longest that H2 keeps in a row. */
    static final int MAX_BLOCK = 1 << 20;

    private static final String BLOCKS =
            "(k BIGINT PRIMARY KEY, hi BIGINT, n INT, data VARBINARY(" + MAX_BLOCK + "))";
    private static final String[] TABLES = {
        "CREATE TABLE mark(id INT PRIMARY KEY, version INT, spool VARCHAR(36), seq BIGINT,"
                + " sealed BIGINT, articles BIGINT)",
        "CREATE TABLE seg(id INT PRIMARY KEY, storage VARCHAR, pos BIGINT, lo BIGINT, hi BIGINT,"
                + " gone BOOLEAN)",
        "CREATE TABLE ceiling(grp VARCHAR PRIMARY KEY, number BIGINT)",
        "CREATE TABLE grp(id INT PRIMARY KEY, name VARCHAR, status CHAR(1), description VARCHAR,"
                + " created BIGINT, low BIGINT, high BIGINT, cnt BIGINT)",
        "CREATE TABLE art" + BLOCKS,
        "CREATE TABLE num" + BLOCKS,
        "CREATE TABLE line" + BLOCKS,
        "CREATE TABLE arrived(m BIGINT PRIMARY KEY, seq BIGINT)",
        "CREATE TABLE remembered(n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, hi BIGINT,"
                + " lo BIGINT, t BIGINT, seq BIGINT, loc BIGINT)",
        "CREATE TABLE feed(name VARCHAR PRIMARY KEY, cur BIGINT, deferred VARBINARY(1000000))",
    };

    private Schema() {}

    static void create(Connection db, UUID spool) throws SQLException {
        try (Statement sql = db.createStatement()) {
            for (String table : TABLES) {
                sql.execute(table);
            }
            sql.execute("INSERT INTO mark VALUES(1, " + VERSION + ", '" + spool + "', 0, 0, 0)");
        }
        db.commit();
    }

    static boolean isEmpty(Connection db) throws SQLException {
        try (Statement sql = db.createStatement(); ResultSet rows = sql.executeQuery(
                "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'PUBLIC'")) {
            rows.next();
            return rows.getInt(1) == 0;
        }
    }

    /** The key of an article in tables num and line. */
    static long key(int group, long number) {
        return (long) group << NUMBER_BITS | number;
    }

    static long number(long key) {
        return key & (1L << NUMBER_BITS) - 1;
    }

    /** The group's part of such a key; 0 of a sequence. */
    static long space(long key) {
        return key >>> NUMBER_BITS;
    }

    static long firstKey(long space) {
        return space << NUMBER_BITS;
    }

    static long lastKey(long space) {
        return firstKey(space + 1) - 1;
    }
}
