package net.spillway.spool.index;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/** A few database connections for reading, each with its prepared statements. */
final class Readers implements AutoCloseable {
    /** H2 gains nothing from more readers than cores; the rest wait for their turn. */
    private static final int MAX_CONNECTIONS = 16;

    /** Makes an object of the row a result set stands on. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final String url;
    private final ConcurrentLinkedQueue<Reader> idle = new ConcurrentLinkedQueue<>();
    private final Semaphore turns = new Semaphore(MAX_CONNECTIONS);
    private volatile boolean closed;

    Readers(String url) {
        this.url = url;
    }

    /** Runs a query with parameters that are long or int. */
    <T> List<T> list(String sql, RowReader<T> read, Number... parameters) throws IOException {
        turns.acquireUninterruptibly();
        Reader reader = idle.poll();
        try {
            if (closed) {
                throw new IndexException("the index is closed");
            }
            if (reader == null) {
                reader = new Reader(DriverManager.getConnection(url, "sa", ""));
            }
            return reader.list(sql, read, parameters);
        } catch (SQLException | RuntimeException e) {
            close(reader); // Whatever is wrong with it, the next query gets a fresh one.
            reader = null;
            throw new IndexException("when it was read", e);
        } finally {
            if (reader != null) {
                idle.add(reader);
            }
            turns.release();
        }
    }

    /** Waits for running queries. */
    @Override
    public void close() {
        closed = true;
        turns.acquireUninterruptibly(MAX_CONNECTIONS);
        for (Reader reader = idle.poll(); reader != null; reader = idle.poll()) {
            close(reader);
        }
        turns.release(MAX_CONNECTIONS);
    }

    private static void close(Reader reader) {
        try {
            if (reader != null) {
                reader.db.close();
            }
        } catch (SQLException alreadyClosed) {
            // Nothing was written through it.
        }
    }

    private record Reader(Connection db, Map<String, PreparedStatement> statements) {
        Reader(Connection db) {
            this(db, new HashMap<>());
        }

        <T> List<T> list(String sql, RowReader<T> read, Number... parameters)
                throws SQLException {
            PreparedStatement statement = statements.get(sql);
            if (statement == null) {
                statement = db.prepareStatement(sql);
                statements.put(sql, statement);
            }
            for (int i = 0; i < parameters.length; i++) {
                statement.setLong(i + 1, parameters[i].longValue());
            }
            var list = new ArrayList<T>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    list.add(read.read(rows));
                }
            }
            return list;
        }
    }
}
