package net.spillway.spool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.spillway.spool.segment.LogRecord;

/** The positions of all feeds, and which of them the log does not have yet. */
final class Feeds {
    private final ConcurrentHashMap<String, FeedPosition> positions = new ConcurrentHashMap<>();
    private final Set<String> changed = ConcurrentHashMap.newKeySet();

    Feeds(Collection<LogRecord.Feed> records) {
        for (LogRecord.Feed record : records) {
            positions.put(record.name(), new FeedPosition(record.cursor(), record.deferred()));
        }
    }

    boolean has(String feed) {
        return positions.containsKey(feed);
    }

    FeedPosition get(String feed) {
        return positions.getOrDefault(feed, FeedPosition.START);
    }

    void put(String feed, FeedPosition position) {
        if (!position.equals(positions.put(feed, position))) {
            changed.add(feed);
        }
    }

    /** Records of those that changed since this was last asked. */
    List<LogRecord> takeChanged() {
        var records = new ArrayList<LogRecord>();
        for (String feed : List.copyOf(changed)) {
            changed.remove(feed); // Before it is read: a later change marks it again.
            records.add(record(feed));
        }
        return records;
    }

    List<LogRecord> checkpoint() {
        var records = new ArrayList<LogRecord>();
        positions.keySet().forEach(feed -> records.add(record(feed)));
        return records;
    }

    private LogRecord record(String feed) {
        FeedPosition position = get(feed);
        return new LogRecord.Feed(feed, position.cursor(), position.deferred());
    }
}
