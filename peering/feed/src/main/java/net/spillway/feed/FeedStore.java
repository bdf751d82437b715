package net.spillway.feed;

import java.io.IOException;
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

    /** The article of an offer; empty if it has gone meanwhile. */
    Optional<OutgoingArticle> open(Offer offer) throws IOException;

    /** Where a feed stands; one never saved stands at the beginning. */
    FeedPosition position(String feed) throws IOException;

    /** Saves where a feed stands. */
    void savePosition(String feed, FeedPosition position) throws IOException;

    /** Has something run after each commit, by the committing thread: it must be quick. */
    Subscription onCommit(Runnable listener);
}
