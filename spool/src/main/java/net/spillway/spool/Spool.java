package net.spillway.spool;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import net.spillway.conf.SpoolConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.file.DiskFiles;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.index.History;
import net.spillway.spool.segment.IdHash;

/**
 * Keeps articles. All methods may be called by any thread.
 *
 * <p><b>Storing.</b> {@link #store} completes once the article is on the disk, as far as the
 * configured fsync promises, and from then on, never before, readers and feeds see it. What was
 * acknowledged survives kills and power cuts; it keeps its numbers, and no number is given twice.
 *
 * <p>There are two: the one on disk that {@link #open} opens, and {@link MemorySpool} for tests and
 * simulations. Both pass the same contract tests.
 */
public interface Spool extends AutoCloseable {
    /**
     * Opens a spool, and makes it if the folder is empty or missing. Reads what the index lacks
     * from the segments; an index that is missing or damaged is made anew, which takes a while and
     * is logged.
     *
     * @param identity our name in Xref
     * @throws SpoolLockedException if another relay has it open
     * @throws net.spillway.spool.segment.SegmentFormatException if it has a newer format
     */
    static Spool open(SpoolConfig config, String identity, Clock clock) throws IOException {
        return open(config, identity, clock, new DiskFiles());
    }

    /** As {@link #open(SpoolConfig, String, Clock)}, on other files than the disk's own. */
    static Spool open(SpoolConfig config, String identity, Clock clock, FileLayer files)
            throws IOException {
        return DiskSpool.open(config, identity, clock, files, History.DEFAULT_HEAP_ENTRIES);
    }

    /** All groups, by name. */
    List<Newsgroup> groups();

    /**
     * The groups whose names come after that one, by name, {@code max} at most: for lists that are
     * made piece by piece. The first piece comes after "".
     */
    List<Newsgroup> groupsAfter(String name, int max);

    Optional<Newsgroup> group(String name);

    /**
     * Makes a group, or gives an existing one this status and description; on disk when this
     * returns.
     *
     * @param status y, n or m
     * @throws IllegalArgumentException if the name cannot be a group's
     */
    void createGroup(String name, char status, String description) throws IOException;

    /**
     * Removes a group; on disk when this returns. Its articles stay until they expire, and are
     * found by message-ID. If the group is made again, it goes on with its numbers.
     *
     * @return false if there is no such group
     */
    boolean removeGroup(String name) throws IOException;

    /**
     * How often groups have been made, changed or removed since the spool was opened: what was
     * decided by the groups stands as long as this is the same before and after.
     */
    long groupChanges();

    /**
     * Stores an article. Waits only if very much is waiting already, and fails the article if that
     * takes too long. The outcome comes on a thread of the spool: be brief there.
     */
    CompletableFuture<StoreOutcome> store(NewArticle article);

    /**
     * What the calling thread stores until it closes the bundle goes to the disk together, which
     * costs less; not later than then, and earlier if it is much. For whoever may be about to store
     * several articles, and does not wait for one of them before it closes the bundle.
     */
    default Bundle bundle() {
        return () -> { };
    }

    /** See {@link #bundle}. To be closed on the thread that opened it. */
    interface Bundle extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Somebody begins to send an article and will wait until it is stored: others that are stored
     * meanwhile may be held back for a moment, to go to the disk with it. To be followed by {@link
     * #arrived}, whatever becomes of it.
     */
    default void arriving() {
    }

    /** What {@link #arriving} announced was given to {@link #store}, or will never be. */
    default void arrived() {
    }

    /**
     * Has something run when all that are told at this moment what became of their articles have
     * been told; at once, unless this is called by what {@link #store}'s outcome comes to. So a
     * sender of many articles need not be woken for each.
     */
    default void whenTold(Runnable action) {
        action.run();
    }

    /** Whether {@link #store} would not have to wait now for an article of so many octets. */
    boolean hasRoom(long octets);

    /**
     * What is known of a message-ID; {@link Presence#PENDING}, so that the question is asked
     * again, also when the history cannot be read.
     */
    Presence presence(MessageId id);

    /** The same by the hash of a message-ID. */
    Presence presence(IdHash id);

    /**
     * Notes an article that was refused, so that it is not asked for again; soon, not at once, and
     * not if the spool is closing or very busy.
     */
    void remember(MessageId id);

    /** Opens an article by message-ID; empty if it is not here. */
    Optional<StoredArticle> open(MessageId id) throws IOException;

    /**
     * The same for whoever passes it on, so that nobody is given damage with a good name: reads it
     * all, unless it was stored a moment ago.
     *
     * @throws IOException if its octets are not those that were stored, or cannot be read. If that
     *     lasts, it is taken out of service soon, and is not here any more; see {@link #onDamage}
     */
    default Optional<StoredArticle> openIntact(MessageId id) throws IOException {
        return open(id);
    }

    /** Where an article lies; empty if it is not here. */
    Optional<ArticlePlace> locate(MessageId id) throws IOException;

    /** Opens an article by its number in a group. */
    Optional<StoredArticle> open(String group, long number) throws IOException;

    /** Opens an article by its place in the log. */
    Optional<StoredArticle> open(long sequence) throws IOException;

    /** The next number after that one with an article behind it. */
    OptionalLong next(String group, long number) throws IOException;

    /** The last number before that one with an article behind it. */
    OptionalLong previous(String group, long number) throws IOException;

    /** The numbers of articles in [low, high], rising, {@code max} at most. */
    long[] numbers(String group, long low, long high, int max) throws IOException;

    /** Overview of the articles in [low, high], by rising number, {@code max} at most. */
    List<OverviewLine> overview(String group, long low, long high, int max)
            throws IOException;

    /** The same as they are sent, which costs less. */
    default List<OverviewText> overviewTexts(String group, long low, long high, int max)
            throws IOException {
        return overview(group, low, high, max).stream().map(OverviewText::of).toList();
    }

    /** Overview of one article, with number 0. */
    Optional<OverviewLine> overview(MessageId id) throws IOException;

    /** Whether an article whose message-ID has this hash is here and readable. */
    boolean holds(IdHash id) throws IOException;

    /** Overview of the article whose message-ID has this hash, with number 0. */
    Optional<OverviewLine> overview(IdHash id) throws IOException;

    /** The last sequence that is visible; 0 before the first article. */
    long committed();

    /** The articles after that sequence, in order; those removed or expired are left out. */
    List<LogEntry> log(long afterSequence, int max) throws IOException;

    /**
     * Has a listener run whenever articles became visible, on a thread of the spool: it must be
     * brief, and must not wait for the spool.
     */
    Subscription onCommit(Runnable listener);

    /**
     * A sequence after which {@link #log} has everything that arrived at that time or later; some
     * that arrived earlier may come after it too.
     */
    long sequenceBefore(Instant time) throws IOException;

    /** Whether it was ever said where that feed stands. */
    boolean hasFeed(String feed);

    /** Sets where a feed stands; on disk when this returns. For feeds that begin. */
    void beginFeed(String feed, FeedPosition position) throws IOException;

    /** Where a feed stands; {@link FeedPosition#START} if it was never saved. */
    FeedPosition feedPosition(String feed);

    /**
     * Notes where a feed stands. It is written within about a second, and on closing; after a
     * crash an older position may be found.
     */
    void saveFeedPosition(String feed, FeedPosition position);

    /**
     * Takes an article out: unreadable when this returns, also after a crash. Its message-ID stays
     * known. Its octets stay on the disk until their segment expires.
     *
     * @return false if it was not here
     */
    boolean remove(MessageId id) throws IOException;

    /**
     * Drops the segments that are too old or too much. To be called now and then; while another
     * call is under way it does nothing, and says so.
     */
    ExpiryReport expire(Instant now) throws IOException;

    /**
     * Has a listener told of each article that was found damaged or lost, and taken out of service;
     * the first listener also of those since the spool was opened. It is not known any more:
     * whoever listens may ask peers for it. Be brief there.
     */
    Subscription onDamage(Consumer<MessageId> listener);

    /**
     * When an article was found damaged or lost that has not come back since; empty if it is none,
     * or was lost longer ago than message-IDs are remembered.
     */
    default Optional<Instant> lostSince(MessageId id) {
        return Optional.empty();
    }

    /** The spool in figures. */
    SpoolStats stats();

    /** Writes what was taken in, and closes. May be called twice. */
    @Override
    void close() throws IOException;
}
