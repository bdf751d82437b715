package net.spillway.spool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentStore;

/**
 * What the default class's part of the log must say before articles of other classes count: which
 * segments are theirs, and how high their numbers may get ({@link
 * net.spillway.spool.segment.SegmentFormat}). Used by the log's thread.
 */
final class ClassNotes {
    /** So seldom a note is needed; so large a gap a missing class leaves in a group. */
    private static final long NUMBERS_AHEAD = 1000;
    private static final long SEQUENCES_AHEAD = 100_000;
    static final String SEQUENCES = "";

    private final Map<String, Long> ceilings;
    private final Map<String, Long> raised = new HashMap<>();
    private final Set<Integer> begun = new HashSet<>();
    private final Set<Integer> beginning = new HashSet<>();

    ClassNotes(Map<String, Long> ceilings, SegmentStore segments) {
        this.ceilings = new HashMap<>(ceilings);
        segments.all().forEach(segment -> begun.add(segment.id()));
    }

    /** The notes that are still to be written before such an article of another class. */
    List<LogRecord> before(Storage storage, int segment, long sequence,
            List<LogRecord.Filed> filed) {
        var notes = new ArrayList<LogRecord>();
        if (!begun.contains(segment) && beginning.add(segment)) {
            notes.add(new LogRecord.Begun(segment, storage.name()));
        }
        raise(SEQUENCES, sequence, SEQUENCES_AHEAD, notes);
        filed.forEach(one -> raise(one.group(), one.number(), NUMBERS_AHEAD, notes));
        return notes;
    }

    /** The notes given out are on the disk. */
    void written() {
        if (!raised.isEmpty() || !beginning.isEmpty()) {
            ceilings.putAll(raised);
            begun.addAll(beginning);
            takenBack();
        }
    }

    /** The notes given out since {@link #written} are not in the log. */
    void takenBack() {
        raised.clear();
        beginning.clear();
    }

    /** For the head of a new segment. */
    List<LogRecord> checkpoint(SegmentStore segments, Storages storages) {
        var notes = new ArrayList<LogRecord>();
        for (SegmentFile segment : segments.all()) {
            if (!segment.storage().equals(storages.standard().name())) {
                notes.add(new LogRecord.Begun(segment.id(), segment.storage()));
            }
        }
        begun.removeIf(segment -> !segments.exists(segment));
        ceilings.forEach((group, number) -> notes.add(new LogRecord.Ceiling(group, number)));
        return notes;
    }

    private void raise(String group, long number, long ahead, List<LogRecord> notes) {
        long ceiling = raised.getOrDefault(group, ceilings.getOrDefault(group, 0L));
        if (number > ceiling) {
            raised.put(group, number + ahead);
            notes.add(new LogRecord.Ceiling(group, number + ahead));
        }
    }
}
