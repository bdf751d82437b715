package net.spillway.spool;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import net.spillway.conf.SpoolConfig;
import net.spillway.conf.StorageConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.index.ArticleRow;
import net.spillway.spool.index.HeadFields;
import net.spillway.spool.index.LoggedArticle;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.Piece;

/**
 * A spool in memory, for tests and for simulations of many relays in one process: no threads, no
 * files. Each call is done when it returns, listeners run on the caller's thread, and everything is
 * gone with the object, but for what {@link #reopen} hands on. It keeps the promises of
 * {@link Spool} as far as they can be kept without a disk; articles expire one by one.
 */
public final class MemorySpool implements Spool {
    /** What a restart keeps. Guarded by itself. */
    private static final class Content {
        private final TreeMap<String, MemoryGroup> groups = new TreeMap<>();
        private final TreeMap<Long, MemoryArticle> articles = new TreeMap<>();
        private final Map<MessageId, MemoryArticle> byId = new HashMap<>();
        private final Map<IdHash, MemoryArticle> byHash = new HashMap<>();
        private final Map<MessageId, Instant> remembered = new HashMap<>();
        private final Map<String, FeedPosition> feeds = new HashMap<>();
        private long groupChanges;
        private long sequence;
        private long bytes;
    }

    private static final class MemoryGroup {
        private final Instant created;
        private final TreeMap<Long, MemoryArticle> articles = new TreeMap<>();
        private char status;
        private String description;
        private long high;

        MemoryGroup(Instant created) {
            this.created = created;
        }

        boolean isRemoved() {
            return status == Groups.REMOVED;
        }

        Newsgroup snapshot(String name) {
            return new Newsgroup(name, status, description,
                    articles.isEmpty() ? high + 1 : articles.firstKey(), high, articles.size(),
                    created);
        }
    }

    private final SpoolConfig config;
    private final String identity;
    private final Clock clock;
    private final Content content;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private boolean closed;

    /**
     * An empty spool.
     *
     * @param config   how long articles are kept and message-IDs are remembered; the rest of it
     *                 means nothing here
     * @param identity our name in Xref
     */
    public MemorySpool(SpoolConfig config, String identity, Clock clock) {
        this(config, identity, clock, new Content());
    }

    private MemorySpool(SpoolConfig config, String identity, Clock clock, Content content) {
        this.config = config;
        this.identity = identity;
        this.clock = clock;
        this.content = content;
    }

    /** Closes this one and gives a spool that has all of it, as a restart would. */
    public MemorySpool reopen() {
        close();
        return new MemorySpool(config, identity, clock, content);
    }

    @Override
    public List<Newsgroup> groups() {
        synchronized (content) {
            return content.groups.entrySet().stream().filter(e -> !e.getValue().isRemoved())
                    .map(e -> e.getValue().snapshot(e.getKey())).toList();
        }
    }

    @Override
    public List<Newsgroup> groupsAfter(String name, int max) {
        return groups().stream().filter(g -> g.name().compareTo(name) > 0).limit(max).toList();
    }

    @Override
    public Optional<Newsgroup> group(String name) {
        synchronized (content) {
            return Optional.ofNullable(content.groups.get(name))
                    .filter(g -> !g.isRemoved()).map(g -> g.snapshot(name));
        }
    }

    @Override
    public void createGroup(String name, char status, String description) throws IOException {
        Groups.check(name, status, description);
        synchronized (content) {
            requireOpen();
            MemoryGroup group = content.groups.computeIfAbsent(name,
                    n -> new MemoryGroup(clock.instant()));
            group.status = status;
            group.description = description;
            content.groupChanges++;
        }
    }

    @Override
    public boolean removeGroup(String name) throws IOException {
        synchronized (content) {
            requireOpen();
            MemoryGroup group = content.groups.get(name);
            if (group == null || group.isRemoved()) {
                return false;
            }
            group.status = Groups.REMOVED;
            content.groupChanges++;
            return true;
        }
    }

    @Override
    public long groupChanges() {
        synchronized (content) {
            return content.groupChanges;
        }
    }

    @Override
    public CompletableFuture<StoreOutcome> store(NewArticle article) {
        StoreOutcome outcome;
        synchronized (content) {
            outcome = storeNow(article);
        }
        if (outcome instanceof StoreOutcome.Stored) {
            listeners.forEach(Runnable::run);
        }
        return CompletableFuture.completedFuture(outcome);
    }

    private StoreOutcome storeNow(NewArticle article) {
        if (closed) {
            return new StoreOutcome.Failed("the spool is closed", true);
        }
        Optional<String> wrong = StoreCheck.objection(article,
                name -> group(name).isPresent());
        if (wrong.isPresent()) {
            return new StoreOutcome.Failed(wrong.get(), false);
        }
        if (presence(article.id()) != Presence.UNKNOWN) {
            return new StoreOutcome.Duplicate();
        }
        var numbers = new LinkedHashMap<String, Long>();
        var filed = new ArrayList<LogRecord.Filed>();
        for (String name : article.groups()) {
            long number = ++content.groups.get(name).high;
            numbers.put(name, number);
            filed.add(new LogRecord.Filed(name, number));
        }
        long sequence = ++content.sequence;
        var encoded = ArticleEncoder.encode(article, sequence, identity, filed);
        HeadFields head = HeadFields.read(article.head(), 0, article.head().length);
        var row = encoded.row(head, 0, sequence);
        add(new MemoryArticle(row, join(encoded), encoded.record().headLength()), filed);
        return new StoreOutcome.Stored(new ArticleToken(0, sequence), sequence, numbers);
    }

    private void add(MemoryArticle article, List<LogRecord.Filed> filed) {
        content.articles.put(article.sequence(), article);
        content.byId.put(article.id(), article);
        content.byHash.put(IdHash.of(article.id()), article);
        content.bytes += article.length();
        filed.forEach(f -> content.groups.get(f.group()).articles.put(f.number(), article));
    }

    private void take(MemoryArticle article, Instant knownAt) {
        content.articles.remove(article.sequence());
        content.byId.remove(article.id());
        content.byHash.remove(IdHash.of(article.id()));
        content.bytes -= article.length();
        for (LogRecord.Filed filed : article.row().filed()) {
            content.groups.get(filed.group()).articles.remove(filed.number());
        }
        content.remembered.put(article.id(), knownAt);
    }

    private static byte[] join(ArticleEncoder encoded) {
        byte[] wire = new byte[encoded.record().wireLength()];
        int at = 0;
        for (Piece piece : encoded.wire()) {
            System.arraycopy(piece.bytes(), piece.from(), wire, at, piece.length());
            at += piece.length();
        }
        return wire;
    }

    @Override
    public boolean hasRoom(long octets) {
        return true;
    }

    @Override
    public Presence presence(MessageId id) {
        synchronized (content) {
            if (content.byId.containsKey(id)) {
                return Presence.STORED;
            }
            Instant known = content.remembered.get(id);
            return known != null && !known.plus(config.remember()).isBefore(clock.instant())
                    ? Presence.REMEMBERED : Presence.UNKNOWN;
        }
    }

    @Override
    public Presence presence(IdHash id) {
        synchronized (content) {
            return content.byHash.containsKey(id) ? Presence.STORED
                    : content.remembered.keySet().stream().filter(known ->
                            IdHash.of(known).equals(id)).findFirst().map(this::presence)
                            .orElse(Presence.UNKNOWN);
        }
    }

    @Override
    public void remember(MessageId id) {
        synchronized (content) {
            if (!closed && presence(id) == Presence.UNKNOWN) {
                content.remembered.put(id, clock.instant());
            }
        }
    }

    @Override
    public Optional<StoredArticle> open(MessageId id) {
        synchronized (content) {
            return Optional.ofNullable(content.byId.get(id));
        }
    }

    @Override
    public Optional<ArticlePlace> locate(MessageId id) {
        synchronized (content) {
            return Optional.ofNullable(content.byId.get(id)).map(MemoryArticle::row).map(row ->
                    new ArticlePlace(new ArticleToken(0, row.sequence()), StorageConfig.DEFAULT, "",
                            row.sequence(), Instant.ofEpochMilli(row.arrival()), row.source(),
                            row.wireLength(), ArticlePlace.numbers(row.filed())));
        }
    }

    @Override
    public Optional<StoredArticle> open(String group, long number) {
        synchronized (content) {
            return Optional.ofNullable(numbered(group).get(number));
        }
    }

    @Override
    public Optional<StoredArticle> open(long sequence) {
        synchronized (content) {
            return Optional.ofNullable(content.articles.get(sequence));
        }
    }

    @Override
    public OptionalLong next(String group, long number) {
        synchronized (content) {
            Long next = numbered(group).higherKey(number);
            return next == null ? OptionalLong.empty() : OptionalLong.of(next);
        }
    }

    @Override
    public OptionalLong previous(String group, long number) {
        synchronized (content) {
            Long previous = numbered(group).lowerKey(number);
            return previous == null ? OptionalLong.empty() : OptionalLong.of(previous);
        }
    }

    @Override
    public long[] numbers(String group, long low, long high, int max) {
        return overview(group, low, high, max).stream().mapToLong(OverviewLine::number).toArray();
    }

    @Override
    public List<OverviewLine> overview(String group, long low, long high, int max) {
        if (low > high) {
            return List.of();
        }
        synchronized (content) {
            return numbered(group).subMap(low, true, high, true).entrySet().stream().limit(max)
                    .map(e -> OverviewLine.of(e.getKey(), e.getValue().row())).toList();
        }
    }

    @Override
    public Optional<OverviewLine> overview(MessageId id) {
        synchronized (content) {
            return Optional.ofNullable(content.byId.get(id))
                    .map(article -> OverviewLine.of(0, article.row()));
        }
    }

    @Override
    public boolean holds(IdHash id) {
        synchronized (content) {
            return content.byHash.containsKey(id);
        }
    }

    @Override
    public Optional<OverviewLine> overview(IdHash id) {
        synchronized (content) {
            return Optional.ofNullable(content.byHash.get(id))
                    .map(article -> OverviewLine.of(0, article.row()));
        }
    }

    @Override
    public long committed() {
        synchronized (content) {
            return content.sequence;
        }
    }

    @Override
    public List<LogEntry> log(long afterSequence, int max) {
        synchronized (content) {
            return content.articles.tailMap(afterSequence, false).values().stream().limit(max)
                    .map(article -> LogEntry.of(LoggedArticle.of(article.row()))).toList();
        }
    }

    @Override
    public Subscription onCommit(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public long sequenceBefore(Instant time) {
        synchronized (content) {
            return content.articles.values().stream()
                    .filter(a -> a.row().arrival() >= time.toEpochMilli())
                    .mapToLong(a -> a.sequence() - 1).findFirst().orElse(content.sequence);
        }
    }

    @Override
    public boolean hasFeed(String feed) {
        synchronized (content) {
            return content.feeds.containsKey(feed);
        }
    }

    @Override
    public void beginFeed(String feed, FeedPosition position) throws IOException {
        synchronized (content) {
            requireOpen();
            content.feeds.put(feed, position);
        }
    }

    @Override
    public FeedPosition feedPosition(String feed) {
        synchronized (content) {
            return content.feeds.getOrDefault(feed, FeedPosition.START);
        }
    }

    @Override
    public void saveFeedPosition(String feed, FeedPosition position) {
        synchronized (content) {
            content.feeds.put(feed, position);
        }
    }

    @Override
    public boolean remove(MessageId id) throws IOException {
        synchronized (content) {
            requireOpen();
            MemoryArticle article = content.byId.get(id);
            if (article != null) {
                take(article, clock.instant());
            }
            return article != null;
        }
    }

    @Override
    public ExpiryReport expire(Instant now) throws IOException {
        synchronized (content) {
            requireOpen();
            long articles = 0;
            long before = content.bytes;
            for (MemoryArticle article : List.copyOf(content.articles.values())) {
                if (isDue(article.row(), now)) {
                    take(article, Instant.ofEpochMilli(article.row().arrival()));
                    articles++;
                }
            }
            content.remembered.values().removeIf(
                    known -> known.plus(config.remember()).isBefore(now));
            return new ExpiryReport(0, articles, before - content.bytes, content.bytes,
                    List.of());
        }
    }

    private boolean isDue(ArticleRow row, Instant now) {
        boolean old = config.maxAge().isPresent()
                && row.arrival() < now.minus(config.maxAge().get()).toEpochMilli();
        return old || config.maxBytes().isPresent()
                && content.bytes > config.maxBytes().getAsLong();
    }

    @Override
    public Subscription onDamage(Consumer<MessageId> listener) {
        return () -> {}; // Memory forgets nothing.
    }

    @Override
    public SpoolStats stats() {
        synchronized (content) {
            return new SpoolStats(content.articles.size(), groups().size(), 0,
                    content.bytes, content.sequence,
                    content.byId.size() + content.remembered.size(), 0, 0, List.of(), 0, "",
                    List.of());
        }
    }

    @Override
    public void close() {
        synchronized (content) {
            closed = true;
        }
    }

    private NavigableMap<Long, MemoryArticle> numbered(String group) {
        MemoryGroup found = content.groups.get(group);
        return found == null ? new TreeMap<>() : found.articles;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the spool is closed");
        }
    }
}
