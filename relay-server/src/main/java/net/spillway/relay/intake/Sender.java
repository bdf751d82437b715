package net.spillway.relay.intake;

import net.spillway.conf.PeerConfig;

/**
 * Which peer sends an article.
 *
 * @param host the address it comes from
 */
public record Sender(PeerConfig peer, String host) {
}
