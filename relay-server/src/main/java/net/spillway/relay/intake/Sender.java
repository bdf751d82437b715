package net.spillway.relay.intake;

import java.util.Optional;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.Wildmat;
import net.spillway.relay.trace.Origin;

/**
 * Which peer sends an article.
 *
 * @param origin its name, and the address it comes from
 * @param files the groups that its articles are filed in; what else they are posted to, they are
 *     not filed in
 * @param choices what {@link Intake#choices} said before the peer was looked up
 */
public record Sender(PeerConfig peer, Origin origin, Wildmat files, long choices) {
    /** @param host the address it comes from */
    public Sender(PeerConfig peer, String host, Wildmat files, long choices) {
        this(peer, new Origin(peer.name(), host, Optional.empty()), files, choices);
    }

    /** The address it comes from. */
    public String host() {
        return origin.host();
    }
}
