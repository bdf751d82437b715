package net.spillway.relay.trace;

import java.time.Instant;

/**
 * What a peer said to an article that it was offered.
 *
 * @param peer its name
 * @param reply code and text
 */
public record Said(Instant at, String peer, String reply) {
}
