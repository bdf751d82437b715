package net.spillway.spool;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import net.spillway.conf.SpoolConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.index.History;
import net.spillway.spool.index.IndexException;
import net.spillway.spool.index.IndexFolder;
import net.spillway.spool.index.SqlIndex;
import net.spillway.spool.index.Watermark;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentFormat;
import net.spillway.spool.segment.SegmentStore;
import net.spillway.spool.segment.TailRepair;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the files of a spool: takes the lock, cuts a torn tail, and brings the index after the log.
 * An index that cannot be opened, or does not fit the segments, is put aside and made anew.
 */
final class SpoolOpening {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolOpening.class);
    private static final String SEGMENTS = "segments";

    private final SpoolConfig config;
    private final Clock clock;
    private final FileLayer files;
    private final int heapEntries;
    private final ProgressCallback progress;
    private final List<String> damage = new CopyOnWriteArrayList<>();
    private SpoolLock lock;
    private SegmentStore segments;
    private UUID spool;
    private SqlIndex index;
    private History history;
    private HistoryKeeper keeper;

    SpoolOpening(SpoolConfig config, Clock clock, FileLayer files, int heapEntries,
            ProgressCallback progress) {
        this.config = config;
        this.clock = clock;
        this.files = files;
        this.heapEntries = heapEntries;
        this.progress = progress;
    }

    /** @param anew whether to make the index anew in any case */
    void open(boolean anew) throws IOException {
        lock = SpoolLock.take(config.dir());
        try {
            segments = SegmentStore.open(files, config.dir().resolve(SEGMENTS), damage);
            damage.forEach(LOG::error);
            spool = segments.spool().orElseGet(UUID::randomUUID);
            if (anew) {
                openAnew();
                return;
            }
            Optional<String> stale = openIndex();
            stale = stale.isPresent() ? stale : bringUp();
            if (stale.isPresent()) {
                LOG.warn("making the index anew from {} segments: {}", segments.all().size(),
                        stale.get());
                openAnew();
            }
        } catch (IOException | RuntimeException e) {
            closeAll();
            throw e;
        }
    }

    /** Opens the index while the spool runs, brought up to that place; made anew if need be. */
    SqlIndex reopenIndex(Watermark upTo) throws IOException {
        SqlIndex fresh;
        try {
            fresh = SqlIndex.open(files, config.index(), spool);
        } catch (IndexException e) {
            LOG.error("{}; it is made anew from the segments", e.getMessage());
            IndexFolder.setAsideSql(files, config.index());
            fresh = SqlIndex.open(files, config.index(), spool);
        }
        try {
            new Replayer(segments, Optional.empty(), damage, logging()).replay(fresh,
                    Optional.of(upTo));
            dropGone(fresh);
            return fresh;
        } catch (IOException | RuntimeException e) {
            fresh.discard();
            throw e;
        }
    }

    SpoolLock lock() {
        return lock;
    }

    SegmentStore segments() {
        return segments;
    }

    UUID spool() {
        return spool;
    }

    SqlIndex index() {
        return index;
    }

    HistoryKeeper keeper() {
        return keeper;
    }

    /** Grows while the spool runs. */
    List<String> damage() {
        return damage;
    }

    /** The last sequence that was ever given to an article in the log. */
    long lastSequence() {
        long before = segments.last().map(last -> last.header().firstSequence() - 1).orElse(0L);
        return Math.max(index.watermark().sequence(), before);
    }

    void closeAll() throws IOException {
        closeIndex();
        if (segments != null) {
            segments.close();
        }
        lock.close();
    }

    /** Tells why what was opened cannot be used, if so. */
    private Optional<String> openIndex() throws IOException {
        try {
            index = SqlIndex.open(files, config.index(), spool);
            openHistory();
            Watermark mark = index.watermark();
            boolean fresh = mark.equals(Watermark.START);
            if (fresh && (history.upTo() > 0 || !segments.all().isEmpty())) {
                return Optional.of("there is none");
            }
            if (history.upTo() < index.sealed()) {
                return Optional.of("the history has lost what it had");
            }
            if (!fresh && segments.get(mark.segment()).isEmpty()) {
                return Optional.of("it knows segment " + mark.segment() + ", which is not there");
            }
            return Optional.empty();
        } catch (IndexException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Cuts the tail, fills the history's heap map, replays. */
    private Optional<String> bringUp() throws IOException {
        Watermark mark = index.watermark();
        repairTail(mark);
        boolean ahead = segments.get(mark.segment())
                .map(segment -> segment.length() < mark.end()).orElse(false);
        if (ahead) {
            return Optional.of("it is ahead of segment " + mark.segment());
        }
        try {
            fillHistory();
            long articles = new Replayer(segments, Optional.of(keeper), damage, logging())
                    .replay(index, Optional.empty());
            LOG.info("{}: {} segments, {} articles read from the log's end", config.dir(),
                    segments.all().size(), articles);
            if (history.upTo() > index.watermark().sequence()) {
                return Optional.of("the history is ahead of the log");
            }
            finishIndex();
            return Optional.empty();
        } catch (IndexException e) {
            return Optional.of(e.getMessage());
        }
    }

    private void openAnew() throws IOException {
        closeIndex();
        IndexFolder.setAsideAll(files, config.index());
        index = SqlIndex.open(files, config.index(), spool);
        openHistory();
        repairTail(Watermark.START);
        long articles = new Replayer(segments, Optional.of(keeper), damage, logging())
                .replay(index, Optional.empty());
        finishIndex();
        LOG.info("{}: the index is new, {} articles in {} segments", config.dir(), articles,
                segments.all().size());
    }

    private void openHistory() throws IOException {
        history = History.open(files, config.index(), heapEntries, config.remember().toMillis());
        keeper = new HistoryKeeper(history, segments, clock, config.remember());
    }

    private void finishIndex() throws IOException {
        dropGone(index);
        history.awaitSealed();
        index.noteSealed(history.upTo());
    }

    /** Articles of segments that were dropped just before a crash. */
    private void dropGone(SqlIndex from) throws IOException {
        var first = segments.all().iterator();
        if (first.hasNext()) {
            from.dropBefore(first.next().header().firstSequence());
        }
    }

    private void repairTail(Watermark mark) throws IOException {
        Optional<SegmentFile> last = segments.last();
        if (last.isEmpty() || last.get().isSealed()) {
            return;
        }
        SegmentFile segment = last.get();
        long verifyFrom = mark.segment() == segment.id() ? mark.end()
                : SegmentFormat.HEADER_OCTETS;
        TailRepair repair = TailRepair.repair(files, segment, verifyFrom);
        if (repair.cut() > 0) {
            LOG.warn("{} ended in {} octets that were never acknowledged; cut at {}",
                    segment.path(), repair.cut(), repair.length());
        }
    }

    /** What is remembered first: an article that is still here goes before it. */
    private void fillHistory() throws IOException {
        index.remembered().forEach(known -> keeper.removed(known.id(), known.time()));
        index.forEachAfter(history.upTo(), row -> {
            keeper.stored(IdHash.of(MessageId.of(row.id())), row.location(), row.arrival());
            history.mayFreeze(row.sequence());
            history.awaitSealed();
        });
    }

    private ProgressCallback logging() {
        return new LoggedProgress(progress);
    }

    private void closeIndex() {
        if (index != null) {
            index.discard();
            index = null;
        }
        if (history != null) {
            try {
                history.close();
            } catch (IOException e) {
                LOG.warn("{}", e.getMessage());
            }
            history = null;
        }
    }
}
