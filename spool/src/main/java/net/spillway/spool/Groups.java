package net.spillway.spool;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import net.spillway.spool.index.GroupRow;
import net.spillway.spool.segment.LogRecord;

/** The groups as they are now, in memory. */
final class Groups {
    /**
     * The status of a group that was removed. It is kept, so that its numbers never come back if
     * it is made again, and shown to nobody.
     */
    static final char REMOVED = 'x';

    /** One group. The log's thread gives numbers; what readers see follows once it is on disk. */
    static final class Group {
        private final String name;
        private final long created;
        private char status;
        private String description;
        /** Highest number given, visible or not; belongs to the log's thread. */
        private long assigned;
        private long low;
        private long high;
        private long count;

        private Group(GroupRow row) {
            name = row.name();
            created = row.created();
            status = row.status();
            description = row.description();
            assigned = row.high();
            low = row.low();
            high = row.high();
            count = row.count();
        }

        String name() {
            return name;
        }

        /** The next number. Never given back: a gap does no harm, a number given twice does. */
        long assign() {
            return ++assigned;
        }

        /** The highest number that was ever given. */
        long assigned() {
            return assigned;
        }

        /** Numbers up to that may have been given, and are not given again. */
        void skipTo(long number) {
            assigned = Math.max(assigned, number);
        }

        synchronized void added(long number) {
            low = count == 0 ? number : low;
            high = number;
            count++;
        }

        synchronized void shrunk(long articles, long newLow) {
            count = Math.max(0, count - articles);
            low = count == 0 ? high + 1 : newLow;
        }

        synchronized void described(LogRecord.Group record) {
            status = record.status();
            description = record.description();
        }

        synchronized Newsgroup snapshot() {
            return new Newsgroup(name, status, description, low, high, count,
                    Instant.ofEpochMilli(created));
        }

        synchronized boolean isRemoved() {
            return status == REMOVED;
        }

        /** As {@link #record}, with the highest number that is visible. */
        synchronized LogRecord.Group visible() {
            return new LogRecord.Group(name, status, description, created, high);
        }

        synchronized LogRecord.Group record() {
            return new LogRecord.Group(name, status, description, created, assigned);
        }
    }

    private final ConcurrentSkipListMap<String, Group> byName = new ConcurrentSkipListMap<>();
    /** The same, for every article's groups to be looked up. */
    private final Map<String, Group> all = new ConcurrentHashMap<>();

    Groups(Collection<GroupRow> rows) {
        for (GroupRow row : rows) {
            keep(new Group(row));
        }
    }

    Optional<Group> find(String name) {
        Group group = all.get(name);
        return group == null || group.isRemoved() ? Optional.empty() : Optional.of(group);
    }

    /** Removed or not. */
    Optional<Group> findAny(String name) {
        return Optional.ofNullable(all.get(name));
    }

    /** For names that were checked: the group is there, perhaps removed a moment ago. */
    Group get(String name) {
        return all.get(name);
    }

    void put(LogRecord.Group record) {
        if (!all.containsKey(record.name())) {
            keep(new Group(new GroupRow(0, record.name(), record.status(), record.description(),
                    record.created(), record.high() + 1, record.high(), 0)));
        }
        all.get(record.name()).described(record);
    }

    private void keep(Group group) {
        all.put(group.name, group);
        byName.put(group.name, group);
    }

    int size() {
        return (int) byName.values().stream().filter(group -> !group.isRemoved()).count();
    }

    /** All groups in the order of their names. */
    List<Newsgroup> all() {
        return byName.values().stream().filter(group -> !group.isRemoved()).map(Group::snapshot)
                .toList();
    }

    /** The groups whose names come after that one, in order. */
    List<Newsgroup> after(String name, int max) {
        return byName.tailMap(name, false).values().stream().filter(group -> !group.isRemoved())
                .limit(max).map(Group::snapshot).toList();
    }

    /** Gives no number up to these ceilings, by group. */
    void skip(Map<String, Long> ceilings) {
        ceilings.forEach((name, number) -> findAny(name).ifPresent(g -> g.skipTo(number)));
    }

    /** What the head of a new segment says of all groups. */
    List<LogRecord> checkpoint() {
        var records = new ArrayList<LogRecord>(byName.size());
        byName.values().forEach(group -> records.add(group.record()));
        return records;
    }

    /** What must be said before articles that nothing else tells the numbers of go. */
    List<LogRecord> visible() {
        var records = new ArrayList<LogRecord>();
        byName.values().forEach(group -> records.add(group.visible()));
        return records;
    }

    /** @throws IllegalArgumentException if this can be no group */
    static void check(String name, char status, String description) {
        if (name.isEmpty() || name.length() > 500
                || name.chars().anyMatch(c -> c <= ' ' || c >= 0x7f && c < 0xa0
                        || ":,*?![]\\@".indexOf(c) >= 0)) {
            throw new IllegalArgumentException("not a group name: \"" + name.replaceAll(
                    "\\p{Cntrl}", "?") + "\"");
        }
        if ("ynm".indexOf(status) < 0) {
            throw new IllegalArgumentException("the status of " + name
                    + " must be y, n or m, not " + status);
        }
        if (description.length() > 10_000
                || description.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("the description of " + name
                    + " must be one line without TAB, of 10000 characters at most");
        }
    }
}
