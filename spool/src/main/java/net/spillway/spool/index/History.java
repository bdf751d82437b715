package net.spillway.spool.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
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
 * <p>The file {@code history.mv} holds, for partition n, the map {@code p/n} from hash to location,
 * and in the map {@code partitions} under n: 8 octets sequence up to which articles are sealed, 8
 * latest time, 4 highest segment, 8 entries, then the Bloom filter's words, all big-endian.
 *
 * <p>Puts come from one thread; lookups from any.
 */
public final class History implements AutoCloseable {
    /** Entries in the heap map before it is sealed; each takes about 130 octets. */
    public static final int DEFAULT_HEAP_ENTRIES = 256 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(History.class);
    private static final String FILE = "history.mv";
    private static final int FIXED_OCTETS = 28;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private record Frozen(Map<IdHash, HistoryEntry> entries, long upTo) {}

    private final MVStore store;
    private final MVMap<Long, byte[]> registry;
    private final int heapEntries;
    private final long rememberMillis;
    private volatile ConcurrentHashMap<IdHash, HistoryEntry> heap = new ConcurrentHashMap<>();
    private volatile Frozen frozen;
    /** Newest first. */
    private volatile List<Partition> partitions = List.of();
    private volatile Thread sealer;
    private volatile long failedAt;
    private volatile LongConsumer onSealed = sequence -> {};

    private History(MVStore store, int heapEntries, long rememberMillis) {
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
        try {
            store = new MVStore.Builder()
                    .fileName(GuardedPath.name(files, folder.resolve(FILE)))
                    .autoCommitDisabled().cacheSize(32).open();
            var history = new History(store, heapEntries, rememberMillis);
            history.partitions = history.load();
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
        heap.put(id, entry);
    }

    /**
     * To be called now and then by the thread that puts: seals the heap map if it is large enough.
     *
     * @param sequence of the last article that was put
     */
    public void mayFreeze(long sequence) {
        if (heap.size() < heapEntries) {
            return;
        }
        if (frozen == null) {
            frozen = new Frozen(heap, sequence);
            heap = new ConcurrentHashMap<>();
            startSealing();
        } else if (!sealer.isAlive() && System.nanoTime() - failedAt > RETRY_NANOS) {
            startSealing();
        }
    }

    /** Drops partitions that know nothing that is still wanted. */
    public void forget(long nowMillis, int firstSegment) {
        var kept = new ArrayList<Partition>();
        for (Partition partition : partitions) {
            boolean wanted = partition.lastSegment() >= firstSegment
                    || partition.latest() + rememberMillis >= nowMillis
                    || kept.isEmpty(); // The newest says how far the history has come.
            if (wanted) {
                kept.add(partition);
            }
        }
        if (kept.size() < partitions.size()) {
            retain(kept);
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
        Thread running = sealer;
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

    @Override
    public void close() throws IOException {
        awaitSealed();
        try {
            store.close();
        } catch (RuntimeException e) {
            throw new IndexException("when the history was closed", e);
        }
    }

    private void retain(List<Partition> kept) {
        synchronized (store) {
            List<Partition> before = partitions;
            // One may have been sealed since it was decided what to keep.
            partitions = before.stream().filter(p -> kept.contains(p)
                    || p.number() > kept.getFirst().number()).toList();
            for (Partition partition : before) {
                if (!partitions.contains(partition)) {
                    registry.remove((long) partition.number());
                    store.removeMap(partition.entries());
                }
            }
            store.commit();
        }
    }

    private HistoryEntry findYoung(IdHash id) {
        // In this order: the heap map moves to frozen before it is replaced.
        HistoryEntry entry = heap.get(id);
        if (entry == null) {
            Frozen sealing = frozen;
            entry = sealing == null ? null : sealing.entries().get(id);
        }
        return entry;
    }

    private Optional<HistoryEntry> findSealed(IdHash id) throws IOException {
        List<Partition> now = partitions;
        try {
            for (Partition partition : now) {
                Optional<HistoryEntry> found = partition.find(id);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (RuntimeException e) {
            if (now != partitions) {
                return findSealed(id); // A partition was forgotten just now.
            }
            throw new IndexException("when the history was read", e);
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
        } catch (RuntimeException e) {
            // Nothing is lost: it stays in memory, and the segments have it.
            failedAt = System.nanoTime();
            LOG.error("the history could not be written; it stays in memory for now: {}",
                    e.toString());
        }
    }

    private Partition write(Frozen sealing) {
        var sorted = new TreeMap<IdHash, HistoryEntry>(sealing.entries());
        var filter = new BloomFilter(sorted.size());
        int number = partitions.isEmpty() ? 1 : partitions.getFirst().number() + 1;
        MVMap<IdHash, Long> map = open(number);
        map.clear(); // A try that failed may have left some.
        long latest = Long.MIN_VALUE;
        int lastSegment = 0;
        for (var entry : sorted.entrySet()) {
            map.append(entry.getKey(), entry.getValue().location());
            filter.add(entry.getKey());
            latest = Math.max(latest, entry.getValue().time());
            lastSegment = Math.max(lastSegment,
                    Location.segment(entry.getValue().location()));
        }
        byte[] words = filter.toBytes();
        ByteBuffer value = ByteBuffer.allocate(FIXED_OCTETS + words.length);
        value.putLong(sealing.upTo()).putLong(latest).putInt(lastSegment).putLong(sorted.size())
                .put(words);
        registry.put((long) number, value.array());
        store.commit();
        store.sync();
        return new Partition(number, sealing.upTo(), latest, lastSegment, sorted.size(), filter,
                map);
    }

    private List<Partition> load() {
        var found = new ArrayList<Partition>();
        for (Map.Entry<Long, byte[]> entry : registry.entrySet()) {
            ByteBuffer value = ByteBuffer.wrap(entry.getValue());
            long upTo = value.getLong();
            long latest = value.getLong();
            int lastSegment = value.getInt();
            long size = value.getLong();
            byte[] words = new byte[value.remaining()];
            value.get(words);
            int number = Math.toIntExact(entry.getKey());
            found.addFirst(new Partition(number, upTo, latest, lastSegment, size,
                    BloomFilter.of(words), open(number)));
        }
        return List.copyOf(found);
    }

    private MVMap<IdHash, Long> open(int number) {
        return store.openMap("p/" + number, new MVMap.Builder<IdHash, Long>()
                .keyType(IdHashType.INSTANCE).valueType(LongDataType.INSTANCE));
    }
}
