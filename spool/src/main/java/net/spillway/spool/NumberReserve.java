package net.spillway.spool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import net.spillway.conf.FsyncMode;
import net.spillway.spool.segment.LogRecord;

/**
 * Keeps article numbers from being given twice when articles are shown before they are on the disk
 * (fsync "interval" and "off"): a power cut takes such articles, but who saw them knows their
 * numbers. So a number is only given when the log says, on the disk, that numbers up to there may
 * have been given; it says so for many at once. After a power cut a group goes on behind what was
 * reserved; after a clean stop, which lowers that again, without a gap.
 *
 * <p>In the log these are feed records, whose name, beginning with a blank, can be no peer's. Used
 * by the log's thread.
 */
final class NumberReserve {
    /** One more fsync each time that many articles were filed in a group. */
    static final long AHEAD = 10_000;
    private static final String PREFIX = " numbers ";

    private final boolean needed;
    private final Map<String, Long> reserved = new HashMap<>();
    /** In the log, but perhaps not on the disk. */
    private final Map<String, Long> pending = new HashMap<>();

    /** @param records all feed records of the index; those that are ours are looked at */
    NumberReserve(FsyncMode fsync, Collection<LogRecord.Feed> records) {
        needed = !(fsync instanceof FsyncMode.Group);
        for (LogRecord.Feed record : records) {
            if (isOne(record)) {
                reserved.put(record.name().substring(PREFIX.length()), record.cursor());
            }
        }
    }

    static boolean isOne(LogRecord.Feed record) {
        return record.name().startsWith(PREFIX);
    }

    /** Up to where numbers of that group may have been given. */
    Map<String, Long> reserved() {
        return Map.copyOf(reserved);
    }

    /** What must be on the disk before that number is shown, if anything. */
    List<LogRecord> before(String group, long number) {
        if (!needed || number <= Math.max(reserved.getOrDefault(group, 0L),
                pending.getOrDefault(group, 0L))) {
            return List.of();
        }
        pending.put(group, number + AHEAD);
        return List.of(record(group, number + AHEAD));
    }

    /** Whether the log must be forced before what was written is shown. */
    boolean mustForce() {
        return !pending.isEmpty();
    }

    /** What was written is on the disk. */
    void settle() {
        reserved.putAll(pending);
        pending.clear();
    }

    /** What was written was taken back. */
    void takeBack() {
        pending.clear();
    }

    /** What the head of a new segment says. */
    List<LogRecord> checkpoint() {
        var records = new ArrayList<LogRecord>();
        reserved.forEach((group, upTo) -> records.add(record(group, upTo)));
        return records;
    }

    /** What a clean stop says last: that no numbers above these were given. */
    List<LogRecord> farewell(ToLongFunction<String> given) {
        var records = new ArrayList<LogRecord>();
        reserved.replaceAll((group, upTo) -> given.applyAsLong(group));
        reserved.forEach((group, upTo) -> records.add(record(group, upTo)));
        return records;
    }

    private static LogRecord.Feed record(String group, long upTo) {
        return new LogRecord.Feed(PREFIX + group, upTo, new long[0]);
    }
}
