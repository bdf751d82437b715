package net.spillway.relay.status;

import java.time.Instant;
import java.util.List;
import net.spillway.feed.FeedBacklog;
import net.spillway.feed.FeedStatus;
import net.spillway.relay.session.ConnectionInfo;
import net.spillway.relay.session.Traffic;
import net.spillway.relay.trace.Decision;
import net.spillway.relay.trace.SourceFigures;
import net.spillway.spool.Newsgroup;
import net.spillway.spool.SpoolStats;

/**
 * The relay at one moment.
 *
 * @param identity its name
 * @param storage  each class, the default one last
 * @param feeds    the outgoing ones, in the order of the configuration
 * @param sources  what came in, by source; who posts comes first
 * @param refusals the last articles that were not taken, newest first
 * @param connections who is connected, longest first, so many at most
 * @param groups   by name, so many at most
 */
public record Snapshot(Instant at, String identity, Traffic.Figures traffic, SpoolStats spool,
        List<StorageFigures> storage, List<Feed> feeds, List<SourceFigures> sources,
        List<Decision> refusals, List<ConnectionInfo> connections, List<Newsgroup> groups) {

    /** An outgoing feed. */
    public record Feed(FeedStatus status, FeedBacklog backlog) {
    }
}
