package net.spillway.relay.peering;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.spillway.conf.PeerConfig;
import net.spillway.feed.reconcile.PeerTalk;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Articles that were found damaged here: asks one peer after the other to offer them again, until
 * they are here. They come over its ordinary feed. The spool remembers which they are when the
 * relay starts anew.
 */
final class LostArticles {
    private static final Logger LOG = LoggerFactory.getLogger(LostArticles.class);
    private static final int MAX_WAITING = 10_000;
    private static final int AT_ONCE = 100;
    /** Peers that are away may be back then, and what one promised may not have come. */
    static final int PATIENCE_STEPS = 600;

    private final Joining.Caller caller;
    private final Consumer<MessageId> willCome;
    private final Predicate<MessageId> isKnown;
    /** With each the step in which to ask for it. */
    private final Map<MessageId, Integer> waiting = new LinkedHashMap<>();
    private int step;

    /**
     * Looks for none yet.
     *
     * @param willCome is told of each article that may be sent again
     * @param isKnown whether an article is here, or is not wanted any more
     */
    LostArticles(Joining.Caller caller, Consumer<MessageId> willCome,
            Predicate<MessageId> isKnown) {
        this.caller = caller;
        this.willCome = willCome;
        this.isKnown = isKnown;
    }

    synchronized void add(MessageId id) {
        if (waiting.size() < MAX_WAITING) {
            waiting.put(id, 0);
            willCome.accept(id);
        }
    }

    private synchronized List<MessageId> due() {
        step++;
        waiting.keySet().removeIf(isKnown);
        return waiting.entrySet().stream().filter(e -> e.getValue() <= step).limit(AT_ONCE)
                .map(Map.Entry::getKey).collect(Collectors.toCollection(ArrayList::new));
    }

    private synchronized void later(MessageId id) {
        waiting.computeIfPresent(id, (key, due) -> step + PATIENCE_STEPS);
    }

    /** Asks these peers for what is lost; what has not come is asked for again later. */
    void step(List<PeerConfig> peers) {
        List<MessageId> open = due();
        open.forEach(this::later);
        for (PeerConfig peer : peers) {
            if (peer.address().isPresent() && !open.isEmpty()) {
                ask(peer, open);
            }
        }
        if (!open.isEmpty()) {
            LOG.warn("no peer has {} of the articles that were damaged here, such as {}",
                    open.size(), open.getFirst());
        }
    }

    private void ask(PeerConfig peer, List<MessageId> open) {
        try (PeerTalk talk = caller.call(peer)) {
            for (MessageId id : List.copyOf(open)) {
                willCome.accept(id);
                Reply reply = talk.ask("XSPILLWAY WANT " + id.value());
                if (reply.code() / 100 == 2) {
                    LOG.info("{} was damaged here; {} offers it again", id, peer.name());
                    open.remove(id);
                } else if (reply.code() / 100 == 5) {
                    return; // No Spillway, or it does not know us.
                }
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be asked for lost articles: {}", peer.name(), e.getMessage());
        }
    }
}
