package net.spillway.feed;

import java.time.Instant;
import java.util.Optional;

/**
 * What a feed says of itself. Counters begin at zero when the relay starts.
 *
 * @param peer the peer's name
 * @param address where it is fed, as in the configuration
 * @param state the best of its connections
 * @param connections how many connections are open and past the greeting
 * @param cursor the highest sequence number up to which everything is settled or in the list of
 *     deferred articles
 * @param lag how many sequence numbers the cursor is behind the log
 * @param offered articles offered, by CHECK, IHAVE or a TAKETHIS without CHECK
 * @param accepted articles the peer took (239, 235)
 * @param refused offers it did not want (438, 435)
 * @param rejected articles it was sent and did not take (439, 437)
 * @param deferred how often it asked to come again (431, 436, or 400 with articles outstanding)
 * @param waiting deferred articles below the cursor that are not settled yet
 * @param again articles found lacking there that have yet to be offered again
 * @param bytes octets of the articles it took
 * @param lastError what went wrong last, in words; stays when things are well again
 * @param lastErrorAt when that was
 * @param connectedSince since when at least one connection has been past its greeting
 * @param disconnectedSince since when none has been; empty if one is
 */
public record FeedStatus(
        String peer,
        String address,
        FeedState state,
        int connections,
        long cursor,
        long lag,
        long offered,
        long accepted,
        long refused,
        long rejected,
        long deferred,
        int waiting,
        int again,
        long bytes,
        Optional<String> lastError,
        Optional<Instant> lastErrorAt,
        Optional<Instant> connectedSince,
        Optional<Instant> disconnectedSince) {
}
