package net.spillway.relay.status;

import java.util.List;
import java.util.Optional;
import net.spillway.feed.FeedFate;
import net.spillway.protocol.MessageId;
import net.spillway.relay.trace.Memory;
import net.spillway.spool.ArticlePlace;
import net.spillway.spool.Presence;

/**
 * What is known here of one article.
 *
 * @param presence what the history says
 * @param memory   what happened to it, as far as that is remembered
 * @param place    where it lies, if it is here
 * @param fates    how the feeds stand with it, if it is here
 */
public record ArticleTrace(MessageId id, Presence presence, Memory memory,
        Optional<ArticlePlace> place, List<FeedFate> fates) {

    /**
     * Whether what is remembered may be less than what happened: the article came before the
     * memory begins, or it is known and nothing tells when it came.
     */
    public boolean isForgotten() {
        if (!memory.decisions().isEmpty()) {
            return false;
        }
        return place.map(p -> p.arrival().isBefore(memory.reachesBackTo()))
                .orElse(presence != Presence.UNKNOWN);
    }
}
