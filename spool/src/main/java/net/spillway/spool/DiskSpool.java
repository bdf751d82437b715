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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import net.spillway.conf.SpoolConfig;
import net.spillway.conf.StorageConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.file.PatientFiles;
import net.spillway.spool.index.Applied;
import net.spillway.spool.index.HeadFields;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentStore;
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
    private final LogRequests log;
    private final LogWriter writer;
    private final DamageControl damageControl;
    private final Scrubber scrubber;
    private final StoredArticles articles;
    private final Expiring expiring;
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
        this.log = new LogRequests(backlog);
        this.writer = new LogWriter(storages, tails(files, last), notes, groups, reserve, backlog,
                publication, identity, config.fsync(), clock, last);
        keeper.history().onSealed(indexer::historySealed);
        damageControl = new DamageControl(segments, indexer, parts.damage(), log::write,
                new LostFile(config.dir(), clock), clock);
        scrubber = new Scrubber(files, segments, SCRUB_RATE, damageControl::damaged,
                damageControl::lookThrough);
        articles = new StoredArticles(parts, catalog, damageControl::missed, clock,
                last);
        expiring = new Expiring(parts, groups, indexer, log);
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
        log.write(List.of(new LogRecord.Group(name, status, description, clock.millis(),
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
        log.write(List.of(new LogRecord.Group(name, Groups.REMOVED, group.description(),
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
        return articles.find(id).map(article -> article);
    }

    @Override
    public Optional<StoredArticle> openIntact(MessageId id) throws IOException {
        return articles.openIntact(id).map(article -> article);
    }

    @Override
    public Optional<ArticlePlace> locate(MessageId id) throws IOException {
        return articles.locate(id);
    }

    @Override
    public Optional<StoredArticle> open(String group, long number) throws IOException {
        return articles.find(group, number).map(article -> article);
    }

    @Override
    public Optional<StoredArticle> open(long sequence) throws IOException {
        return articles.find(sequence).map(article -> article);
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
        return articles.overview(id);
    }

    @Override
    public boolean holds(IdHash id) throws IOException {
        return keeper.presence(id) == Presence.STORED;
    }

    @Override
    public Optional<OverviewLine> overview(IdHash id) throws IOException {
        return articles.overview(id);
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
        log.write(List.of(new LogRecord.Feed(feed, position.cursor(), position.deferred())));
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
            log.write(List.of(new LogRecord.Tombstone(IdHash.of(id), article.sequence(),
                    clock.millis())));
            return true;
        }
    }

    @Override
    public ExpiryReport expire(Instant now) throws IOException {
        return expiring.expire(now);
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

    /** See {@link SpoolForget#forget}. */
    SpoolForget.Report forget(String name) throws IOException {
        Storage storage = storages.find(name).orElseThrow(() -> new IllegalArgumentException(
                "there is no storage class " + name));
        if (!storage.isAway()) {
            throw new IllegalArgumentException("storage class " + name + " is here, in "
                    + storage.dir() + "; only one that is left out can be given up");
        }
        List<Integer> lost = parts.giveUp(name);
        log.write(groups.visible()); // The last checkpoint may be older than its numbers.
        damageControl.lost(lost);
        int articles = damageControl.awaitMourned();
        requireEmpty(lost);
        if (!lost.isEmpty()) {
            log.write(lost.stream().<LogRecord>map(LogRecord.Dropped::new).toList());
        }
        return new SpoolForget.Report(lost.size(), articles);
    }

    /** What is not taken out of a segment before it goes would be taken for expired. */
    private void requireEmpty(List<Integer> lost) throws IOException {
        boolean written = indexer.flush();
        for (int segment : lost) {
            boolean[] some = {!written};
            indexer.index().forEachIn(segment, article -> some[0] = true);
            if (some[0]) {
                throw new IOException("not all articles could be taken out of service; give the"
                        + " class up once more");
            }
        }
    }

    /** For tests, which do not wait for its thread. */
    Scrubber scrubber() {
        return scrubber;
    }

    /** For tests, and for what checks a spool that no relay has open. */
    DamageControl damageControl() {
        return damageControl;
    }

    /** For tests: what writes records to the log. */
    LogRequests requests() {
        return log;
    }

    /** For tests: what expiry says again when a segment goes. */
    Expiry expiry(LongPredicate mayStay) {
        return new Expiry(keeper, new Tombstones(segments, keeper), mayStay);
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

}
