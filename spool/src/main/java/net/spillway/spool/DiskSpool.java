package net.spillway.spool;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import net.spillway.conf.SpoolConfig;
import net.spillway.conf.StorageConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.file.PatientFiles;
import net.spillway.spool.index.Applied;
import net.spillway.spool.index.HeadFields;
import net.spillway.spool.segment.ArticleReader;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.Location;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentDamagedException;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentStore;
import net.spillway.spool.segment.SegmentUnreadableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spool on disk.
 *
 * <p>One thread writes the log ({@link LogWriter}), one brings the index after it
 * ({@link Indexer}), one tells senders and listeners. What the index does not have yet is found in
 * memory ({@link Recent}). The index may be deleted while the spool is closed.
 */
final class DiskSpool implements Spool {
    private static final Logger LOG = LoggerFactory.getLogger(DiskSpool.class);
    private static final long ADD_PATIENCE_MILLIS = 10_000;
    private static final long MAX_BACKLOG = 128 << 20;
    /** A terabyte in four days. */
    private static final long SCRUB_RATE = 3 << 20;
    /** So long after it was stored an article is passed on without being read for it first. */
    private static final long FRESH_MILLIS = 60_000;

    private final SpoolConfig config;
    private final Clock clock;
    private final SpoolOpening parts;
    private final SegmentStore segments;
    private final HistoryKeeper keeper;
    private final Storages storages;
    private final ClassNotes notes;
    private final Groups groups;
    private final AtomicLong groupChanges = new AtomicLong();
    private final Feeds feeds;
    private final NumberReserve reserve;
    private final Catalog catalog;
    private final Indexer indexer;
    private final Publication publication;
    private final Backlog backlog;
    private final LogWriter writer;
    private final DamageControl damageControl;
    private final Scrubber scrubber;
    /** The last one that was here when the spool was opened. */
    private final long foundSequence;
    private final ReentrantLock expiring = new ReentrantLock();
    private boolean closed;

    private DiskSpool(SpoolConfig config, String identity, Clock clock, FileLayer files,
            SpoolOpening parts) throws IOException {
        this.config = config;
        this.clock = clock;
        this.parts = parts;
        this.segments = parts.segments();
        this.keeper = parts.keeper();
        this.storages = parts.storages();
        this.groups = new Groups(parts.index().groups());
        List<LogRecord.Feed> positions = parts.index().feeds();
        this.feeds = new Feeds(positions.stream().filter(f -> !NumberReserve.isOne(f)).toList());
        this.reserve = new NumberReserve(config.fsync(), positions);
        reserve.reserved().forEach((name, upTo) ->
                groups.find(name).ifPresent(group -> group.skipTo(upTo)));
        long last = parts.lastSequence();
        this.foundSequence = last;
        if (!parts.isComplete()) {
            groups.skip(parts.index().ceilings());
        }
        this.notes = new ClassNotes(parts.index().ceilings(), segments);
        var recent = new Recent(parts.index().sequence());
        this.indexer = new Indexer(parts.index(), recent, parts::reopenIndex, this::indexed);
        this.catalog = new Catalog(recent, indexer::index, parts::isHere);
        this.publication = new Publication(files, config.dir(), segments, keeper, groups, feeds,
                recent, catalog, indexer, last);
        this.backlog = new Backlog(Math.min(MAX_BACKLOG, Runtime.getRuntime().maxMemory() / 8));
        this.writer = new LogWriter(storages, tails(files, last), notes, groups, reserve, backlog,
                publication, identity, config.fsync(), clock, last);
        keeper.history().onSealed(indexer::historySealed);
        damageControl = new DamageControl(segments, indexer, parts.damage(), this::write,
                new LostFile(config.dir(), clock), clock);
        scrubber = new Scrubber(files, segments, SCRUB_RATE, damageControl::damaged,
                damageControl::lookThrough);
        keeper.startMerging();
        indexer.start();
        writer.start();
        scrubber.start();
        damageControl.cutOff(parts.cutOff());
        damageControl.resume(config.remember(), id -> presence(id) == Presence.UNKNOWN);
        damageControl.lost(parts.lost());
    }

    /** The ends of the log, open as far as their disks allow it. */
    private Map<Storage, LogTail> tails(FileLayer files, long sequence) throws IOException {
        var tails = new LinkedHashMap<Storage, LogTail>();
        var lastSegment = new AtomicInteger(parts.lastSegment());
        for (Storage storage : storages.all()) {
            var tail = new LogTail(files, segments, storage.name(), lastSegment, parts.spool(),
                    storage.isDefault() ? this::checkpoint : List::of, clock);
            tails.put(storage, tail);
            if (storage.isDefault()) {
                tail.resume(sequence + 1);
            } else if (!storage.isAway()) {
                try {
                    tail.resumeLast(sequence + 1);
                } catch (IOException e) {
                    storage.failed(e);
                }
            }
        }
        return tails;
    }

    static DiskSpool open(SpoolConfig config, String identity, Clock clock, FileLayer files,
            int historyHeapEntries) throws IOException {
        FileLayer patient = config.storage().isEmpty() ? files : new PatientFiles(files,
                config.storage().stream().map(StorageConfig::dir).toList(), PatientFiles.PATIENCE);
        var parts = new SpoolOpening(config, clock, patient, historyHeapEntries,
                ProgressCallback.NONE);
        parts.open(false);
        try {
            return new DiskSpool(config, identity, clock, patient, parts);
        } catch (IOException | RuntimeException e) {
            parts.closeAll();
            throw e;
        }
    }

    @Override
    public List<Newsgroup> groups() {
        return groups.all();
    }

    @Override
    public List<Newsgroup> groupsAfter(String name, int max) {
        return groups.after(name, max);
    }

    @Override
    public Optional<Newsgroup> group(String name) {
        return groups.find(name).map(Groups.Group::snapshot);
    }

    @Override
    public void createGroup(String name, char status, String description) throws IOException {
        Groups.check(name, status, description);
        Optional<Newsgroup> existing = group(name);
        if (existing.isPresent() && existing.get().status() == status
                && existing.get().description().equals(description)) {
            return;
        }
        write(List.of(new LogRecord.Group(name, status, description, clock.millis(),
                existing.map(Newsgroup::high).orElse(0L))));
        groupChanges.incrementAndGet();
    }

    @Override
    public boolean removeGroup(String name) throws IOException {
        Optional<Newsgroup> existing = group(name);
        if (existing.isEmpty()) {
            return false;
        }
        Newsgroup group = existing.get();
        write(List.of(new LogRecord.Group(name, Groups.REMOVED, group.description(),
                group.created().toEpochMilli(), group.high())));
        groupChanges.incrementAndGet();
        return true;
    }

    @Override
    public long groupChanges() {
        return groupChanges.get();
    }

    @Override
    public CompletableFuture<StoreOutcome> store(NewArticle article) {
        Optional<String> wrong = StoreCheck.objection(article,
                name -> groups.find(name).isPresent());
        if (wrong.isPresent()) {
            return CompletableFuture.completedFuture(
                    new StoreOutcome.Failed(wrong.get(), false));
        }
        IdHash hash = IdHash.of(article.id());
        var done = new CompletableFuture<StoreOutcome>();
        var other = publication.pending().putIfAbsent(hash, done);
        if (other != null) {
            // What becomes of this one hangs on the other, which may still fail.
            return other.thenApply(outcome -> outcome instanceof StoreOutcome.Stored
                    ? new StoreOutcome.Duplicate() : outcome);
        }
        Optional<StoreOutcome> refusal = enqueue(article, hash, done);
        if (refusal.isPresent()) {
            publication.pending().remove(hash);
            done.complete(refusal.get());
        }
        return done.copy(); // Who cancels it must not cancel ours.
    }

    @Override
    public Bundle bundle() {
        return backlog.bundle();
    }

    @Override
    public void arriving() {
        backlog.coming(1);
    }

    @Override
    public void arrived() {
        backlog.coming(-1);
    }

    @Override
    public void whenTold(Runnable action) {
        writer.whenTold(action);
    }

    @Override
    public boolean hasRoom(long octets) {
        return backlog.hasRoomForSome(octets);
    }

    @Override
    public Presence presence(MessageId id) {
        return presence(IdHash.of(id));
    }

    @Override
    public Presence presence(IdHash hash) {
        // In this order: it leaves pending after the history has it.
        if (publication.pending().containsKey(hash)) {
            return Presence.PENDING;
        }
        try {
            return keeper.presence(hash);
        } catch (IOException e) {
            LOG.error("{}", e.getMessage());
            return Presence.PENDING;
        }
    }

    @Override
    public void remember(MessageId id) {
        if (presence(id) == Presence.UNKNOWN) {
            var known = new LogRecord.Known(IdHash.of(id), clock.millis());
            backlog.add(new Work.Note(List.of(new LogRecord.Remembered(List.of(known))),
                    new CompletableFuture<>()), 0);
        }
    }

    /** How many articles were found to be lost on opening, as the ends of their segments are. */
    int cutOff() {
        return parts.cutOff().size();
    }

    @Override
    public Optional<StoredArticle> open(MessageId id) throws IOException {
        return find(id).map(article -> article);
    }

    @Override
    public Optional<StoredArticle> openIntact(MessageId id) throws IOException {
        Optional<Long> location = keeper.location(id);
        if (location.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<OpenArticle> found = open(id, location.get());
            if (found.isEmpty()) {
                requireSome(location.get());
            } else if (!isFresh(found.get().record()) && !isIntact(found.get())) {
                throw damaged(location.get(), "the CRC of the article is wrong");
            }
            return found.map(article -> article);
        } catch (SegmentDamagedException | SegmentUnreadableException e) {
            missed(location.get());
            throw e;
        }
    }

    /** There is no article to be had there: because its segment has gone, or is it damaged? */
    private void requireSome(long location) throws IOException {
        Optional<ArticleReader> some = segments.open(
                Location.segment(location), Location.offset(location));
        if (some.isPresent()) {
            some.get().release();
        } else if (segments.exists(Location.segment(location))) {
            throw damaged(location, "no good article begins there");
        }
    }

    private SegmentDamagedException damaged(long location, String what) {
        return new SegmentDamagedException(segments.get(Location.segment(location))
                .map(SegmentFile::path).orElse(config.dir()), Location.offset(location), what);
    }

    /** Whether we have stored it ourselves a moment ago. */
    private boolean isFresh(LogRecord.Article record) {
        long age = clock.millis() - record.arrival();
        return record.sequence() > foundSequence && age >= 0 && age < FRESH_MILLIS;
    }

    /** Closes it if it is not. */
    private static boolean isIntact(OpenArticle article) throws IOException {
        boolean intact = false;
        try {
            intact = article.isIntact();
        } finally {
            if (!intact) {
                article.close();
            }
        }
        return intact;
    }

    private Optional<OpenArticle> find(MessageId id) throws IOException {
        Optional<Long> location = keeper.location(id);
        return location.isEmpty() ? Optional.empty() : open(id, location.get());
    }

    private Optional<OpenArticle> open(MessageId id, long location) throws IOException {
        return read(location, record -> record.id().equals(id.value()));
    }

    @Override
    public Optional<ArticlePlace> locate(MessageId id) throws IOException {
        Optional<Long> location = keeper.location(id);
        if (location.isEmpty()) {
            return Optional.empty();
        }
        var token = new ArticleToken(Location.segment(location.get()),
                Location.offset(location.get()));
        Optional<SegmentFile> file = segments.get(token.segment());
        Optional<ArticleReader> reader = segments.open(token.segment(), token.offset());
        if (reader.isEmpty()) {
            return Optional.empty();
        }
        LogRecord.Article record = reader.get().record();
        reader.get().release();
        return file.filter(f -> record.id().equals(id.value())).map(f -> ArticlePlace.of(
                token, f.storage(), f.path().toString(), record));
    }

    @Override
    public Optional<StoredArticle> open(String group, long number) throws IOException {
        return open(catalog.byNumber(group, number));
    }

    @Override
    public Optional<StoredArticle> open(long sequence) throws IOException {
        return open(catalog.bySequence(sequence));
    }

    @Override
    public OptionalLong next(String group, long number) throws IOException {
        return catalog.next(group, number);
    }

    @Override
    public OptionalLong previous(String group, long number) throws IOException {
        return catalog.previous(group, number);
    }

    @Override
    public long[] numbers(String group, long low, long high, int max) throws IOException {
        return catalog.numbers(group, low, high, max);
    }

    @Override
    public List<OverviewLine> overview(String group, long low, long high, int max)
            throws IOException {
        return catalog.overview(group, low, high, max);
    }

    @Override
    public List<OverviewText> overviewTexts(String group, long low, long high, int max)
            throws IOException {
        return catalog.overviewTexts(group, low, high, max);
    }

    @Override
    public Optional<OverviewLine> overview(MessageId id) throws IOException {
        return overview(find(id));
    }

    @Override
    public boolean holds(IdHash id) throws IOException {
        return keeper.presence(id) == Presence.STORED;
    }

    @Override
    public Optional<OverviewLine> overview(IdHash id) throws IOException {
        Optional<Long> location = keeper.location(id);
        return location.isEmpty() ? Optional.empty() : overview(read(location.get(),
                record -> IdHash.of(MessageId.of(record.id())).equals(id)));
    }

    private static Optional<OverviewLine> overview(Optional<OpenArticle> found)
            throws IOException {
        try (OpenArticle article = found.orElse(null)) {
            return article == null ? Optional.empty() : Optional.of(article.overview());
        }
    }

    @Override
    public long committed() {
        return publication.committed();
    }

    @Override
    public List<LogEntry> log(long afterSequence, int max) throws IOException {
        return catalog.log(afterSequence, max, committed());
    }

    @Override
    public Subscription onCommit(Runnable listener) {
        publication.listeners().add(listener);
        return () -> publication.listeners().remove(listener);
    }

    @Override
    public long sequenceBefore(Instant time) throws IOException {
        long indexed = indexer.index().sequence();
        return indexer.index().firstArrivedSince(time.toEpochMilli()).orElse(indexed + 1) - 1;
    }

    @Override
    public boolean hasFeed(String feed) {
        return feeds.has(feed);
    }

    @Override
    public void beginFeed(String feed, FeedPosition position) throws IOException {
        feeds.put(feed, position);
        write(List.of(new LogRecord.Feed(feed, position.cursor(), position.deferred())));
    }

    @Override
    public FeedPosition feedPosition(String feed) {
        return feeds.get(feed);
    }

    @Override
    public void saveFeedPosition(String feed, FeedPosition position) {
        feeds.put(feed, position);
    }

    @Override
    public boolean remove(MessageId id) throws IOException {
        try (StoredArticle article = open(id).orElse(null)) {
            if (article == null) {
                return false;
            }
            write(List.of(new LogRecord.Tombstone(IdHash.of(id), article.sequence(),
                    clock.millis())));
            return true;
        }
    }

    @Override
    public ExpiryReport expire(Instant now) throws IOException {
        var shares = new ArrayList<ExpiryReport.Share>();
        if (!expiring.tryLock()) {
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
            expiring.unlock();
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
            var rolled = new CompletableFuture<Void>();
            await(backlog.addAlways(new Work.Roll(storage, rolled)), rolled);
        }
        List<SegmentFile> due = Expiry.due(segments.all(storage.name()), storage.keep(), now)
                .stream().filter(SegmentFile::isSealed).toList();
        var expiry = new Expiry(keeper, sequence -> mayStay(sequence, due));
        if (!due.isEmpty() && !storage.isDefault()) {
            write(groups.visible()); // The last checkpoint may be older than what goes.
        }
        var drops = new ArrayList<CompletableFuture<Void>>();
        for (SegmentFile segment : due) {
            Expiry.Farewell farewell = expiry.farewell(segment);
            var done = new CompletableFuture<Void>();
            drops.add(done);
            if (!backlog.addAlways(new Work.Note(farewell.records(), farewell.sealed(), done))) {
                throw new IOException("the spool is closed");
            }
        }
        for (CompletableFuture<Void> done : drops) {
            await(true, done); // All together, so that they share the log's fsyncs.
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

    @Override
    public Subscription onDamage(Consumer<MessageId> listener) {
        return damageControl.listen(listener);
    }

    @Override
    public Optional<Instant> lostSince(MessageId id) {
        return damageControl.lostSince(id).filter(since -> !isBack(id)
                && since.plus(config.remember()).isAfter(clock.instant()));
    }

    /** For what checks a spool that no relay has open; see {@link DamageControl#takeOut}. */
    List<DamagedRecord> takeOut(List<DamagedRecord> ofSegment) throws IOException {
        return damageControl.takeOut(ofSegment);
    }

    /** For tests, which do not wait for its thread. */
    Scrubber scrubber() {
        return scrubber;
    }

    /** The same. */
    DamageControl damageControl() {
        return damageControl;
    }

    @Override
    public SpoolStats stats() {
        String trouble = writer.trouble();
        if (trouble.isEmpty() && indexer.isFailing()) {
            trouble = "the index cannot be written";
        }
        if (trouble.isEmpty() && keeper.history().isDamaged()) {
            trouble = "the history of message-IDs is damaged; a restart makes it anew";
        }
        return new SpoolStats(indexer.articles(), groups.size(),
                segments.all().size(), segments.bytes(), committed(), keeper.history().size(),
                backlog.held(), indexer.lag(), damageControl.told(this::isBack),
                damageControl.missing(id -> lostSince(id).isEmpty()), trouble,
                storages.all().stream().map(this::stats).toList());
    }

    private boolean isBack(MessageId lost) {
        return switch (presence(lost)) {
            case STORED, REMEMBERED -> true;
            case PENDING, UNKNOWN -> false;
        };
    }

    private StorageStats stats(Storage storage) {
        List<SegmentFile> all = segments.all(storage.name());
        return new StorageStats(storage.name(), storage.dir().toString(), all.size(),
                all.stream().mapToLong(segment -> segment.summary().articles()).sum(),
                all.stream().mapToLong(SegmentFile::length).sum(),
                all.stream().filter(segment -> segment.summary().articles() > 0)
                        .map(segment -> Instant.ofEpochMilli(segment.summary().earliest()))
                        .min(Instant::compareTo), storage.trouble());
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        scrubber.close();
        damageControl.close();
        backlog.close();
        writer.awaitEnd();
        indexer.close();
        parts.closeFiles();
    }

    /** For tests, which break it. */
    Indexer indexer() {
        return indexer;
    }

    /** Empty if the article waits now; then the log completes the future. */
    private Optional<StoreOutcome> enqueue(NewArticle article, IdHash hash,
            CompletableFuture<StoreOutcome> done) {
        if (writer.hangs()) {
            return Optional.of(new StoreOutcome.Failed(writer.trouble(), true));
        }
        try {
            if (keeper.presence(hash) != Presence.UNKNOWN) {
                return Optional.of(new StoreOutcome.Duplicate());
            }
        } catch (IOException e) {
            return Optional.of(new StoreOutcome.Failed(e.getMessage(), false));
        }
        HeadFields head = HeadFields.read(article.head(), 0, article.head().length);
        return backlog.add(new Work.Store(article, hash, head, done), ADD_PATIENCE_MILLIS)
                ? Optional.empty() : Optional.of(new StoreOutcome.Failed(
                        "too much is waiting to be written, or the spool is closing", true));
    }

    /** Writes records and waits until they are on the disk and took effect. */
    private void write(List<LogRecord> records) throws IOException {
        var done = new CompletableFuture<Void>();
        await(backlog.addAlways(new Work.Note(records, done)), done);
    }

    private static void await(boolean added, CompletableFuture<Void> done) throws IOException {
        if (!added) {
            throw new IOException("the spool is closed");
        }
        try {
            done.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the disk", e);
        }
    }

    /** The index has taken articles out. On the indexer's thread. */
    private void indexed(Applied applied) {
        applied.removed().forEach(catalog::forgetHidden);
        applied.shrunk().forEach((name, articles) -> groups.findAny(name).ifPresent(group -> {
            try {
                group.shrunk(articles, catalog.next(name, 0).orElse(group.snapshot().high() + 1));
            } catch (IOException e) {
                LOG.warn("{}; the low-water mark of {} stays", e.getMessage(), name);
                group.shrunk(articles, group.snapshot().low());
            }
        }));
    }

    private List<LogRecord> checkpoint() {
        var records = new ArrayList<>(groups.checkpoint());
        records.addAll(feeds.checkpoint());
        records.addAll(reserve.checkpoint());
        records.addAll(notes.checkpoint(segments, storages));
        return records;
    }

    private Optional<StoredArticle> open(Optional<Catalog.Place> place) throws IOException {
        return place.isEmpty() ? Optional.empty() : read(place.get().location(),
                record -> record.sequence() == place.get().sequence()).map(article -> article);
    }

    private Optional<OpenArticle> read(long location, Predicate<LogRecord.Article> wanted)
            throws IOException {
        int segment = Location.segment(location);
        Optional<ArticleReader> reader = segments.open(segment, Location.offset(location));
        if (reader.isPresent() && wanted.test(reader.get().record())) {
            return Optional.of(new OpenArticle(reader.get()));
        }
        if (reader.isPresent()) {
            reader.get().release();
        }
        if (parts.isAway(segment)) {
            throw new IOException("the article is in a storage class that is not here: segment "
                    + segment);
        }
        missed(location);
        return Optional.empty();
    }

    private void missed(long location) {
        segments.get(Location.segment(location)).ifPresent(file ->
                damageControl.missed(file, Location.offset(location)));
    }
}
