package net.spillway.spool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.spillway.conf.StorageConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.index.ArticleRow;
import net.spillway.spool.index.HeadFields;
import net.spillway.spool.index.IndexOp;
import net.spillway.spool.index.Marks;
import net.spillway.spool.index.SqlIndex;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.Location;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentFormat;
import net.spillway.spool.segment.SegmentScanner;
import net.spillway.spool.segment.SegmentStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the log from a watermark on and brings index and history after it. */
final class Replayer {
    private static final Logger LOG = LoggerFactory.getLogger(Replayer.class);
    private static final int BATCH = 4096;
    private static final long BATCH_WEIGHT = 16 << 20;
    /** The header lines of an article that are read for overview; the rest could only be noise. */
    private static final int MAX_HEAD = 1 << 20;

    private final SegmentStore segments;
    private final HistoryKeeper keeper;
    private final Tombstones tombstones;
    private final List<String> damage;
    private final ProgressCallback progress;
    private final List<IndexOp.Placed> batch = new ArrayList<>();
    /** Sequences of copies that were lost once and are whole now. */
    private final Map<IdHash, Long> restored = new HashMap<>();
    private boolean leavesHistory;
    private boolean checksBodies;
    private SqlIndex index;
    private long batchWeight;
    private long sequence;
    /** Of the last article of each storage class. */
    private final Map<String, Long> sequences = new HashMap<>();
    private long articles;
    private long back;
    private long bytesRead;
    private long totalBytes;

    /** @param damage gets a line for each damaged place */
    Replayer(SegmentStore segments, HistoryKeeper keeper, List<String> damage,
            ProgressCallback progress) {
        this.segments = segments;
        this.keeper = keeper;
        this.tombstones = new Tombstones(segments, keeper);
        this.damage = damage;
        this.progress = progress;
    }

    /** Has the history stay as it is: it has everything, and knows how things ended. */
    Replayer leavingHistory() {
        leavesHistory = true;
        return this;
    }

    /** Whether articles are read in full, and left out if they are damaged. */
    Replayer checkingBodies(boolean whether) {
        checksBodies = whether;
        return this;
    }

    /**
     * Replays from what the index has up to some place, or to the end of the log.
     *
     * @return articles that were read
     */
    long replay(SqlIndex into, Optional<Marks> upTo) throws IOException {
        index = into;
        sequence = into.sequence();
        Marks from = into.marks();
        for (SegmentFile segment : segments.all()) {
            totalBytes += Math.max(0, segment.length() - from.end(segment.id()));
        }
        progress.progress(0, 0, totalBytes);
        nameClasses(from, upTo);
        try (var log = new LogMerge(segments, from.copy(), upTo, checksBodies)) {
            for (var item = log.next(); item.isPresent(); item = log.next()) {
                switch (item.get().step()) {
                    case SegmentScanner.Found found ->
                            add(item.get().segment(), item.get().scanner(), found);
                    case SegmentScanner.Damage bad -> report(item.get().segment(), bad);
                    case SegmentScanner.End end -> { }
                }
            }
        }
        flush();
        progress.progress(into.count(), totalBytes, totalBytes); // Some were removed again.
        if (back > 0) {
            LOG.info("{} articles that were damaged or lost are here and whole, and are served"
                    + " again", back);
        }
        return articles;
    }

    /** The notes that say so are in the default class, which may have lost them. */
    private void nameClasses(Marks from, Optional<Marks> upTo) {
        for (SegmentFile segment : segments.all()) {
            long end = SegmentFormat.HEADER_OCTETS;
            if (!segment.storage().equals(StorageConfig.DEFAULT) && from.end(segment.id()) < end
                    && upTo.map(marks -> marks.covers(segment.id(), end)).orElse(true)) {
                batch.add(new IndexOp.Placed(new IndexOp.Begun(segment.id(), segment.storage()),
                        segment.id(), end, sequence));
            }
        }
    }

    private void report(SegmentFile segment, SegmentScanner.Damage bad) {
        String text = segment.path() + " is damaged from " + bad.offset() + " to " + bad.end()
                + ": " + bad.what();
        damage.add(text);
        if (!checksBodies) { // Who checks them tells of it himself, place by place.
            LOG.error("{}; what lies there cannot be read, everything else can", text);
        }
    }

    private void add(SegmentFile segment, SegmentScanner scanner, SegmentScanner.Found found)
            throws IOException {
        IndexOp op = switch (found.record()) {
            case LogRecord.Article article -> article(segment, scanner, found, article);
            case LogRecord.Group group -> new IndexOp.PutGroup(group);
            case LogRecord.Feed feed -> new IndexOp.PutFeed(feed);
            case LogRecord.Tombstone tombstone -> tombstone(tombstone);
            case LogRecord.Remembered remembered -> remember(remembered);
            case LogRecord.Dropped dropped -> drop(dropped.segment());
            case LogRecord.Begun begun -> new IndexOp.Begun(begun.segment(), begun.storage());
            case LogRecord.Ceiling ceiling ->
                    new IndexOp.Ceiling(ceiling.group(), ceiling.number());
            case LogRecord.Footer footer -> new IndexOp.Nothing();
        };
        bytesRead += found.end() - found.offset();
        batch.add(new IndexOp.Placed(op, segment.id(), found.end(), sequence));
        if (batch.size() >= BATCH || batchWeight >= BATCH_WEIGHT) {
            flush();
            progress.progress(articles, bytesRead, totalBytes);
        }
    }

    private IndexOp article(SegmentFile segment, SegmentScanner scanner,
            SegmentScanner.Found found, LogRecord.Article article) throws IOException {
        Optional<MessageId> id = MessageId.parse(article.id());
        Long before = sequences.put(segment.storage(), article.sequence());
        if (before != null && article.sequence() <= before || id.isEmpty()) {
            report(segment, new SegmentScanner.Damage(found.offset(), found.end(),
                    "an article out of order, or without a message-ID"));
            return new IndexOp.Nothing();
        }
        IdHash hash = IdHash.of(id.get());
        long location = Location.of(segment.id(), found.offset());
        boolean late = article.sequence() <= sequence;
        if (late && !leavesHistory && tombstones.excludes(hash, location)) {
            return new IndexOp.Nothing();
        }
        sequence = Math.max(sequence, article.sequence());
        articles++;
        int headLength = Math.min(article.headLength(), MAX_HEAD);
        byte[] head = scanner.body(found, headLength);
        var row = new ArticleRow(article.sequence(), location, article.wireLength(),
                article.arrival(), article.posted(), article.size(), article.bodyLines(), article.id(),
                article.source(), XrefLine.identity(head), article.filed(),
                HeadFields.read(head, 0, headLength));
        if (!leavesHistory) {
            keeper.stored(hash, location, article.arrival());
            keeper.history().mayFreeze(sequence);
            keeper.history().awaitSealed(); // Reading is faster: the heap would fill without end.
        }
        batchWeight += row.weight();
        return superseding(hash, new IndexOp.Add(row));
    }

    /** A copy that was lost once is not served beside a later one, or against its removal. */
    private IndexOp superseding(IdHash id, IndexOp next) {
        Long old = restored.isEmpty() ? null : restored.remove(id);
        if (old == null) {
            return next;
        }
        back--;
        return new IndexOp.Supersede(old, next);
    }

    private IndexOp tombstone(LogRecord.Tombstone tombstone) throws IOException {
        boolean ends = !Tombstones.isOfLost(tombstone) && restored.containsKey(tombstone.id());
        if (!ends && tombstones.isOfAnother(tombstone)) {
            return new IndexOp.Supersede(tombstone.sequence(), new IndexOp.Nothing());
        }
        if (leavesHistory ? tombstones.isServed(tombstone) : tombstones.isRestored(tombstone)) {
            back += restored.put(tombstone.id(), tombstone.sequence()) == null ? 1 : 0;
            return new IndexOp.Nothing();
        }
        if (!leavesHistory) {
            keeper.removed(tombstone.id(), tombstone.time());
        }
        return superseding(tombstone.id(), new IndexOp.Remove(tombstone.sequence(),
                new LogRecord.Known(tombstone.id(), tombstone.time())));
    }

    private IndexOp remember(LogRecord.Remembered remembered) throws IOException {
        IndexOp op = new IndexOp.Remember(leavesHistory ? remembered.ids()
                : keeper.remembered(remembered.ids()));
        for (LogRecord.Known known : restored.isEmpty() ? List.<LogRecord.Known>of()
                : remembered.ids()) {
            if (restored.containsKey(known.id())) { // It came again, and expired or was removed.
                if (!leavesHistory) {
                    keeper.removed(known.id(), known.time());
                }
                op = superseding(known.id(), op);
            }
        }
        return op;
    }

    /** A crash may have come between the record and the deed. */
    private IndexOp drop(int number) throws IOException {
        segments.drop(number);
        return new IndexOp.DropSegment(number);
    }

    private void flush() throws IOException {
        index.apply(batch);
        batch.clear();
        batchWeight = 0;
    }
}
