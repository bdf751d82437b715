package net.spillway.spool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.spillway.protocol.MessageId;
import net.spillway.spool.index.ArticleRow;
import net.spillway.spool.index.HeadFields;
import net.spillway.spool.index.IndexOp;
import net.spillway.spool.index.SqlIndex;
import net.spillway.spool.index.Watermark;
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
    private final Optional<HistoryKeeper> keeper;
    private final List<String> damage;
    private final ProgressCallback progress;
    private final List<IndexOp.Placed> batch = new ArrayList<>();
    private SqlIndex index;
    private Watermark upTo;
    private long batchWeight;
    private long sequence;
    private long articles;
    private long bytesBefore;
    private long totalBytes;

    /**
     * @param keeper empty if the history is not to be changed
     * @param damage gets a line for each damaged place
     */
    Replayer(SegmentStore segments, Optional<HistoryKeeper> keeper, List<String> damage,
            ProgressCallback progress) {
        this.segments = segments;
        this.keeper = keeper;
        this.damage = damage;
        this.progress = progress;
    }

    /**
     * Replays from the index's watermark up to another, or to the end of the log.
     *
     * @return articles that were read
     */
    long replay(SqlIndex into, Optional<Watermark> until) throws IOException {
        index = into;
        upTo = until.orElse(new Watermark(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
        Watermark from = into.watermark();
        sequence = from.sequence();
        var todo = new ArrayList<SegmentFile>();
        for (SegmentFile segment : segments.all()) {
            if (segment.id() >= from.segment() && segment.id() <= upTo.segment()) {
                todo.add(segment);
                totalBytes += segment.length();
            }
        }
        for (SegmentFile segment : todo) {
            boolean started = segment.id() == from.segment();
            replay(segment, started ? from.end() : SegmentFormat.HEADER_OCTETS);
            bytesBefore += segment.length();
        }
        flush();
        progress.progress(articles, bytesBefore, totalBytes);
        return articles;
    }

    private void replay(SegmentFile segment, long from) throws IOException {
        var scanner = new SegmentScanner(segment.channel(), segment.header(), from,
                Long.MAX_VALUE);
        while (true) {
            switch (scanner.next()) {
                case SegmentScanner.Found found -> {
                    if (!upTo.covers(segment.id(), found.end())) {
                        return;
                    }
                    add(segment, scanner, found);
                }
                case SegmentScanner.Damage bad -> {
                    if (!upTo.covers(segment.id(), bad.offset() + 1)) {
                        return; // Being written at this moment.
                    }
                    report(segment, bad);
                }
                case SegmentScanner.End end -> {
                    return;
                }
            }
        }
    }

    private void report(SegmentFile segment, SegmentScanner.Damage bad) {
        String text = segment.path() + " is damaged from " + bad.offset() + " to " + bad.end()
                + ": " + bad.what();
        damage.add(text);
        LOG.error("{}; what lies there cannot be read, everything else can", text);
    }

    private void add(SegmentFile segment, SegmentScanner scanner, SegmentScanner.Found found)
            throws IOException {
        IndexOp op = switch (found.record()) {
            case LogRecord.Article article -> article(segment, scanner, found, article);
            case LogRecord.Group group -> new IndexOp.PutGroup(group);
            case LogRecord.Feed feed -> new IndexOp.PutFeed(feed);
            case LogRecord.Tombstone tombstone -> {
                keeper.ifPresent(k -> k.removed(tombstone.id(), tombstone.time()));
                yield new IndexOp.Remove(tombstone.sequence(),
                        new LogRecord.Known(tombstone.id(), tombstone.time()));
            }
            case LogRecord.Remembered remembered -> new IndexOp.Remember(keeper.isPresent()
                    ? keeper.get().remembered(remembered.ids()) : remembered.ids());
            case LogRecord.Dropped dropped -> drop(dropped.segment());
            case LogRecord.Footer footer -> new IndexOp.Nothing();
        };
        batch.add(new IndexOp.Placed(op, segment.id(), found.end(), sequence));
        if (batch.size() >= BATCH || batchWeight >= BATCH_WEIGHT) {
            flush();
            progress.progress(articles, bytesBefore + found.end(), totalBytes);
        }
    }

    private IndexOp article(SegmentFile segment, SegmentScanner scanner,
            SegmentScanner.Found found, LogRecord.Article article) throws IOException {
        Optional<MessageId> id = MessageId.parse(article.id());
        if (article.sequence() <= sequence || id.isEmpty()) {
            report(segment, new SegmentScanner.Damage(found.offset(), found.end(),
                    "an article out of order, or without a message-ID"));
            return new IndexOp.Nothing();
        }
        sequence = article.sequence();
        articles++;
        long location = Location.of(segment.id(), found.offset());
        int headLength = Math.min(article.headLength(), MAX_HEAD);
        byte[] head = scanner.body(found, headLength);
        var row = new ArticleRow(sequence, location, article.wireLength(), article.arrival(),
                article.size(), article.bodyLines(), article.id(), article.source(),
                ArticleRow.formatXref(XrefLine.identity(head), article.filed()),
                HeadFields.read(head, 0, headLength));
        keeper.ifPresent(k -> {
            k.stored(IdHash.of(id.get()), location, article.arrival());
            k.history().mayFreeze(sequence);
            k.history().awaitSealed(); // Reading is faster: the heap would fill without end.
        });
        batchWeight += row.weight();
        return new IndexOp.Add(row);
    }

    /** A crash may have come between the record and the deed. */
    private IndexOp drop(int number) throws IOException {
        Optional<SegmentFile> segment = segments.get(number);
        if (segment.isEmpty()) {
            return new IndexOp.Nothing();
        }
        segments.drop(number);
        return new IndexOp.DropSegment(number, segment.get().summary());
    }

    private void flush() throws IOException {
        index.apply(batch);
        batch.clear();
        batchWeight = 0;
    }
}
