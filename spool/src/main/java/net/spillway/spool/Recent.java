package net.spillway.spool;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import net.spillway.spool.index.ArticleRow;
import net.spillway.spool.segment.Location;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentSummary;

/**
 * The newest articles, in memory: those that are on disk but not in the index yet, and some more,
 * so that feeds which keep up never ask the index. Always an unbroken end of the log, but for
 * articles that were removed.
 *
 * <p>The log's thread adds, the indexer's thread trims, anyone reads. Rows leave in rising order
 * and only when the index has them; so whoever reads here first and in the index after misses
 * nothing, and may see an article twice.
 */
final class Recent {
    private static final int KEPT_ROWS = 8192;
    private static final long KEPT_WEIGHT = 16 << 20;
    private static final RisingRows NONE = new RisingRows();

    private final RisingRows bySequence = new RisingRows();
    private final Map<String, RisingRows> byNumber = new ConcurrentHashMap<>();
    private long rows;
    private long weight;
    private volatile long trimmedTo;

    /** @param startsAfter the last sequence that the index has */
    Recent(long startsAfter) {
        trimmedTo = startsAfter;
    }

    synchronized void add(ArticleRow row) {
        for (LogRecord.Filed filed : row.filed()) {
            RisingRows ofGroup = byNumber.get(filed.group());
            if (ofGroup == null) {
                ofGroup = new RisingRows();
                byNumber.put(filed.group(), ofGroup); // One thread adds.
            }
            ofGroup.add(filed.number(), row);
        }
        bySequence.add(row.sequence(), row);
        rows++;
        weight += row.weight();
    }

    void remove(long sequence) {
        bySequence.get(sequence).ifPresent(this::take);
    }

    /** Takes out the articles of a segment that is dropped. */
    void removeSegment(int segment, SegmentSummary summary) {
        if (summary.articles() > 0) {
            bySequence.range(summary.first(), summary.last(), Integer.MAX_VALUE).stream()
                    .map(Map.Entry::getValue)
                    .filter(row -> Location.segment(row.location()) == segment)
                    .forEach(this::take);
        }
    }

    /** The index has everything up to this sequence: what is too much can go. */
    void indexed(long sequence) {
        while (rows > KEPT_ROWS || weight > KEPT_WEIGHT) {
            Optional<ArticleRow> oldest = bySequence.first();
            if (oldest.isEmpty() || oldest.get().sequence() > sequence) {
                return;
            }
            trimmedTo = oldest.get().sequence(); // Before it goes: see isComplete.
            take(oldest.get());
        }
    }

    Optional<ArticleRow> bySequence(long sequence) {
        return bySequence.get(sequence);
    }

    Optional<ArticleRow> byNumber(String group, long number) {
        return ofGroup(group).get(number);
    }

    List<ArticleRow> after(long sequence, int max) {
        return bySequence.from(sequence + 1, max);
    }

    /** Whether what {@link #after} gave for that sequence just before was all there is. */
    boolean isComplete(long afterSequence) {
        return trimmedTo <= afterSequence;
    }

    /** By rising number. */
    List<Map.Entry<Long, ArticleRow>> range(String group, long low, long high, int max) {
        return ofGroup(group).range(low, high, max);
    }

    /** Whether what {@link #range} gave from that number on just before was all there is. */
    boolean isCompleteFrom(String group, long low) {
        return ofGroup(group).reachesDownTo(low);
    }

    Optional<Long> next(String group, long number) {
        return ofGroup(group).higher(number);
    }

    Optional<Long> previous(String group, long number) {
        return ofGroup(group).lower(number);
    }

    private RisingRows ofGroup(String group) {
        RisingRows rowsOfGroup = byNumber.get(group);
        return rowsOfGroup == null ? NONE : rowsOfGroup;
    }

    private synchronized void take(ArticleRow row) {
        if (bySequence.remove(row.sequence()).isEmpty()) {
            return;
        }
        for (LogRecord.Filed filed : row.filed()) {
            ofGroup(filed.group()).remove(filed.number());
        }
        rows--;
        weight -= row.weight();
    }
}
