package net.spillway.feed;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.spillway.spool.FeedPosition;
import net.spillway.spool.LogEntry;
import net.spillway.spool.Subscription;

/** What feeds need of the spool. */
interface FeedStore {
    /** The highest sequence number that is visible. */
    long committed();

    /** Visible entries after a sequence number, in order; removed ones are skipped. */
    List<LogEntry> log(long afterSequence, int max) throws IOException;

    /** The article of an offer; empty if it has gone meanwhile, or turned out to be damaged. */
    Optional<OutgoingArticle> open(Offer offer) throws IOException;

    /**
     * All groups that the article's Newsgroups field names, or those it is filed in if it names
     * none that can be read; none if it has gone meanwhile.
     */
    List<String> allGroups(LogEntry entry) throws IOException;

    /** Whether it is known where a feed stands. */
    boolean knows(String feed) throws IOException;

    /**
     * Sets where a new feed begins, on the disk when this returns: if it were lost, what arrived
     * before the next start would never be offered.
     */
    void begin(String feed, FeedPosition position) throws IOException;

    /** A sequence number after which everything is that arrived at that time or later. */
    long sequenceBefore(Instant time) throws IOException;

    /** Where a feed stands; one never saved stands at the beginning. */
    FeedPosition position(String feed) throws IOException;

    /** Saves where a feed stands. */
    void savePosition(String feed, FeedPosition position) throws IOException;

    /** Has something run after each commit, by the committing thread: it must be quick. */
    Subscription onCommit(Runnable listener);
}
