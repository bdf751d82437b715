package net.spillway.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import net.spillway.conf.SpoolConfig;
import net.spillway.conf.StorageConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.file.AppendFile;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.index.History;
import net.spillway.spool.index.IndexException;
import net.spillway.spool.index.IndexFolder;
import net.spillway.spool.index.IndexedSegment;
import net.spillway.spool.index.SqlIndex;
import net.spillway.spool.index.Marks;
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
    static final String SEGMENTS = "segments";
    /** Of lost articles that are named in the log. */
    private static final int MOST_TOLD = 1000;

    private final SpoolConfig config;
    private final Clock clock;
    private final FileLayer files;
    private final int heapEntries;
    private final ProgressCallback progress;
    private final List<String> damage = new CopyOnWriteArrayList<>();
    private final Storages storages;
    private final Map<Path, SpoolLock> locks = new HashMap<>();
    /** Segments of storage classes that are not here. */
    private final Set<Integer> away = ConcurrentHashMap.newKeySet();
    private final Set<Integer> lost = new TreeSet<>();
    private final List<DamagedRecord> cutOff = new ArrayList<>();
    /** Whether the index has every note that was ever written, but for those still to be read. */
    private boolean sawEveryNote;
    private SegmentStore segments;
    private UUID spool;
    private SqlIndex index;
    private History history;
    private HistoryKeeper keeper;
    private boolean checksBodies;
    private boolean adopts;
    private long openedAt;

    SpoolOpening(SpoolConfig config, Clock clock, FileLayer files, int heapEntries,
            ProgressCallback progress) {
        this.config = config;
        this.storages = Storages.of(config);
        this.clock = clock;
        this.files = files;
        this.heapEntries = heapEntries;
        this.progress = progress;
    }

    /** Has segments that are read to be read in full, and checked. */
    void checkBodies() {
        checksBodies = true;
    }

    /** Has a spool without segments of its own go on with those of its storage classes. */
    void adoptClasses() {
        adopts = true;
    }

    /** @param anew whether to make the index anew in any case */
    void open(boolean anew) throws IOException {
        openedAt = System.nanoTime();
        lock(config.dir());
        try {
            segments = SegmentStore.open(files, storages.standard().folder(), damage);
            storages.others().forEach(this::attach);
            damage.forEach(LOG::error);
            spool = segments.spool().or(this::spoolOfIndex).orElseGet(UUID::randomUUID);
            if (segments.last(StorageConfig.DEFAULT).isEmpty()) {
                requireMounted();
            }
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

    /** Also a spool of whose segments none can be read goes on with its numbers. */
    private Optional<UUID> spoolOfIndex() {
        try {
            return SqlIndex.spoolOf(files, config.index());
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", config.index(), e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * An index that knows segments, and none of them here: with a new spool in their place, numbers
     * would begin again at 1, and nothing would be left of what peers know to be here.
     */
    private void requireMounted() throws IOException {
        if (knowsSegments()) {
            throw new IOException("the index in " + config.index() + " knows segments, but there"
                    + " are none in " + storages.standard().folder() + "; is the disk mounted?"
                    + " If they are lost for good, remove the index to begin anew: article"
                    + " numbers do so too, and what peers have comes back only if they are told to"
                    + " give it ('spillway peer backfill' there)");
        }
        if (!adopts && !hasSegments(storages.standard().folder())) {
            requireNoOrphans();
        }
    }

    /**
     * Storage classes with segments, and neither segments of the default class nor an index that
     * belongs to them: its disk is not there, or the segments are another relay's. As its notes
     * are where the default class is, what is here does not tell which numbers were given.
     */
    private void requireNoOrphans() throws IOException {
        Optional<SegmentFile> orphan = segments.last();
        if (orphan.isPresent() && spoolOfIndex().filter(spool::equals).isEmpty()) {
            throw new IOException("there are no segments in " + storages.standard().folder()
                    + ", but " + orphan.get().path().getParent() + " of storage class "
                    + orphan.get().storage() + " has some; is the disk of " + config.dir()
                    + " mounted? If they are another relay's, give the class a folder of its own."
                    + " If what was in the data folder is lost for good, 'spillway spool rebuild"
                    + " --adopt' goes on with what the storage classes have: feed positions,"
                    + " groups and article numbers that only the lost part knew begin again");
        }
    }

    private boolean knowsSegments() throws IOException {
        if (spoolOfIndex().isEmpty()) {
            return false;
        }
        try {
            SqlIndex known = SqlIndex.open(files, config.index(), spool);
            boolean any = known.segments().stream().anyMatch(segment -> !segment.gone()
                    && segment.storage().equals(StorageConfig.DEFAULT)
                    && !segments.isAside(segment.id()));
            known.discard();
            return any;
        } catch (IndexException e) {
            return false; // Nobody knows; it is made anew.
        }
    }

    /**
     * Opens the index while the spool runs, brought up to that place; made anew if need be.
     *
     * @param anew whether it is to be made anew in any case
     */
    SqlIndex reopenIndex(Marks upTo, boolean anew) throws IOException {
        SqlIndex fresh;
        try {
            if (anew) {
                IndexFolder.setAsideSql(files, config.index());
            }
            fresh = SqlIndex.open(files, config.index(), spool);
        } catch (IndexException e) {
            LOG.error("{}; it is made anew from the segments", e.getMessage());
            IndexFolder.setAsideSql(files, config.index());
            fresh = SqlIndex.open(files, config.index(), spool);
        }
        try {
            new Replayer(segments, keeper, damage, logging()).leavingHistory().replay(fresh,
                    Optional.of(upTo));
            fresh.dropSegments(gone(fresh));
            return fresh;
        } catch (IOException | RuntimeException e) {
            fresh.discard();
            throw e;
        }
    }

    /** All that was opened but the index, which others have by then. */
    void closeFiles() throws IOException {
        try (SegmentStore store = segments; History open = history) {
            LOG.debug("closing {}", config.dir());
        } catch (IndexException e) {
            LOG.error("{}; the next start makes up for it", e.getMessage());
        } finally {
            for (SpoolLock lock : locks.values()) {
                lock.close();
            }
        }
    }

    Storages storages() {
        return storages;
    }

    /** Whether a segment belongs to a storage class that could not be read on opening. */
    boolean isAway(int segment) {
        return away.contains(segment);
    }

    /** The segments of a class that is away: they do not count as being here any more. */
    List<Integer> giveUp(String storage) {
        List<Integer> ids = index.segments().stream()
                .filter(known -> known.storage().equals(storage)).map(IndexedSegment::id)
                .filter(away::contains).toList();
        away.removeAll(ids);
        return ids;
    }

    /** The highest number that a segment may ever have had. */
    int lastSegment() {
        int inFolders = segments.last().map(SegmentFile::id).orElse(0);
        return Math.max(inFolders, index.segments().stream().mapToInt(IndexedSegment::id).max()
                .orElse(0));
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

    /**
     * The last sequence that may ever have been given to an article: one whose storage class is
     * not here cannot be asked.
     */
    long lastSequence() throws IOException {
        long last = index.sequence();
        for (SegmentFile segment : segments.all()) {
            last = Math.max(last, segment.header().firstSequence() - 1);
        }
        return isComplete() ? last
                : Math.max(last, index.ceilings().getOrDefault(ClassNotes.SEQUENCES, 0L));
    }

    /** The lowest number of a segment that was not dropped. */
    int firstSegment() {
        int first = segments.all().stream().mapToInt(SegmentFile::id).min().orElse(0);
        return away.stream().mapToInt(Integer::intValue).reduce(first, Math::min);
    }

    /** Whether all storage classes are here. */
    boolean isComplete() {
        return storages.all().stream().noneMatch(Storage::isAway);
    }

    void closeAll() throws IOException {
        closeIndex();
        if (segments != null) {
            segments.close();
        }
        for (SpoolLock lock : locks.values()) {
            lock.close();
        }
    }

    private void lock(Path dir) throws IOException {
        if (!locks.containsKey(dir)) {
            files.makeFolder(dir);
            locks.put(dir, SpoolLock.take(dir));
        }
    }

    /** Finds the segments of a storage class, if there are any yet. */
    private void attach(Storage storage) {
        try {
            if (hasSegments(storage.folder())) {
                lock(storage.dir());
                segments.attach(storage.name(), storage.folder(), damage);
            }
        } catch (IOException e) {
            storage.away(e.getMessage());
        }
    }

    private boolean hasSegments(Path folder) throws IOException {
        return !files.list(folder).isEmpty();
    }

    /**
     * Now that the log was read it is known which classes had segments: one that had and has none
     * is missing, most likely because its disk is not mounted, and nothing may be written in its
     * place. The others are new.
     */
    private void settleStorages() throws IOException {
        leaveOutUnnamed();
        for (Storage storage : List.copyOf(storages.others())) {
            boolean had = index.segments().stream()
                    .anyMatch(s -> s.storage().equals(storage.name()) && !s.gone());
            boolean has = segments.last(storage.name()).isPresent();
            if (had && !has && !storage.isAway()) {
                storage.away("its segments are not in " + storage.folder()
                        + "; is the disk mounted? " + howToGiveUp(storage.name()));
            } else if (!has && !storage.isAway()) {
                make(storage);
            }
        }
        for (IndexedSegment known : index.segments()) {
            if (!segments.exists(known.id()) && storages.find(known.storage())
                    .filter(Storage::isAway).isPresent()) {
                away.add(known.id());
            }
        }
        noteLost();
        index.dropSegments(gone(index));
    }

    /**
     * Classes with articles here that the configuration does not name. Whoever opens the spool may
     * lack the configuration, so these are treated as if their disks were not mounted.
     */
    private void leaveOutUnnamed() {
        for (IndexedSegment known : index.segments()) {
            if (!known.gone() && !segments.exists(known.id())
                    && storages.find(known.storage()).isEmpty()) {
                storages.addUnnamed(known.storage()).away("the configuration does not name it,"
                        + " and it has articles; name it again, if only until they have expired. "
                        + howToGiveUp(known.storage()));
            }
        }
    }

    private static String howToGiveUp(String storage) {
        return "If they are lost for good, 'spillway spool forget " + storage
                + "' has peers asked for them";
    }

    /**
     * Segments that are not here, though nothing says that they were dropped: put aside now or
     * earlier, or deleted by somebody. As for the latter, an index that was behind by so much that
     * segments came and went unread would miss what they said of others; then nobody can tell.
     */
    private void noteLost() throws IOException {
        for (IndexedSegment known : index.segments()) {
            boolean missing = !known.gone() && !segments.exists(known.id())
                    && !away.contains(known.id())
                    && storages.find(known.storage()).isPresent();
            if (missing && (segments.isAside(known.id()) || sawEveryNote)) {
                boolean[] articles = {false};
                index.forEachIn(known.id(), article -> articles[0] = true);
                if (articles[0]) {
                    lost.add(known.id());
                    String text = "segment " + known.id() + " of storage class "
                            + known.storage() + " is lost";
                    damage.add(text);
                    LOG.error("{}; its articles are taken out of service. If it is put back,"
                            + " 'spillway spool rebuild' has them served again", text);
                }
            }
        }
    }

    /**
     * Segments that end before articles which the index knows of: where fsync is not "group", the
     * power may have taken them; otherwise the disk has lost what it had. The index is about to be
     * made anew, and then nobody would know of them any more.
     */
    private void noteCutOff(List<SegmentFile> behind) {
        try {
            for (SegmentFile segment : behind) {
                List<DamagedRecord> articles = CutOff.articles(index, segment.id(),
                        segment.path(), segment.length());
                articles.stream().limit(MOST_TOLD).forEach(article -> LOG.error("{}", article));
                LOG.error("{} ends at {}, and {} articles that were behind that are lost; they are"
                        + " wanted again", segment.path(), segment.length(), articles.size());
                cutOff.addAll(articles);
            }
            new LostFile(config.dir(), clock).add(
                    cutOff.stream().flatMap(article -> article.id().stream()).toList());
        } catch (IOException e) {
            LOG.warn("what was lost could not be noted, and may not be asked for: {}",
                    e.getMessage());
        }
    }

    /** Articles that were found to be lost on opening, as the ends of their segments are. */
    List<DamagedRecord> cutOff() {
        return cutOff;
    }

    /** Whether the newest segment with notes that the index has read of is still here. */
    private boolean hasNewestNotes() {
        return index.segments().stream().filter(s -> s.storage().equals(StorageConfig.DEFAULT))
                .mapToInt(IndexedSegment::id).max().stream().anyMatch(segments::exists);
    }

    private void make(Storage storage) {
        try {
            Path above = storage.dir().toAbsolutePath().getParent();
            if (above != null && !Files.isDirectory(above)) {
                throw new IOException("there is no folder " + above + " to make "
                        + storage.dir().getFileName() + " in");
            }
            lock(storage.dir());
            files.makeFolder(storage.folder());
            segments.attach(storage.name(), storage.folder(), damage);
        } catch (IOException e) {
            storage.away(e.getMessage());
        }
    }

    /** Tells why what was opened cannot be used, if so. */
    private Optional<String> openIndex() throws IOException {
        try {
            index = SqlIndex.open(files, config.index(), spool);
            openHistory();
            boolean fresh = index.marks().isEmpty();
            if (fresh && (history.upTo() > 0 || !segments.all().isEmpty())) {
                return Optional.of("there is none");
            }
            if (history.upTo() < index.sealed()) {
                return Optional.of("the history has lost what it had");
            }
            return Optional.empty();
        } catch (IndexException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Cuts the tail, fills the history's heap map, replays. */
    private Optional<String> bringUp() throws IOException {
        repairTails();
        sawEveryNote = hasNewestNotes();
        List<SegmentFile> behind = segments.all().stream()
                .filter(segment -> segment.length() < index.marks().end(segment.id())).toList();
        if (!behind.isEmpty()) {
            noteCutOff(behind);
            return Optional.of("it is ahead of segment " + behind.getFirst().id());
        }
        try {
            fillHistory();
            long articles = new Replayer(segments, keeper, damage, logging())
                    .replay(index, Optional.empty());
            finishIndex();
            requireReadable();
            IndexFolder.removeSetAside(files, config.index());
            LOG.info("{}: {} segments, {} articles read from the log's end in {} s", config.dir(),
                    segments.all().size(), articles, secondsSoFar());
            // With a storage class missing, so may be articles that the history has seen.
            if (history.upTo() > index.sequence() && isComplete()) {
                return Optional.of("the history is ahead of the log");
            }
            return Optional.empty();
        } catch (IndexException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** What is asked for next; were it damaged, that would be the moment to find out. */
    private void requireReadable() throws IOException {
        index.feeds();
        index.ceilings();
    }

    private void openAnew() throws IOException {
        closeIndex();
        IndexFolder.setAsideAll(files, config.index());
        index = SqlIndex.open(files, config.index(), spool);
        openHistory();
        repairTails();
        long articles = new Replayer(segments, keeper, damage, logging())
                .checkingBodies(checksBodies).replay(index, Optional.empty());
        finishIndex();
        LOG.info("{}: the index is new, {} articles in {} segments read in {} s", config.dir(),
                articles, segments.all().size(), secondsSoFar());
    }

    private String secondsSoFar() {
        return String.format(Locale.ROOT, "%.2f", (System.nanoTime() - openedAt) / 1e9);
    }

    private void openHistory() throws IOException {
        history = History.open(files, config.index(), heapEntries, config.remember().toMillis());
        keeper = new HistoryKeeper(history, this::isHere, clock, config.remember());
    }

    /** Whether a segment was not dropped. */
    boolean isHere(int segment) {
        return segments.exists(segment) || away.contains(segment);
    }

    private void finishIndex() throws IOException {
        settleStorages();
        ClassFolders.write(config, isComplete());
        history.awaitSealed();
        index.noteSealed(history.upTo());
    }

    /**
     * Segments the index knows that are no more: dropped just before a crash, or lost and mourned.
     */
    private List<Integer> gone(SqlIndex from) {
        return from.segments().stream().filter(s -> !s.gone()).map(IndexedSegment::id)
                .filter(id -> !segments.exists(id) && !away.contains(id) && !lost.contains(id))
                .toList();
    }

    /**
     * Segments that are lost with articles in them, which the index still knows. A later start
     * finds none of those any more, and has the index drop the segment.
     */
    Set<Integer> lost() {
        return lost;
    }

    private void repairTails() throws IOException {
        for (Storage storage : storages.all()) {
            Optional<SegmentFile> last = segments.last(storage.name());
            if (last.isPresent() && !last.get().isSealed()) {
                repairTail(last.get());
                force(storage, last.get());
            }
        }
    }

    /**
     * What an earlier process wrote may still be in memory only. The history is about to learn it
     * for good, so it must not be lost when the power fails later.
     */
    private void force(Storage storage, SegmentFile segment) throws IOException {
        try (AppendFile file = files.append(segment.path())) {
            file.force();
            segment.forced();
        } catch (IOException e) {
            if (storage.isDefault()) {
                throw e;
            }
            LOG.warn("{}: {}", segment.path(), e.getMessage()); // Going on with it fails, too.
        }
    }

    private void repairTail(SegmentFile segment) throws IOException {
        long verifyFrom = Math.max(index.marks().end(segment.id()), SegmentFormat.HEADER_OCTETS);
        TailRepair repair = TailRepair.repair(files, segment, verifyFrom);
        if (repair.cut() > 0 && !repair.blank()) {
            LOG.warn("{} ended in {} octets that were never acknowledged; cut at {}",
                    segment.path(), repair.cut(), repair.length());
        }
    }

    /** What is remembered first: an article that is still here goes before it. */
    private void fillHistory() throws IOException {
        index.remembered().forEach(known -> history.put(known.id(), known.entry()));
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
