package net.spillway.feed;

import java.io.IOException;
import java.util.List;
import net.spillway.spool.LogEntry;

/** The outgoing feeds, to be looked at. */
@FunctionalInterface
public interface FeedView {
    /** How each feed stands, in the order of the configuration. */
    List<FeedStatus> status();

    /**
     * What each feed has yet to offer, in the order of {@link #status}. Reads the log: a bounded
     * piece of it for each feed that is behind.
     */
    default List<FeedBacklog> backlogs() throws IOException {
        return List.of();
    }

    /** How an article of the log stands with each peer. */
    default List<FeedFate> fates(LogEntry entry) throws IOException {
        return List.of();
    }
}
