package net.spillway.feed;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a peer has yet to be offered, and why it does not take what it was offered.
 *
 * @param peer the peer's name
 * @param articles that it has not answered for good, those it asked to be offered later included
 * @param bytes octets of them on the wire
 * @param estimated whether there are so many that the rest was reckoned from the first of them
 * @param oldest when the oldest of them arrived here
 * @param refusals how often it gave which reason for not taking an article
 */
public record FeedBacklog(String peer, long articles, long bytes, boolean estimated,
        Optional<Instant> oldest, Map<String, Long> refusals) {
}
