package net.spillway.relay.status;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.spillway.feed.FeedFate;
import net.spillway.protocol.MessageId;
import net.spillway.relay.access.Rights;
import net.spillway.relay.trace.Memory;
import net.spillway.spool.ArticlePlace;
import net.spillway.spool.Presence;

/**
 * What is known here of one article.
 *
 * @param presence what the history says
 * @param lostSince when it was found damaged or lost here, if it has not come back
 * @param memory   what happened to it, as far as that is remembered
 * @param place    where it lies, if it is here
 * @param fates    how the feeds stand with it, if it is here
 */
public record ArticleTrace(MessageId id, Presence presence, Optional<Instant> lostSince,
        Memory memory, Optional<ArticlePlace> place, List<FeedFate> fates) {

    /**
     * The part of it that such a client may know. Only of an article that is here is it known in
     * which groups it is, so of others who may not read all groups is told nothing.
     */
    public ArticleTrace seenBy(Rights rights) {
        if (rights.seesAll()) {
            return this;
        }
        if (place.isEmpty() || place.get().numbers().keySet().stream().noneMatch(rights::sees)) {
            return new ArticleTrace(id, Presence.UNKNOWN, Optional.empty(),
                    new Memory(List.of(), List.of(), memory.reachesBackTo()), Optional.empty(),
                    List.of());
        }
        Map<String, Long> numbers = new LinkedHashMap<>(place.get().numbers());
        numbers.keySet().removeIf(group -> !rights.sees(group));
        return new ArticleTrace(id, presence, lostSince, memory,
                Optional.of(place.get().with(numbers)), fates);
    }

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
