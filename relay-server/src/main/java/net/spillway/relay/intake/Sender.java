package net.spillway.relay.intake;

import net.spillway.conf.PeerConfig;
import net.spillway.conf.Wildmat;

/**
 * Which peer sends an article.
 *
 * @param host the address it comes from
 * @param files the groups that its articles are filed in; what else they are posted to, they are
 *     not filed in
 */
public record Sender(PeerConfig peer, String host, Wildmat files) {

    /** A peer whose articles are filed in all their groups, as long as one of them is accepted. */
    public Sender(PeerConfig peer, String host) {
        this(peer, host, Wildmat.ALL);
    }
}
