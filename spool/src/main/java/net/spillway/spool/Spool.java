package net.spillway.spool;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import net.spillway.conf.SpoolConfig;
import net.spillway.protocol.MessageId;

/** The article store. */
public final class Spool implements AutoCloseable {
    private Spool() {}

    public static Spool open(SpoolConfig config, String identity, Clock clock)
            throws IOException {
        throw new IOException("not yet");
    }

    public List<Newsgroup> groups() {
        return List.of();
    }

    public Optional<Newsgroup> group(String name) {
        return Optional.empty();
    }

    /** Makes a group, or gives an existing one this status and description. */
    public void createGroup(String name, char status, String description) throws IOException {}

    public CompletableFuture<StoreOutcome> store(NewArticle article) {
        return CompletableFuture.completedFuture(new StoreOutcome.Failed("not yet"));
    }

    public Presence presence(MessageId id) {
        return Presence.UNKNOWN;
    }

    /** Notes an article that was refused, so that it is not asked for again. */
    public void remember(MessageId id) {}

    public Optional<StoredArticle> open(MessageId id) throws IOException {
        return Optional.empty();
    }

    public Optional<StoredArticle> open(String group, long number) throws IOException {
        return Optional.empty();
    }

    public Optional<StoredArticle> open(long sequence) throws IOException {
        return Optional.empty();
    }

    public OptionalLong next(String group, long number) throws IOException {
        return OptionalLong.empty();
    }

    public OptionalLong previous(String group, long number) throws IOException {
        return OptionalLong.empty();
    }

    public long[] numbers(String group, long low, long high, int max) throws IOException {
        return new long[0];
    }

    public List<OverviewLine> overview(String group, long low, long high, int max)
            throws IOException {
        return List.of();
    }

    public Optional<OverviewLine> overview(MessageId id) throws IOException {
        return Optional.empty();
    }

    public long committed() {
        return 0;
    }

    public List<LogEntry> log(long afterSequence, int max) throws IOException {
        return List.of();
    }

    /** The listener runs after articles became visible, on a thread of the spool: be brief. */
    public Subscription onCommit(Runnable listener) {
        return () -> {};
    }

    public List<MessageId> arrivedSince(Instant since, Predicate<String> group)
            throws IOException {
        return List.of();
    }

    public FeedPosition feedPosition(String feed) {
        return FeedPosition.START;
    }

    public void saveFeedPosition(String feed, FeedPosition position) {}

    public boolean remove(MessageId id) throws IOException {
        return false;
    }

    public ExpiryReport expire(Instant now) throws IOException {
        return new ExpiryReport(0, 0, 0, 0);
    }

    public SpoolStats stats() {
        return new SpoolStats(0, 0, 0, 0, 0, 0, 0, 0, List.of(), "");
    }

    @Override
    public void close() throws IOException {}
}
