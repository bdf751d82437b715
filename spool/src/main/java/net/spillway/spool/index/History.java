package net.spillway.spool.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.Location;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows message-IDs by their hash: where the article lies, or that it was here.
 *
 * <p>Random keys put one by one into a B-tree on disk touch a page each. So what is new gathers in
 * a heap map; when that has grown, it is frozen, sorted and written in one go by a thread of its
 * own as a sealed {@link Partition} with a Bloom filter, and a new heap map takes its place. A
 * lookup goes through the heap maps, then the partitions, newest first, so that what is newer wins.
 * The heap map is not written on its own: after a start it is filled again from the articles and
 * remembered IDs that the SQL index holds past {@link #upTo}, which are few.
 *
 * <p>So that lookups need not ask ever more partitions, another thread merges {@value #FAN_IN}
 * neighbours of about one size into one, again and again: of n entries there are some 3 log4(n)
 * partitions, and each entry is written log4(n) times. What is not wanted any more is left out.
 *
 * <p>The file {@code history.mv} holds, for each partition, a map {@code p/n} from hash to location
 * and time, a map {@code f/n} with the Bloom filter cut in pieces, and in the map {@code
 * partitions}, under a number that is the higher the newer it is: 4 octets n, 8 sequence up to which
 * articles are sealed, 8 latest time, 4 highest segment, 8 entries, all big-endian.
 *
 * <p>Puts come from one thread; lookups from any.
 */
public final class History implements AutoCloseable {
    /** Entries in the heap map before it is sealed; each takes 40 to 80 octets. */
    public static final int DEFAULT_HEAP_ENTRIES = 256 << 10;
    /** Partitions that become one. */
    static final int FAN_IN = 4;

    private static final Logger LOG = LoggerFactory.getLogger(History.class);
    private static final String FILE = "history.mv";
    private static final String ENTRIES = "p/";
    private static final String FILTER = "f/";
    private static final int VALUE_OCTETS = 32;
    private static final int FILTER_PIECE = 32 << 10;
    private static final int CACHE_MIB = 32;
    /** Merged entries that may wait in memory to be written. */
    private static final int MERGED_AT_ONCE = 64 << 10;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private record Frozen(YoungEntries entries, long upTo) {}

    private final String name;
    private final GuardedPath.State file;
    private final MVStore store;
    private final MVMap<Long, byte[]> registry;
    private final int heapEntries;
    private final long rememberMillis;
    private final AtomicInteger lastMap = new AtomicInteger();
    private volatile YoungEntries heap = new YoungEntries();
    private volatile Frozen frozen;
    /** Newest first. */
    private volatile List<Partition> partitions = List.of();
    private volatile Thread sealer;
    private volatile Thread merger;
    private volatile Thread forgetter;
    private volatile boolean closing;
    private volatile Predicate<HistoryEntry> wanted;
    private volatile long failedAt;
    private volatile LongConsumer onSealed = sequence -> {};

    private History(String name, MVStore store, int heapEntries, long rememberMillis) {
        this.name = name;
        this.file = GuardedPath.state(name);
        this.store = store;
        this.heapEntries = heapEntries;
        this.rememberMillis = rememberMillis;
        this.registry = store.openMap("partitions", new MVMap.Builder<Long, byte[]>()
                .keyType(LongDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
    }

    /**
     * Opens the history in a folder, and makes it if there is none.
     *
     * @param rememberMillis how long message-IDs without an article are known
     * @throws IndexException if it is damaged
     */
    public static History open(FileLayer files, Path folder, int heapEntries,
            long rememberMillis) throws IOException {
        files.makeFolder(folder);
        MVStore store = null;
        String name = GuardedPath.name(files, folder.resolve(FILE));
        try {
            store = new MVStore.Builder().fileName(name)
                    .autoCommitDisabled().cacheSize(CACHE_MIB).open();
            var history = new History(name, store, heapEntries, rememberMillis);
            history.partitions = history.load();
            history.removeLeftOvers();
            return history;
        } catch (RuntimeException e) {
            if (store != null) {
                store.closeImmediately();
            }
            throw new IndexException("when the history was opened", e);
        }
    }

    /** Articles up to this sequence are in partitions; {@link #put} those after it again. */
    public long upTo() {
        List<Partition> now = partitions;
        return now.isEmpty() ? 0 : now.getFirst().upTo();
    }

    /** Called, on the sealing thread, with {@link #upTo} whenever it has risen. */
    public void onSealed(LongConsumer listener) {
        onSealed = listener;
    }

    /** What is known of a message-ID, however old. */
    public Optional<HistoryEntry> find(IdHash id) throws IOException {
        HistoryEntry young = findYoung(id);
        return young != null ? Optional.of(young) : findSealed(id);
    }

    /** Whether a message-ID is in a partition already. */
    public boolean isSealed(IdHash id) throws IOException {
        return findSealed(id).isPresent();
    }

    /** Notes where an article lies, or, with {@link Location#NONE}, only its message-ID. */
    public void put(IdHash id, HistoryEntry entry) {
        YoungEntries now = heap;
        if (now.isFull()) {
            now = now.larger();
            heap = now;
        }
        now.put(id, entry);
    }

    /** Whether {@link #mayFreeze} would have something sealed that is not yet. */
    public boolean wantsToFreeze() {
        return heap.size() >= heapEntries && frozen == null;
    }

    /**
     * To be called now and then by the thread that puts: seals the heap map if it is large enough.
     * What a partition knows is known for good, so it must be on the disk: an article that a power
     * cut took would else be refused as a duplicate for ever, and one whose removal it took would
     * stand in overview and could not be opened.
     *
     * @param sequence of the last article that was put
     */
    public void mayFreeze(long sequence) {
        if (heap.size() < heapEntries) {
            return;
        }
        if (frozen == null) {
            frozen = new Frozen(heap, sequence);
            heap = new YoungEntries();
            startSealing();
        } else if (!sealer.isAlive() && System.nanoTime() - failedAt > RETRY_NANOS) {
            startSealing();
        }
    }

    /** As {@link #forget}, on a thread of its own: it may have to wait for space on the disk. */
    public void forgetSoon(long nowMillis, int firstSegment) {
        if (!closing && (forgetter == null || !forgetter.isAlive())) {
            forgetter = Thread.ofPlatform().daemon().name("spool-history-forget").start(() -> {
                try {
                    forget(nowMillis, firstSegment);
                } catch (RuntimeException e) {
                    LOG.error("partitions of the history could not be dropped: {}", e.toString());
                }
            });
        }
    }

    /** Whether something was read that is not what was written: the next start makes it anew. */
    public boolean isDamaged() {
        return file.isDamaged();
    }

    /** Drops partitions that know nothing that is still wanted. */
    public void forget(long nowMillis, int firstSegment) {
        List<Partition> now = partitions;
        var kept = new ArrayList<Partition>();
        for (Partition partition : now.reversed()) {
            boolean isNewest = partition == now.getFirst(); // It says how far we have come.
            // What only says that articles were removed outlives what is older.
            boolean overrules = partition.lastSegment() == 0 && !kept.isEmpty();
            if (isNewest || overrules || partition.lastSegment() >= firstSegment
                    || partition.latest() + rememberMillis >= nowMillis) {
                kept.addFirst(partition);
            }
        }
        var unwanted = new ArrayList<>(now);
        unwanted.removeAll(kept);
        if (!unwanted.isEmpty()) {
            drop(unwanted);
        }
    }

    /** Message-IDs known; one that was first stored and then removed may count twice. */
    public long size() {
        long size = heap.size();
        Frozen sealing = frozen;
        size += sealing == null ? 0 : sealing.entries().size();
        for (Partition partition : partitions) {
            size += partition.size();
        }
        return size;
    }

    /** Waits for a partition that is being sealed. */
    public void awaitSealed() {
        join(sealer);
    }

    private static void join(Thread running) {
        boolean interrupted = false;
        while (running != null && running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Begins to merge partitions.
     *
     * @param isWanted whether an entry must be kept; asked on another thread
     */
    public void startMerging(Predicate<HistoryEntry> isWanted) {
        wanted = isWanted;
        mayMerge();
    }

    /** Waits until there is nothing to merge at the moment. */
    void awaitMerged() {
        join(merger);
    }

    /** How many partitions there are. */
    int partitions() {
        return partitions.size();
    }

    @Override
    public void close() throws IOException {
        closing = true;
        GuardedPath.hurry(name);
        awaitSealed();
        awaitMerged();
        join(forgetter);
        try {
            store.commit();
            StoreHeader.write(store);
            store.sync();
        } catch (RuntimeException e) {
            throw new IndexException("when the history was closed", e);
        } finally {
            store.closeImmediately(); // See SqlIndex.close.
            GuardedPath.forget(name, file);
        }
    }

    private void drop(List<Partition> unwanted) {
        synchronized (store) {
            // Others may have been sealed or merged since it was decided what to drop.
            List<Partition> before = partitions;
            partitions = before.stream().filter(p -> !unwanted.contains(p)).toList();
            for (Partition partition : before) {
                if (unwanted.contains(partition)) {
                    registry.remove((long) partition.number());
                    removeMaps(partition.map());
                }
            }
            store.commit();
        }
    }

    private void removeMaps(int map) {
        store.removeMap(ENTRIES + map);
        store.removeMap(FILTER + map);
    }

    private HistoryEntry findYoung(IdHash id) {
        // In this order: the heap map moves to frozen before it is replaced.
        HistoryEntry entry = heap.find(id);
        if (entry == null) {
            Frozen sealing = frozen;
            entry = sealing == null ? null : sealing.entries().find(id);
        }
        return entry;
    }

    private Optional<HistoryEntry> findSealed(IdHash id) throws IOException {
        while (true) {
            List<Partition> now = partitions;
            Optional<HistoryEntry> found = Optional.empty();
            try {
                for (int i = 0; i < now.size() && found.isEmpty(); i++) {
                    found = now.get(i).find(id);
                }
            } catch (RuntimeException e) {
                if (now == partitions) {
                    throw new IndexException("when the history was read", e);
                }
            }
            // One that was merged or forgotten just now may have been emptied before it was read.
            if (now == partitions) {
                return found;
            }
        }
    }

    private void startSealing() {
        sealer = Thread.ofPlatform().daemon().name("spool-history").start(this::seal);
    }

    private void seal() {
        Frozen sealing = frozen;
        try {
            Partition sealed;
            synchronized (store) {
                sealed = write(sealing);
                var all = new ArrayList<Partition>(partitions);
                all.addFirst(sealed);
                partitions = List.copyOf(all);
            }
            frozen = null;
            onSealed.accept(sealed.upTo());
            mayMerge();
        } catch (RuntimeException e) {
            // Nothing is lost: it stays in memory, and the segments have it.
            failedAt = System.nanoTime();
            LOG.error("the history could not be written; it stays in memory for now: {}",
                    e.toString());
        }
    }

    private Partition write(Frozen sealing) {
        int number = partitions.isEmpty() ? 1 : partitions.getFirst().number() + 1;
        var writer = new PartitionWriter(lastMap.incrementAndGet(), sealing.entries().size());
        sealing.entries().forEachSorted(writer::add);
        Partition sealed = writer.finish(number, sealing.upTo());
        store.commit();
        StoreHeader.write(store); // The index forgets what it thinks is here.
        store.sync();
        return sealed;
    }

    /** Writes the maps of one partition; the caller commits. */
    private final class PartitionWriter {
        private final int map;
        private final MVMap<IdHash, HistoryEntry> entries;
        private final BloomFilter filter;
        private long latest = Long.MIN_VALUE;
        private int lastSegment;
        private long size;

        PartitionWriter(int map, long atMost) {
            this.map = map;
            this.entries = openEntries(map);
            this.filter = new BloomFilter(atMost);
        }

        void add(IdHash id, HistoryEntry entry) {
            entries.append(id, entry);
            filter.add(id);
            latest = Math.max(latest, entry.time());
            lastSegment = Math.max(lastSegment, Location.segment(entry.location()));
            size++;
        }

        Partition finish(int number, long upTo) {
            byte[] octets = filter.toBytes();
            MVMap<Long, byte[]> pieces = openFilter(map);
            for (int at = 0; at < octets.length; at += FILTER_PIECE) {
                pieces.append((long) at, Arrays.copyOfRange(octets, at,
                        Math.min(octets.length, at + FILTER_PIECE)));
            }
            registry.put((long) number, ByteBuffer.allocate(VALUE_OCTETS).putInt(map)
                    .putLong(upTo).putLong(latest).putInt(lastSegment).putLong(size).array());
            return new Partition(number, map, upTo, latest, lastSegment, size, filter, entries);
        }
    }

    private synchronized void mayMerge() {
        boolean idle = merger == null || !merger.isAlive();
        if (wanted != null && idle && !closing && !toMerge().isEmpty()) {
            merger = Thread.ofPlatform().daemon().name("spool-history-merge")
                    .priority(Thread.MIN_PRIORITY).start(this::mergeAll);
        }
    }

    private void mergeAll() {
        try {
            for (var some = toMerge(); !some.isEmpty() && !closing; some = toMerge()) {
                merge(some);
            }
        } catch (RuntimeException e) {
            LOG.error("partitions of the history could not be merged; they stay as they are: {}",
                    e.toString());
        }
    }

    /** The oldest neighbours of one size that are enough to be merged; empty if there are none. */
    private List<Partition> toMerge() {
        List<Partition> now = partitions;
        int run = 0;
        for (int i = now.size() - 1; i >= 0; i--) {
            run = i < now.size() - 1 && tier(now.get(i)) == tier(now.get(i + 1)) ? run + 1 : 1;
            if (run == FAN_IN) {
                return now.subList(i, i + FAN_IN);
            }
        }
        return List.of();
    }

    /** Sizes of one tier differ by less than {@link #FAN_IN}, but for what was left out. */
    private int tier(Partition partition) {
        int tier = 0;
        for (long size = partition.size() / heapEntries; size >= FAN_IN; size /= FAN_IN) {
            tier++;
        }
        return tier;
    }

    private void merge(List<Partition> some) {
        long entries = some.stream().mapToLong(Partition::size).sum();
        var writer = new PartitionWriter(lastMap.incrementAndGet(), entries);
        var sorted = new MergedEntries(some);
        boolean oldest = partitions.getLast() == some.getLast();
        long waiting = 0;
        while (sorted.next()) {
            // What says that an article was removed outlives what older partitions say of it.
            if (wanted.test(sorted.entry())
                    || !oldest && sorted.entry().location() == Location.NONE) {
                writer.add(sorted.id(), sorted.entry());
            }
            if (++waiting == MERGED_AT_ONCE) {
                if (closing) {
                    return; // The next start removes what was written.
                }
                synchronized (store) {
                    store.commit();
                }
                waiting = 0;
            }
        }
        synchronized (store) {
            replace(some, writer);
        }
    }

    private void replace(List<Partition> some, PartitionWriter writer) {
        var all = new ArrayList<>(partitions);
        int at = all.indexOf(some.getFirst());
        if (!all.containsAll(some)) {
            removeMaps(writer.map); // Some were forgotten meanwhile.
            store.commit();
            return;
        }
        some.forEach(partition -> registry.remove((long) partition.number()));
        // Its number says that it is older than what comes before, and newer than what follows.
        all.set(at, writer.finish(some.getFirst().number(), some.getFirst().upTo()));
        all.subList(at + 1, at + some.size()).clear();
        partitions = List.copyOf(all);
        some.forEach(partition -> removeMaps(partition.map()));
        store.commit();
        StoreHeader.write(store);
    }

    private List<Partition> load() {
        var found = new ArrayList<Partition>();
        for (Map.Entry<Long, byte[]> entry : registry.entrySet()) {
            ByteBuffer value = ByteBuffer.wrap(entry.getValue());
            int map = value.getInt();
            found.addFirst(new Partition(Math.toIntExact(entry.getKey()), map, value.getLong(),
                    value.getLong(), value.getInt(), value.getLong(), loadFilter(map),
                    openEntries(map)));
            lastMap.accumulateAndGet(map, Math::max);
        }
        return List.copyOf(found);
    }

    private BloomFilter loadFilter(int map) {
        MVMap<Long, byte[]> pieces = openFilter(map);
        Long last = pieces.lastKey();
        int octets = last == null ? 0 : Math.toIntExact(last + pieces.get(last).length);
        var filter = BloomFilter.ofOctets(octets);
        var cursor = pieces.cursor(null);
        while (cursor.hasNext()) {
            long at = cursor.next();
            filter.put(Math.toIntExact(at), cursor.getValue());
        }
        return filter;
    }

    /** Of a merge that was not finished. */
    private void removeLeftOvers() {
        var known = new HashSet<String>();
        for (Partition partition : partitions) {
            known.add(ENTRIES + partition.map());
            known.add(FILTER + partition.map());
        }
        for (String name : List.copyOf(store.getMapNames())) {
            if ((name.startsWith(ENTRIES) || name.startsWith(FILTER)) && !known.contains(name)) {
                store.removeMap(name);
            }
        }
    }

    private MVMap<IdHash, HistoryEntry> openEntries(int map) {
        return store.openMap(ENTRIES + map, new MVMap.Builder<IdHash, HistoryEntry>()
                .keyType(IdHashType.INSTANCE).valueType(HistoryEntryType.INSTANCE));
    }

    private MVMap<Long, byte[]> openFilter(int map) {
        return store.openMap(FILTER + map, new MVMap.Builder<Long, byte[]>()
                .keyType(LongDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
    }
}
