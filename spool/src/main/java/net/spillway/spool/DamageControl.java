package net.spillway.spool;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import net.spillway.protocol.MessageId;
import net.spillway.spool.index.LoggedArticle;
import net.spillway.spool.segment.ArticleReader;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.Location;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentCheck;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentStore;
import net.spillway.spool.segment.SegmentUnreadableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Takes articles out of service that are damaged or lost: with a tombstone of time 0 their
 * message-IDs are not known any more, so that peers may bring them again; and tells who wants to
 * ask them to.
 */
final class DamageControl implements AutoCloseable {
    /** Writes records to the log, and waits until they took effect. */
    interface Log {
        void write(List<LogRecord> records) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(DamageControl.class);
    private static final int AT_ONCE = 1000;
    private static final int MAX_UNDER_REPAIR = 1000;
    /** Places that are told of in figures; all are in the log. */
    private static final int MAX_TOLD = 1000;
    private static final long IDLE_SECONDS = 5;
    /** A little later than {@link UnreadablePlaces#PASSING}. */
    private static final long LOOK_AGAIN_SECONDS = UnreadablePlaces.PASSING.toSeconds() + 1;

    private final SegmentStore segments;
    private final Indexer indexer;
    private final List<String> damage;
    /** Damaged places that were found since the start. */
    private final List<DamagedRecord> places = new CopyOnWriteArrayList<>();
    private final Log log;
    private final LostFile file;
    private final Clock clock;
    private final List<Consumer<MessageId>> listeners = new CopyOnWriteArrayList<>();
    /** When articles were found to be lost that may not have come back. */
    private final Map<MessageId, Instant> missing = new LinkedHashMap<>();
    /** Lost articles of which nobody was told yet. */
    private final Set<MessageId> unheard = new LinkedHashSet<>();
    /** Damaged places that were looked at since the start. */
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    /** Where readers found no good article. */
    private final Set<Long> underRepair = ConcurrentHashMap.newKeySet();
    private final UnreadablePlaces unreadable = new UnreadablePlaces();
    private final DiskSample sample;
    /** Articles of lost segments that were taken out. */
    private final AtomicInteger mourned = new AtomicInteger();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS,
            TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("spool-mend").factory());

    /** @param damage what was found at the start, a line each */
    DamageControl(SegmentStore segments, Indexer indexer, List<String> damage, Log log,
            LostFile file, Clock clock) {
        this.file = file;
        this.clock = clock;
        this.segments = segments;
        this.indexer = indexer;
        this.sample = new DiskSample(segments, indexer, clock);
        this.damage = damage;
        this.log = log;
        thread.allowCoreThreadTimeOut(true);
    }

    /** The first listener is also told what happened before. */
    Subscription listen(Consumer<MessageId> listener) {
        List<MessageId> missed;
        synchronized (unheard) {
            listeners.add(listener);
            missed = List.copyOf(unheard);
            unheard.clear();
        }
        missed.forEach(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Goes on asking for what was lost before.
     *
     * @param after  for how long an article is asked for
     * @param isLost whether it has not come back
     */
    void resume(Duration after, Predicate<MessageId> isLost) {
        try {
            Map<MessageId, Instant> still = file.read(after, isLost);
            synchronized (missing) {
                missing.putAll(still);
            }
            synchronized (unheard) {
                unheard.addAll(still.keySet());
            }
        } catch (IOException e) {
            LOG.warn("what was lost before cannot be read, and is not asked for: {}",
                    e.getMessage());
        }
    }

    /** Articles were found to be lost on opening, which has told of them and noted them. */
    void cutOff(List<DamagedRecord> articles) {
        articles.stream().limit(Math.max(0, MAX_TOLD - damage.size())).forEach(places::add);
    }

    /**
     * A line for each damaged place, except those whose articles have come back.
     *
     * @param isBack whether an article is here again, or not wanted any more
     */
    List<String> told(Predicate<MessageId> isBack) {
        places.removeIf(place -> place.id().filter(isBack).isPresent());
        var lines = new ArrayList<String>(damage);
        places.forEach(place -> lines.add(place.toString()));
        return lines;
    }

    /** When an article was found to be lost; it may have come back. */
    Optional<Instant> lostSince(MessageId id) {
        synchronized (missing) {
            return Optional.ofNullable(missing.get(id));
        }
    }

    /** How many are lost, apart from those that are wanted no more. */
    int missing(Predicate<MessageId> isOver) {
        synchronized (missing) {
            missing.keySet().removeIf(isOver);
            return missing.size();
        }
    }

    private void tell(List<MessageId> lost) {
        Instant now = clock.instant();
        synchronized (missing) {
            lost.stream().limit(Math.max(0, LostFile.MAX_LINES - missing.size()))
                    .forEach(id -> missing.put(id, now));
        }
        try {
            file.add(lost);
        } catch (IOException e) {
            LOG.warn("lost articles could not be noted; they may not be asked for after a restart:"
                    + " {}", e.getMessage());
        }
        synchronized (unheard) {
            if (listeners.isEmpty()) {
                lost.stream().limit(Math.max(0, LostFile.MAX_LINES - unheard.size()))
                        .forEach(unheard::add);
                return;
            }
        }
        lost.forEach(id -> listeners.forEach(listener -> listener.accept(id)));
    }

    /**
     * Takes the articles out of service that lie in damaged places.
     *
     * @param ofSegment places in one segment
     * @return the articles that were served from there
     */
    List<DamagedRecord> takeOut(List<DamagedRecord> ofSegment) throws IOException {
        Path path = ofSegment.getFirst().segment();
        int segment = segments.all().stream().filter(s -> s.path().equals(path))
                .mapToInt(SegmentFile::id).findAny().orElse(0);
        var places = new TreeMap<Long, DamagedRecord>();
        ofSegment.forEach(record -> places.put(record.offset(), record));
        if (!indexer.flush()) {
            throw new IOException("the index cannot be written");
        }
        var taken = new ArrayList<DamagedRecord>();
        var tombstones = new ArrayList<LogRecord>();
        indexer.index().forEachIn(segment, row -> {
            long at = Location.offset(row.location());
            var place = places.floorEntry(at);
            if (place != null && at < place.getValue().end()) {
                taken.add(place.getValue().of(at, MessageId.of(row.id())));
                tombstones.add(tombstone(row));
            }
        });
        if (!tombstones.isEmpty()) {
            log.write(tombstones);
            tell(taken.stream().flatMap(record -> record.id().stream()).toList());
        }
        return taken;
    }

    private static LogRecord tombstone(LoggedArticle lost) {
        return new LogRecord.Tombstone(IdHash.of(MessageId.of(lost.id())), lost.sequence(),
                Tombstones.NOT_KNOWN);
    }

    /** The same for the scrubber, which goes on whatever happens; says what it did. */
    void damaged(List<DamagedRecord> ofSegment) {
        try {
            List<DamagedRecord> taken = takeOut(ofSegment);
            for (DamagedRecord record : taken) {
                note(record, "it is not served any more, and wanted again");
            }
            for (DamagedRecord record : ofSegment) {
                boolean isNews = seen.add(record.segment() + ":" + record.offset());
                boolean served = taken.stream().anyMatch(record::contains);
                // What names an article that is not served was taken out long ago.
                if (isNews && !served && record.id().isEmpty()) {
                    note(record, "no article that is served lies there");
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("{}; it could not be taken out of service: {}", ofSegment.getFirst(),
                    e.getMessage());
        }
    }

    private void note(DamagedRecord record, String what) {
        LOG.error("{}; {}", record, what);
        if (damage.size() + places.size() < MAX_TOLD) {
            places.add(record);
        }
    }

    /** A reader found no article where one should be, or one that is not what was stored. */
    void missed(SegmentFile segment, long offset) {
        long location = Location.of(segment.id(), offset);
        if (underRepair.size() < MAX_UNDER_REPAIR && underRepair.add(location)) {
            try {
                thread.execute(() -> look(segment, offset));
            } catch (RejectedExecutionException closing) {
                underRepair.remove(location);
            }
        }
    }

    /**
     * Looks at each article of a segment.
     *
     * @param pace is told how many octets were read so far
     * @throws InterruptedIOException if this thread was interrupted: it can read no more
     */
    void lookThrough(SegmentFile segment, SegmentCheck.Pace pace) throws IOException {
        long octets = 0;
        for (long offset : sample.offsets(segment)) {
            octets += look(segment, offset);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("stopped");
            }
            pace.read(octets);
        }
    }

    /** Gives how many octets it has looked at. */
    private int look(SegmentFile segment, long offset) {
        long location = Location.of(segment.id(), offset);
        int octets = 0;
        try {
            Optional<ArticleReader> there = segments.open(segment.id(), offset);
            octets = there.map(article -> article.record().wireLength()).orElse(0);
            if (there.isPresent()) {
                look(segment, offset, there.get());
            } else if (segments.exists(segment.id())) {
                damaged(List.of(new DamagedRecord(segment.path(), offset, offset + 1,
                        Optional.empty(), "no good article begins here")));
            }
            unreadable.remove(location);
        } catch (SegmentUnreadableException e) {
            unreadable(segment, offset, e);
        } catch (IOException e) {
            warn(segment, segment.path() + " cannot be read at " + offset + ": " + e.getMessage());
        } finally {
            underRepair.remove(location);
        }
        return octets;
    }

    private void unreadable(SegmentFile segment, long offset, SegmentUnreadableException why) {
        long location = Location.of(segment.id(), offset);
        warn(segment, why.getMessage() + "; what lies there is wanted again if it stays so while"
                + " most else can be read");
        if (!sample.isReadable(segment)) {
            unreadable.remove(location); // It may be the cable, and says nothing of this place.
            return;
        }
        switch (unreadable.failed(location, clock.instant(), segments::exists)) {
            case NEW -> CompletableFuture.delayedExecutor(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS,
                    thread).execute(() -> look(segment, offset));
            case PASSING -> { }
            case LASTING -> damaged(List.of(new DamagedRecord(segment.path(), offset, offset + 1,
                    Optional.empty(), "the disk does not give it")));
        }
    }

    /** Of a disk that gives nothing, nobody wants to read of each article. */
    private void warn(SegmentFile segment, String what) {
        if (!Thread.currentThread().isInterrupted()) {
            LOG.atLevel(unreadable.isNews(segment.id(), clock.instant()) ? Level.WARN
                    : Level.DEBUG).log(what);
        }
    }

    private void look(SegmentFile segment, long offset, ArticleReader there)
            throws IOException {
        boolean intact;
        try {
            intact = there.isIntact();
        } finally {
            there.release();
        }
        if (!intact) {
            damaged(List.of(new DamagedRecord(segment.path(), offset, offset + 1,
                    Optional.of(MessageId.of(there.record().id())),
                    "the CRC of the article is wrong")));
        }
    }

    /** Segments are lost: takes out, soon, what was in them. */
    void lost(Collection<Integer> all) {
        all.forEach(segment -> thread.execute(() -> mourn(segment)));
    }

    /** Waits until that is done; tells how many articles it were. */
    int awaitMourned() throws IOException {
        try {
            return thread.submit(mourned::get).get(); // It does one thing after the other.
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void mourn(int segment) {
        var some = new ArrayList<LoggedArticle>();
        try {
            indexer.index().forEachIn(segment, row -> {
                some.add(row);
                if (some.size() == AT_ONCE) {
                    mourn(some);
                }
            });
            mourn(some);
        } catch (IOException | UncheckedIOException e) {
            LOG.error("articles of segment {} could not be taken out of service; the next start"
                    + " tries again: {}", segment, e.getMessage());
        }
    }

    private void mourn(List<LoggedArticle> some) {
        if (some.isEmpty()) {
            return;
        }
        try {
            log.write(some.stream().map(DamageControl::tombstone).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tell(some.stream().map(row -> MessageId.of(row.id())).toList());
        mourned.addAndGet(some.size());
        some.clear();
    }

    /** Ends what is being done; the next start, or reading everything again, goes on with it. */
    @Override
    public void close() {
        thread.shutdownNow();
        thread.close();
    }
}
