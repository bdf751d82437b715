package net.spillway.spool.index;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * The tables. All are keyed by a number that rises with the log, so that inserts go to the end:
 * random keys are ten times slower in H2 and make the file fifteen times as large.
 *
 * <pre>
 * mark        one row: schema version, the spool it belongs to, the last sequence, and
 *             the sequence up to which the history has sealed partitions
 * seg         segments: how far each was read, and which sequences are from it
 * ceiling     see SegmentFormat, storage classes
 * grp         groups, with counts
 * art         articles by sequence
 * num         group key << 40 | number, to sequence
 * arrived     minute of arrival, to the lowest sequence that arrived in it (arrivals need not
 *             rise with the sequence; with this NEWNEWS finds where to begin)
 * remembered  message-IDs known without an article, and of articles that came into the index
 *             after later ones, by order of the log, until the history has sealed them into a
 *             partition
 * feed        feed positions
 * </pre>
 */
final class Schema {
    static final int VERSION = 3;
    static final int NUMBER_BITS = 40;

    private static final String[] TABLES = {
        "CREATE TABLE mark(id INT PRIMARY KEY, version INT, spool VARCHAR(36), seq BIGINT,"
                + " sealed BIGINT)",
        "CREATE TABLE seg(id INT PRIMARY KEY, storage VARCHAR, pos BIGINT, lo BIGINT, hi BIGINT,"
                + " gone BOOLEAN)",
        "CREATE TABLE ceiling(grp VARCHAR PRIMARY KEY, number BIGINT)",
        "CREATE TABLE grp(id INT PRIMARY KEY, name VARCHAR, status CHAR(1), description VARCHAR,"
                + " created BIGINT, low BIGINT, high BIGINT, cnt BIGINT)",
        "CREATE TABLE art(seq BIGINT PRIMARY KEY, loc BIGINT, wire INT, arrival BIGINT,"
                + " bytes BIGINT, lines INT, id VARCHAR, source VARCHAR, xref VARCHAR,"
                + " subject VARCHAR, sender VARCHAR, posted VARCHAR, refs VARCHAR, path VARCHAR,"
                + " dist VARCHAR, dated BIGINT)",
        "CREATE TABLE num(k BIGINT PRIMARY KEY, seq BIGINT)",
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
            sql.execute("INSERT INTO mark VALUES(1, " + VERSION + ", '" + spool + "', 0, 0)");
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

    /** The key of an article in table num. */
    static long key(int group, long number) {
        return (long) group << NUMBER_BITS | number;
    }

    static long number(long key) {
        return key & (1L << NUMBER_BITS) - 1;
    }
}
