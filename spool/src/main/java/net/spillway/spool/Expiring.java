package net.spillway.spool;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the segments of an open spool go that are due: {@link Expiry} says which, and how. */
final class Expiring {
    private static final Logger LOG = LoggerFactory.getLogger(Expiring.class);

    private final SpoolOpening parts;
    private final SegmentStore segments;
    private final Storages storages;
    private final HistoryKeeper keeper;
    private final Groups groups;
    private final Indexer indexer;
    private final LogRequests log;
    private final ReentrantLock running = new ReentrantLock();

    Expiring(SpoolOpening parts, Groups groups, Indexer indexer, LogRequests log) {
        this.parts = parts;
        this.segments = parts.segments();
        this.storages = parts.storages();
        this.keeper = parts.keeper();
        this.groups = groups;
        this.indexer = indexer;
        this.log = log;
    }

    /** See {@link Spool#expire}. */
    ExpiryReport expire(Instant now) throws IOException {
        var shares = new ArrayList<ExpiryReport.Share>();
        if (!running.tryLock()) {
            storages.all().forEach(storage -> shares.add(nothing(storage,
                    "another expiry is under way")));
            return ExpiryReport.of(shares);
        }
        try {
            for (Storage storage : storages.all()) {
                shares.add(storage.isBroken() ? nothing(storage, storage.trouble())
                        : storage.isDefault() ? expire(storage, now)
                        : tryExpire(storage, now));
            }
            indexer.flush();
            keeper.history().forgetSoon(now.toEpochMilli(), parts.firstSegment());
            return ExpiryReport.of(shares);
        } finally {
            running.unlock();
        }
    }

    /** What one class's disk does not give is no reason for the others to fill up. */
    private ExpiryReport.Share tryExpire(Storage storage, Instant now) {
        try {
            return expire(storage, now);
        } catch (IOException e) {
            LOG.warn("nothing of storage class {} could be expired: {}", storage.name(),
                    e.getMessage());
            return nothing(storage, String.valueOf(e.getMessage()));
        }
    }

    private ExpiryReport.Share nothing(Storage storage, String why) {
        return Expiry.share(storage, List.of(), segments.all(storage.name())).because(why);
    }

    private ExpiryReport.Share expire(Storage storage, Instant now) throws IOException {
        Optional<SegmentFile> last = segments.last(storage.name());
        if (last.isPresent() && last.get().summary().articles() > 0 && !last.get().isSealed()
                && Expiry.isOld(last.get(), storage.keep(), now)) {
            log.roll(storage);
        }
        List<SegmentFile> due = Expiry.due(segments.all(storage.name()), storage.keep(), now)
                .stream().filter(SegmentFile::isSealed).toList();
        var expiry = new Expiry(keeper, new Tombstones(segments, keeper),
                sequence -> mayStay(sequence, due));
        if (!due.isEmpty() && !storage.isDefault()) {
            log.write(groups.visible()); // The last checkpoint may be older than what goes.
        }
        var drops = new ArrayList<CompletableFuture<Void>>();
        for (SegmentFile segment : due) {
            drops.add(log.begin(expiry.farewell(segment)));
        }
        for (CompletableFuture<Void> done : drops) {
            LogRequests.await(done); // All together, so that they share the log's fsyncs.
        }
        ExpiryReport.Share share = Expiry.share(storage, due, segments.all(storage.name()));
        if (!due.isEmpty()) {
            LOG.info("expired {} segments of storage class {} with {} articles, {} MiB",
                    share.segments(), storage.name(), share.articles(), share.bytes() >> 20);
        }
        return share;
    }

    private boolean mayStay(long sequence, List<SegmentFile> due) {
        return !parts.isComplete() || segments.all().stream().anyMatch(segment ->
                !due.contains(segment) && sequence >= segment.summary().first()
                        && sequence <= segment.summary().last());
    }
}
