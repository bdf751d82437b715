package net.spillway.spool;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.spillway.protocol.MessageId;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentFormat;
import net.spillway.spool.segment.SegmentScanner;
import net.spillway.spool.segment.SegmentSummary;

/**
 * Which segments may go, and what must be said again in the log before they do. Segments go oldest
 * first and whole; the open one stays.
 */
final class Expiry {
    private final Optional<Duration> maxAge;
    private final OptionalLong maxBytes;
    private final HistoryKeeper keeper;

    Expiry(Optional<Duration> maxAge, OptionalLong maxBytes, HistoryKeeper keeper) {
        this.maxAge = maxAge;
        this.maxBytes = maxBytes;
        this.keeper = keeper;
    }

    /** Whether everything in a segment is too old to be kept. */
    boolean isOld(SegmentFile segment, Instant now) {
        SegmentSummary summary = segment.summary();
        long newest = summary.articles() > 0 ? summary.latest() : segment.header().created();
        return maxAge.isPresent() && newest < now.minus(maxAge.get()).toEpochMilli();
    }

    /** The sealed segments that are to go, oldest first. */
    List<SegmentFile> due(List<SegmentFile> oldestFirst, Instant now) {
        long bytes = oldestFirst.stream().mapToLong(SegmentFile::length).sum();
        var due = new ArrayList<SegmentFile>();
        for (SegmentFile segment : oldestFirst) {
            boolean tooMuch = maxBytes.isPresent() && bytes > maxBytes.getAsLong();
            if (!segment.isSealed() || !tooMuch && !isOld(segment, now)) {
                break;
            }
            due.add(segment);
            bytes -= segment.length();
        }
        return due;
    }

    /**
     * What the log must say before a segment goes: the message-IDs in it that are still to be
     * remembered, tombstones of articles that stay, and that it goes.
     *
     * @param staysFrom the first sequence of the segments that stay
     */
    List<LogRecord> farewell(SegmentFile segment, long staysFrom) throws IOException {
        var farewell = new ArrayList<LogRecord>();
        var ids = new ArrayList<LogRecord.Known>();
        var scanner = new SegmentScanner(segment.channel(), segment.header(),
                SegmentFormat.HEADER_OCTETS, Long.MAX_VALUE);
        for (var step = scanner.next(); !(step instanceof SegmentScanner.End);
                step = scanner.next()) {
            if (step instanceof SegmentScanner.Found found) {
                keep(found.record(), staysFrom, ids, farewell);
            }
        }
        for (int from = 0; from < ids.size(); from += SegmentFormat.MAX_REMEMBERED) {
            int to = Math.min(ids.size(), from + SegmentFormat.MAX_REMEMBERED);
            farewell.add(new LogRecord.Remembered(List.copyOf(ids.subList(from, to))));
        }
        farewell.add(new LogRecord.Dropped(segment.id()));
        return farewell;
    }

    private void keep(LogRecord record, long staysFrom, List<LogRecord.Known> ids,
            List<LogRecord> farewell) {
        switch (record) {
            case LogRecord.Article article -> MessageId.parse(article.id()).ifPresent(id ->
                    remember(new LogRecord.Known(IdHash.of(id), article.arrival()), ids));
            case LogRecord.Remembered remembered ->
                    remembered.ids().forEach(known -> remember(known, ids));
            case LogRecord.Tombstone tombstone -> {
                if (tombstone.sequence() >= staysFrom) {
                    farewell.add(tombstone);
                } else {
                    remember(new LogRecord.Known(tombstone.id(), tombstone.time()), ids);
                }
            }
            case LogRecord.Group group -> { } // Every later checkpoint has it.
            case LogRecord.Feed feed -> { }
            case LogRecord.Dropped dropped -> { }
            case LogRecord.Footer footer -> { }
        }
    }

    private void remember(LogRecord.Known known, List<LogRecord.Known> ids) {
        if (keeper.isRemembered(known.time())) {
            ids.add(known);
        }
    }
}
