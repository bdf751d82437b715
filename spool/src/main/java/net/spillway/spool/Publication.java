package net.spillway.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.file.NoSpaceException;
import net.spillway.spool.index.IndexOp;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentStore;
import net.spillway.spool.segment.SegmentSummary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes visible, in memory, what the log has; and hands it on to the indexer. */
final class Publication implements Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);
    /** Left free on the disk for the index, whose database takes a full disk badly. */
    static final long RESERVE = 16 << 20;
    private static final long PATIENCE_MILLIS = 5000;

    private final FileLayer files;
    private final Path folder;
    private final SegmentStore segments;
    private final HistoryKeeper keeper;
    private final Tombstones tombstones;
    private final Groups groups;
    private final Feeds feeds;
    private final Recent recent;
    private final Catalog catalog;
    private final Indexer indexer;
    private final Map<IdHash, CompletableFuture<StoreOutcome>> pending =
            new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile long committed;

    Publication(FileLayer files, Path folder, SegmentStore segments, HistoryKeeper keeper,
            Groups groups, Feeds feeds, Recent recent, Catalog catalog, Indexer indexer,
            long committed) {
        this.files = files;
        this.folder = folder;
        this.segments = segments;
        this.keeper = keeper;
        this.tombstones = new Tombstones(segments, keeper);
        this.groups = groups;
        this.feeds = feeds;
        this.recent = recent;
        this.catalog = catalog;
        this.indexer = indexer;
        this.committed = committed;
    }

    /** The last sequence that is visible. */
    long committed() {
        return committed;
    }

    /** Stores under way, by message-ID. */
    Map<IdHash, CompletableFuture<StoreOutcome>> pending() {
        return pending;
    }

    List<Runnable> listeners() {
        return listeners;
    }

    @Override
    public void publish(List<Written> entries, boolean forced) {
        var ops = new ArrayList<IndexOp.Placed>(entries.size());
        long last = committed;
        for (Written entry : entries) {
            IndexOp op = switch (entry) {
                case Written.Article article -> publish(article);
                case Written.Note note when note.sealed()
                        && note.record() instanceof LogRecord.Remembered -> new IndexOp.Nothing();
                case Written.Note note -> publish(note.record());
            };
            ops.add(new IndexOp.Placed(op, entry.segment(), entry.end(), entry.sequence()));
            last = entry.sequence();
        }
        committed = last;
        if (forced) { // Else its partition could know what a power cut takes from the log.
            keeper.history().mayFreeze(last);
        }
        indexer.enqueue(ops);
    }

    @Override
    public boolean mustForce() {
        return keeper.history().wantsToFreeze();
    }

    @Override
    public List<LogRecord> changedFeeds() {
        return feeds.takeChanged();
    }

    @Override
    public void requireRoom(long octets) throws IOException {
        if (indexer.isFull()) {
            try {
                indexer.awaitRoom(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (indexer.isFull()) {
                throw new IOException("the index cannot keep up, or cannot be written");
            }
        }
        requireSpace(folder, octets);
    }

    @Override
    public void requireSpace(Path where, long octets) throws IOException {
        long usable = files.usableSpace(where);
        if (usable < octets + RESERVE) {
            throw new NoSpaceException("no space left in " + where + ": " + (usable >> 20)
                    + " MiB are free, and " + (RESERVE >> 20)
                    + " MiB are never used, so that the index can be written");
        }
    }

    @Override
    public void settled(Work.Store work) {
        pending.remove(work.hash());
    }

    @Override
    public void told() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.error("a listener failed", e);
            }
        }
    }

    private IndexOp publish(Written.Article article) {
        keeper.stored(article.work().hash(), article.row().location(),
                article.record().arrival());
        recent.add(article.row());
        for (LogRecord.Filed filed : article.record().filed()) {
            groups.get(filed.group()).added(filed.number());
        }
        return new IndexOp.Add(article.row());
    }

    private IndexOp publish(LogRecord record) {
        return switch (record) {
            case LogRecord.Group group -> {
                groups.put(group);
                yield new IndexOp.PutGroup(group);
            }
            case LogRecord.Feed feed -> new IndexOp.PutFeed(feed);
            case LogRecord.Tombstone tombstone -> bury(tombstone);
            case LogRecord.Remembered remembered -> remember(remembered);
            case LogRecord.Dropped dropped -> drop(dropped.segment());
            case LogRecord.Begun begun -> new IndexOp.Begun(begun.segment(), begun.storage());
            case LogRecord.Ceiling ceiling ->
                    new IndexOp.Ceiling(ceiling.group(), ceiling.number());
            case LogRecord.Article article -> throw new IllegalStateException("not a note");
            case LogRecord.Footer footer -> throw new IllegalStateException("not a note");
        };
    }

    private IndexOp bury(LogRecord.Tombstone tombstone) {
        catalog.hide(tombstone.sequence());
        try {
            if (tombstones.isOfAnother(tombstone)) {
                return new IndexOp.Supersede(tombstone.sequence(), new IndexOp.Nothing());
            }
        } catch (IOException e) {
            LOG.error("{}", e.getMessage());
        }
        keeper.removed(tombstone.id(), tombstone.time());
        return new IndexOp.Remove(tombstone.sequence(),
                new LogRecord.Known(tombstone.id(), tombstone.time()));
    }

    private IndexOp remember(LogRecord.Remembered remembered) {
        try {
            return new IndexOp.Remember(keeper.remembered(remembered.ids()));
        } catch (IOException e) {
            LOG.error("{}; message-IDs will be known again after a rebuild", e.getMessage());
            return new IndexOp.Nothing();
        }
    }

    private IndexOp drop(int number) {
        Optional<SegmentFile> segment = segments.get(number);
        try {
            segments.drop(number);
        } catch (IOException e) {
            LOG.error("segment {} could not be dropped, and stays: {}", number, e.getMessage());
            return new IndexOp.Nothing();
        }
        if (segment.isEmpty()) { // It was given up.
            return new IndexOp.DropSegment(number);
        }
        SegmentSummary gone = segment.get().summary();
        recent.removeSegment(number, gone);
        return new IndexOp.DropSegment(number);
    }
}
