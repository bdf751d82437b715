package net.spillway.spool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
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
    private static final ConcurrentSkipListMap<Long, ArticleRow> NONE =
            new ConcurrentSkipListMap<>();

    private final ConcurrentSkipListMap<Long, ArticleRow> bySequence =
            new ConcurrentSkipListMap<>();
    private final Map<String, ConcurrentSkipListMap<Long, ArticleRow>> byNumber =
            new ConcurrentHashMap<>();
    private long rows;
    private long weight;
    private volatile long trimmedTo;

    /** @param startsAfter the last sequence that the index has */
    Recent(long startsAfter) {
        trimmedTo = startsAfter;
    }

    synchronized void add(ArticleRow row) {
        for (LogRecord.Filed filed : row.filed()) {
            byNumber.computeIfAbsent(filed.group(), group -> new ConcurrentSkipListMap<>())
                    .put(filed.number(), row);
        }
        bySequence.put(row.sequence(), row);
        rows++;
        weight += row.weight();
    }

    void remove(long sequence) {
        ArticleRow row = bySequence.get(sequence);
        if (row != null) {
            take(row);
        }
    }

    /** Takes out the articles of a segment that is dropped. */
    void removeSegment(int segment, SegmentSummary summary) {
        if (summary.articles() > 0) {
            List.copyOf(bySequence.subMap(summary.first(), true, summary.last(), true).values())
                    .stream().filter(row -> Location.segment(row.location()) == segment)
                    .forEach(this::take);
        }
    }

    /** The index has everything up to this sequence: what is too much can go. */
    void indexed(long sequence) {
        while ((rows > KEPT_ROWS || weight > KEPT_WEIGHT) && !bySequence.isEmpty()) {
            var oldest = bySequence.firstEntry();
            if (oldest == null || oldest.getKey() > sequence) {
                return;
            }
            trimmedTo = oldest.getKey(); // Before it goes: see isComplete.
            take(oldest.getValue());
        }
    }

    Optional<ArticleRow> bySequence(long sequence) {
        return Optional.ofNullable(bySequence.get(sequence));
    }

    Optional<ArticleRow> byNumber(String group, long number) {
        return Optional.ofNullable(ofGroup(group).get(number));
    }

    List<ArticleRow> after(long sequence, int max) {
        var found = new ArrayList<ArticleRow>();
        for (ArticleRow row : bySequence.tailMap(sequence, false).values()) {
            if (found.size() == max) {
                break;
            }
            found.add(row);
        }
        return found;
    }

    /** Whether what {@link #after} gave for that sequence just before was all there is. */
    boolean isComplete(long afterSequence) {
        return trimmedTo <= afterSequence;
    }

    /** By rising number. */
    List<Map.Entry<Long, ArticleRow>> range(String group, long low, long high, int max) {
        var found = new ArrayList<Map.Entry<Long, ArticleRow>>();
        if (low > high) {
            return found;
        }
        for (var entry : ofGroup(group).subMap(low, true, high, true).entrySet()) {
            if (found.size() == max) {
                break;
            }
            found.add(entry);
        }
        return found;
    }

    /** Whether what {@link #range} gave from that number on just before was all there is. */
    boolean isCompleteFrom(String group, long low) {
        var first = ofGroup(group).firstEntry();
        return first != null && first.getKey() <= low;
    }

    Optional<Long> next(String group, long number) {
        return Optional.ofNullable(ofGroup(group).higherKey(number));
    }

    Optional<Long> previous(String group, long number) {
        return Optional.ofNullable(ofGroup(group).lowerKey(number));
    }

    private ConcurrentNavigableMap<Long, ArticleRow> ofGroup(String group) {
        ConcurrentNavigableMap<Long, ArticleRow> rowsOfGroup = byNumber.get(group);
        return rowsOfGroup == null ? NONE : rowsOfGroup;
    }

    private synchronized void take(ArticleRow row) {
        if (bySequence.remove(row.sequence()) == null) {
            return;
        }
        for (LogRecord.Filed filed : row.filed()) {
            ofGroup(filed.group()).remove(filed.number());
        }
        rows--;
        weight -= row.weight();
    }
}
