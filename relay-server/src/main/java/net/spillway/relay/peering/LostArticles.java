package net.spillway.relay.peering;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import net.spillway.conf.PeerConfig;
import net.spillway.feed.reconcile.PeerTalk;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Articles that were found damaged here: asks one peer after the other to offer them again. They
 * come over its ordinary feed.
 */
final class LostArticles {
    private static final Logger LOG = LoggerFactory.getLogger(LostArticles.class);
    private static final int MAX_WAITING = 10_000;
    private static final int AT_ONCE = 100;
    /** Peers that are away may be back then. */
    private static final int PATIENCE_STEPS = 600;

    private final Joining.Caller caller;
    private final Consumer<MessageId> willCome;
    private final Set<MessageId> waiting = new LinkedHashSet<>();
    private int rest;

    /** @param willCome is told before an article is asked for */
    LostArticles(Joining.Caller caller, Consumer<MessageId> willCome) {
        this.caller = caller;
        this.willCome = willCome;
    }

    synchronized void add(MessageId id) {
        if (waiting.size() < MAX_WAITING) {
            waiting.add(id);
            rest = 0;
        }
    }

    private synchronized List<MessageId> some() {
        if (waiting.isEmpty() || rest-- > 0) {
            return List.of();
        }
        return waiting.stream().limit(AT_ONCE).toList();
    }

    /** Asks these peers for what is lost; what nobody has is asked for again later. */
    void step(List<PeerConfig> peers) {
        List<MessageId> open = new ArrayList<>(some());
        if (open.isEmpty()) {
            return;
        }
        for (PeerConfig peer : peers) {
            if (peer.address().isPresent() && !open.isEmpty()) {
                ask(peer, open);
            }
        }
        synchronized (this) {
            if (!open.isEmpty()) {
                LOG.warn("no peer has {} of the articles that were damaged here, such as {}",
                        open.size(), open.getFirst());
                rest = PATIENCE_STEPS;
            }
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
                    synchronized (this) {
                        waiting.remove(id);
                    }
                } else if (reply.code() / 100 == 5) {
                    return; // No Spillway, or it does not know us.
                }
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be asked for lost articles: {}", peer.name(), e.getMessage());
        }
    }

    /** How many are asked for. */
    synchronized int size() {
        return waiting.size();
    }
}
