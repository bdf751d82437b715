package net.spillway.feed;

import java.time.Duration;

/**
 * Times and bounds of a feed.
 *
 * @param replyTimeout a connection on which nothing moves for so long, though an answer is due, is
 *     given up
 * @param reconnectFirst the wait after the first failure of a connection
 * @param reconnectMax the longest wait between attempts, and the wait after a refusal
 * @param retryFirst when a deferred article is offered again for the first time
 * @param retryMax the longest wait between two offers of a deferred article
 * @param saveEvery how often the position is saved, if it changed
 * @param drain how long a stop waits for answers to what is on the wire
 * @param maxDeferred the longest list of deferred articles; when it is full, the cursor waits
 * @param maxOpen the most articles read from the log and not settled
 */
record FeedTuning(
        Duration replyTimeout,
        Duration reconnectFirst,
        Duration reconnectMax,
        Duration retryFirst,
        Duration retryMax,
        Duration saveEvery,
        Duration drain,
        int maxDeferred,
        int maxOpen) {

    /** What a relay uses. The first retry is short: a peer's other source may just have failed. */
    static final FeedTuning DEFAULT = new FeedTuning(
            Duration.ofSeconds(60),
            Duration.ofMillis(100),
            Duration.ofSeconds(60),
            Duration.ofMillis(500),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            10_000,
            8_192);
}
