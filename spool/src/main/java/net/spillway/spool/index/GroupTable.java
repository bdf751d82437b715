package net.spillway.spool.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.spillway.spool.segment.LogRecord;

/** The table of groups, and all of it in memory. Changed by one thread, looked at by all. */
final class GroupTable {
    private final Statements sql;
    private final Map<String, GroupRow> byName = new ConcurrentHashMap<>();
    private final Map<Integer, String> names = new ConcurrentHashMap<>();
    private final Set<String> changed = new HashSet<>();

    GroupTable(Connection db, Statements sql) throws SQLException {
        this.sql = sql;
        try (Statement all = db.createStatement(); ResultSet r = all.executeQuery(
                "SELECT id, name, status, description, created, low, high, cnt FROM grp")) {
            while (r.next()) {
                keep(new GroupRow(r.getInt(1), r.getString(2), r.getString(3).charAt(0),
                        r.getString(4), r.getLong(5), r.getLong(6), r.getLong(7), r.getLong(8)));
            }
        }
    }

    Collection<GroupRow> all() {
        return byName.values();
    }

    Optional<GroupRow> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Of a group that is there. */
    int key(String name) {
        return byName.get(name).key();
    }

    String name(int key) {
        String name = names.get(key);
        if (name == null) {
            throw new IllegalStateException("no group has the key " + key);
        }
        return name;
    }

    /** Makes a group, or gives it this status and description. */
    void describe(LogRecord.Group wanted) throws SQLException {
        Optional<GroupRow> known = find(wanted.name());
        put((known.isPresent() ? known.get() : make(wanted))
                .described(wanted.status(), wanted.description(), wanted.high()));
    }

    /** Makes a group, which is not there yet. */
    GroupRow make(LogRecord.Group wanted) throws SQLException {
        int key = byName.size() + 1; // Groups never go away.
        PreparedStatement insert = sql.get("INSERT INTO grp VALUES(?, ?, 'y', '', ?, 1, 0, 0)");
        insert.setInt(1, key);
        insert.setString(2, wanted.name());
        insert.setLong(3, wanted.created());
        insert.executeUpdate();
        var group = new GroupRow(key, wanted.name(), wanted.status(), wanted.description(),
                wanted.created(), 1, 0, 0);
        put(group);
        return group;
    }

    void put(GroupRow group) {
        keep(group);
        changed.add(group.name());
    }

    private void keep(GroupRow group) {
        byName.put(group.name(), group);
        names.put(group.key(), group.name());
    }

    /** Writes what was changed. */
    void save() throws SQLException {
        PreparedStatement update = sql.get("UPDATE grp SET status = ?, description = ?, low = ?,"
                + " high = ?, cnt = ? WHERE id = ?");
        for (String name : changed) {
            GroupRow group = byName.get(name);
            update.setString(1, String.valueOf(group.status()));
            update.setString(2, group.description());
            update.setLong(3, group.low());
            update.setLong(4, group.high());
            update.setLong(5, group.count());
            update.setInt(6, group.key());
            update.addBatch();
        }
        if (!changed.isEmpty()) {
            update.executeBatch();
            changed.clear();
        }
    }
}
