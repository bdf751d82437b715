package net.spillway.spool.index;

import java.util.ArrayList;
import java.util.List;
import net.spillway.spool.segment.IdHash;
import org.h2.mvstore.Cursor;

/** The entries of several partitions by rising hash; of those with the same hash, the newest. */
final class MergedEntries {
    /** One partition's next entry. */
    private static final class Source {
        private final Cursor<IdHash, HistoryEntry> cursor;
        private IdHash id;
        private HistoryEntry entry;

        Source(Partition partition) {
            cursor = partition.entries().cursor(null);
        }

        boolean advance() {
            if (!cursor.hasNext()) {
                return false;
            }
            id = cursor.next();
            entry = cursor.getValue();
            return true;
        }
    }

    private final List<Source> sources = new ArrayList<>();
    private IdHash id;
    private HistoryEntry entry;

    /** @param newestFirst so that of equal hashes the first one's entry counts */
    MergedEntries(List<Partition> newestFirst) {
        for (Partition partition : newestFirst) {
            var source = new Source(partition);
            if (source.advance()) {
                sources.add(source);
            }
        }
    }

    /** Goes to the next entry; false at the end. */
    boolean next() {
        Source least = null;
        for (Source source : sources) {
            least = least == null || source.id.compareTo(least.id) < 0 ? source : least;
        }
        if (least == null) {
            return false;
        }
        id = least.id;
        entry = least.entry;
        sources.removeIf(source -> source.id.equals(id) && !source.advance());
        return true;
    }

    IdHash id() {
        return id;
    }

    HistoryEntry entry() {
        return entry;
    }
}
