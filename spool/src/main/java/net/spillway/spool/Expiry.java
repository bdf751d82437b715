package net.spillway.spool;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import net.spillway.conf.Retention;
import net.spillway.protocol.MessageId;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentContents;
import net.spillway.spool.segment.SegmentDamagedException;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentFormat;
import net.spillway.spool.segment.SegmentScanner;
import net.spillway.spool.segment.SegmentSummary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which segments of a storage class may go, and what must be said again in the log before they do.
 * Segments go oldest first and whole; the open one stays, unless it is to be sealed for that.
 */
final class Expiry {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

    private final HistoryKeeper keeper;
    private final Tombstones tombstones;
    private final LongPredicate mayStay;

    /** @param mayStay whether an article with that sequence may still be there afterwards */
    Expiry(HistoryKeeper keeper, Tombstones tombstones, LongPredicate mayStay) {
        this.keeper = keeper;
        this.tombstones = tombstones;
        this.mayStay = mayStay;
    }

    /** Whether everything in a segment is too old to be kept. */
    static boolean isOld(SegmentFile segment, Retention keep, Instant now) {
        return keep.maxAge().isPresent()
                && newest(segment) < now.minus(keep.maxAge().get()).toEpochMilli();
    }

    /** The segments that are to go. An open one is among them if it {@link #isOld}. */
    static List<SegmentFile> due(List<SegmentFile> oldestFirst, Retention keep, Instant now) {
        long bytes = oldestFirst.stream().mapToLong(SegmentFile::length).sum();
        long keptAtLeast = keep.minAge().isZero() ? Long.MAX_VALUE
                : now.minus(keep.minAge()).toEpochMilli();
        var due = new ArrayList<SegmentFile>();
        for (SegmentFile segment : oldestFirst) {
            boolean tooMuch = keep.maxBytes().isPresent() && segment.isSealed()
                    && bytes > keep.maxBytes().getAsLong() && newest(segment) <= keptAtLeast;
            boolean old = isOld(segment, keep, now)
                    && (segment.isSealed() || segment.summary().articles() > 0);
            if (!tooMuch && !old) {
                break;
            }
            due.add(segment);
            bytes -= segment.length();
        }
        return due;
    }

    /**
     * What expiry does, or did, to a storage class.
     *
     * @param left the segments that stay
     */
    static ExpiryReport.Share share(Storage storage, List<SegmentFile> due,
            List<SegmentFile> left) {
        Optional<Instant> horizon = left.stream()
                .filter(segment -> segment.summary().articles() > 0)
                .map(segment -> Instant.ofEpochMilli(segment.summary().earliest()))
                .min(Instant::compareTo);
        return new ExpiryReport.Share(storage.name(), due.size(),
                due.stream().mapToLong(segment -> segment.summary().articles()).sum(),
                due.stream().mapToLong(SegmentFile::length).sum(),
                left.stream().mapToLong(SegmentFile::length).sum(), horizon, "");
    }

    private static long newest(SegmentFile segment) {
        SegmentSummary summary = segment.summary();
        return summary.articles() > 0 ? summary.latest() : segment.header().created();
    }

    /**
     * What the log must say before a segment goes.
     *
     * @param sealed the message-IDs in it are in the history's partitions already
     */
    record Farewell(List<LogRecord> records, boolean sealed) {}

    /**
     * The message-IDs in a segment that are still to be remembered, tombstones of articles that
     * stay, and that it goes.
     */
    Farewell farewell(SegmentFile segment) throws IOException {
        if (!segment.acquire()) {
            throw new IOException(segment.path() + " is gone already");
        }
        try {
            return read(segment);
        } finally {
            segment.release();
        }
    }

    private Farewell read(SegmentFile segment) throws IOException {
        var farewell = new ArrayList<LogRecord>();
        var ids = new ArrayList<LogRecord.Known>();
        Optional<SegmentContents> contents = contents(segment);
        long last = contents.isPresent() ? keepListed(segment, contents.get(), ids, farewell)
                : keepAll(segment, ids, farewell);
        for (int from = 0; from < ids.size(); from += SegmentFormat.MAX_REMEMBERED) {
            int to = Math.min(ids.size(), from + SegmentFormat.MAX_REMEMBERED);
            farewell.add(new LogRecord.Remembered(List.copyOf(ids.subList(from, to))));
        }
        farewell.add(new LogRecord.Dropped(segment.id()));
        // What stands behind the very last sealed article may have come after the seal.
        return new Farewell(farewell, last < keeper.history().upTo());
    }

    private static Optional<SegmentContents> contents(SegmentFile segment) throws IOException {
        try {
            return SegmentContents.read(segment);
        } catch (SegmentDamagedException e) {
            LOG.warn("{}; the segment is read through instead", e.getMessage());
            return Optional.empty();
        }
    }

    /** Returns the last sequence in the segment. */
    private long keepListed(SegmentFile segment, SegmentContents contents,
            List<LogRecord.Known> ids, List<LogRecord> farewell) throws IOException {
        contents.ids().forEach(known -> remember(known, ids));
        long last = segment.summary().last();
        for (long offset : contents.notes()) {
            var note = new SegmentScanner(segment.channel(), segment.header(), offset,
                    Long.MAX_VALUE).next();
            if (note instanceof SegmentScanner.Found found) {
                keep(found.record(), ids, farewell);
                last = Math.max(last, found.sequence());
            }
        }
        return last;
    }

    private long keepAll(SegmentFile segment, List<LogRecord.Known> ids,
            List<LogRecord> farewell) throws IOException {
        var scanner = new SegmentScanner(segment.channel(), segment.header(),
                SegmentFormat.HEADER_OCTETS, Long.MAX_VALUE);
        long last = 0;
        for (var step = scanner.next(); !(step instanceof SegmentScanner.End);
                step = scanner.next()) {
            if (step instanceof SegmentScanner.Found found) {
                keep(found.record(), ids, farewell);
                last = Math.max(last, found.sequence());
            }
        }
        return last;
    }

    private void keep(LogRecord record, List<LogRecord.Known> ids, List<LogRecord> farewell)
            throws IOException {
        switch (record) {
            case LogRecord.Article article -> MessageId.parse(article.id()).ifPresent(id ->
                    remember(new LogRecord.Known(IdHash.of(id), article.arrival()), ids));
            case LogRecord.Remembered remembered ->
                    remembered.ids().forEach(known -> remember(known, ids));
            case LogRecord.Tombstone tombstone -> {
                if (tombstones.isServed(tombstone)) {
                    LOG.debug("{} is served again", tombstone); // Said again it would be lost.
                } else if (mayStay.test(tombstone.sequence())) {
                    farewell.add(tombstone);
                } else {
                    remember(new LogRecord.Known(tombstone.id(), tombstone.time()), ids);
                }
            }
            case LogRecord.Group group -> { } // Every later checkpoint has it.
            case LogRecord.Feed feed -> { }
            case LogRecord.Begun begun -> { }
            case LogRecord.Ceiling ceiling -> { }
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
