package net.spillway.conf;

import java.time.Duration;
import java.util.List;

/**
 * What a peer is sent, out of all that arrives here.
 *
 * @param send the groups it is sent; an article that is also in a poisoned one never goes
 * @param minArticle the smallest article it is sent, in octets on the wire
 * @param distributions which values of Distribution it is sent (RFC 5536, section 3.2.4); what has
 *     none always goes
 * @param maxHops the most relays that may stand in the Path of what it is sent, we among them
 * @param maxCrossposts the most groups that what it is sent may be in
 * @param pathExclude path identities besides its own whose articles are not sent to it
 * @param delay how long an article stays here before it is offered
 * @param backfill how far back a new peer is offered what had arrived before
 */
public record FeedConfig(
        Wildmat send,
        long minArticle,
        Wildmat distributions,
        int maxHops,
        int maxCrossposts,
        List<String> pathExclude,
        Duration delay,
        Duration backfill) {

    /** Everything, at once, from now on. */
    public static final FeedConfig ALL = new FeedConfig(Wildmat.ALL, 0, Wildmat.ALL,
            Integer.MAX_VALUE, Integer.MAX_VALUE, List.of(), Duration.ZERO, Duration.ZERO);
    /** Nothing. */
    public static final FeedConfig NONE = new FeedConfig(Wildmat.NONE, 0, Wildmat.ALL,
            Integer.MAX_VALUE, Integer.MAX_VALUE, List.of(), Duration.ZERO, Duration.ZERO);

    /** The same, but only of those groups. */
    public FeedConfig narrowedTo(Wildmat wanted) {
        return new FeedConfig(send.and(wanted), minArticle, distributions, maxHops, maxCrossposts,
                pathExclude, delay, backfill);
    }

    /** Copies the list. */
    public FeedConfig {
        pathExclude = List.copyOf(pathExclude);
    }
}
