package net.spillway.feed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.protocol.MessageId;
import net.spillway.spool.FeedPosition;
import net.spillway.spool.LogEntry;
import net.spillway.spool.Subscription;

/** A log in memory, with its articles in one file. */
final class MemoryStore implements FeedStore, AutoCloseable {
    private record Place(long position, int length) {
    }

    final AtomicInteger openArticles = new AtomicInteger();
    private final FileChannel file;
    private final TreeMap<Long, LogEntry> entries = new TreeMap<>();
    private final Map<Long, Place> places = new ConcurrentHashMap<>();
    private final Map<String, FeedPosition> positions = new ConcurrentHashMap<>();
    /** Feeds whose position cannot be read. */
    final Set<String> unreadable = ConcurrentHashMap.newKeySet();
    private final Map<Long, List<String>> allGroups = new ConcurrentHashMap<>();
    /** Articles whose head cannot be read, as if their disk were away. */
    final Set<Long> headless = ConcurrentHashMap.newKeySet();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    /** When what is added has arrived. */
    volatile Instant arrival = Instant.EPOCH;
    private long last;
    private long end;

    MemoryStore(Path folder) throws IOException {
        file = FileChannel.open(folder.resolve("articles"), StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    static byte[] article(String name, int bodyOctets) {
        StringBuilder text = new StringBuilder("Message-ID: " + id(name).value()
                + "\r\nPath: us.example!not-for-mail\r\nNewsgroups: spill.test\r\n\r\n");
        while (bodyOctets > 0) {
            int line = Math.min(bodyOctets, 120);
            text.append("..").append("x".repeat(line)).append("\r\n");
            bodyOctets -= line;
        }
        return text.append(".\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    static MessageId id(String name) {
        return MessageId.of("<" + name + "@test.example>");
    }

    /** Adds an ordinary article of a few lines. */
    long add(String name) {
        return add(name, article(name, 300), "spill.test", "", "us.example!not-for-mail");
    }

    long add(String name, byte[] wire, String group, String source, String path) {
        long sequence;
        synchronized (this) {
            sequence = last + 1;
            try {
                ByteBuffer octets = ByteBuffer.wrap(wire);
                while (octets.hasRemaining()) {
                    file.write(octets, end + octets.position());
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            places.put(sequence, new Place(end, wire.length));
            end += wire.length;
            entries.put(sequence, new LogEntry(sequence, id(name), List.of(group), arrival,
                    Optional.of(arrival), source, path, "", wire.length));
            last = sequence;
        }
        listeners.forEach(Runnable::run);
        return sequence;
    }

    synchronized void remove(long sequence) {
        entries.remove(sequence);
        places.remove(sequence);
    }

    @Override
    public synchronized long committed() {
        return last;
    }

    @Override
    public synchronized List<LogEntry> log(long afterSequence, int max) {
        return new ArrayList<>(
                entries.tailMap(afterSequence, false).values().stream().limit(max).toList());
    }

    @Override
    public Optional<OutgoingArticle> open(Offer offer) {
        Place place = places.get(offer.sequence());
        if (place == null) {
            return Optional.empty();
        }
        openArticles.incrementAndGet();
        return Optional.of(new OutgoingArticle(
                file, place.position(), place.length(), openArticles::decrementAndGet));
    }

    @Override
    public List<String> allGroups(LogEntry entry) throws IOException {
        if (headless.contains(entry.sequence())) {
            throw new IOException("Input/output error");
        }
        return allGroups.getOrDefault(entry.sequence(), entry.groups());
    }

    /** Says that the article is in these groups too, which are not carried here. */
    void alsoIn(long sequence, String... groups) {
        List<String> all = new ArrayList<>(entries.get(sequence).groups());
        all.addAll(List.of(groups));
        allGroups.put(sequence, all);
    }

    @Override
    public boolean knows(String feed) {
        return positions.containsKey(feed);
    }

    /** As if the feed had been there before the first article. */
    void hadFromTheBeginning(String feed) {
        positions.putIfAbsent(feed, FeedPosition.START);
    }

    @Override
    public void begin(String feed, FeedPosition position) {
        savePosition(feed, position);
    }

    @Override
    public synchronized long sequenceBefore(Instant time) {
        return entries.values().stream().filter(e -> !e.arrival().isBefore(time))
                .mapToLong(e -> e.sequence() - 1).findFirst().orElse(last);
    }

    @Override
    public FeedPosition position(String feed) throws IOException {
        if (unreadable.contains(feed)) {
            throw new IOException("the position of " + feed + " cannot be read");
        }
        return positions.getOrDefault(feed, FeedPosition.START);
    }

    @Override
    public void savePosition(String feed, FeedPosition position) {
        positions.put(feed, position);
    }

    @Override
    public Subscription onCommit(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
