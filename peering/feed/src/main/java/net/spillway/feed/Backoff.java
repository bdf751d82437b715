package net.spillway.feed;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: each failure doubles the time, up to a bound, and the
 * time is varied by up to a half, so that the peers of a relay that comes back don't all knock at
 * once.
 */
final class Backoff {
    private final long firstMillis;
    private final long maxMillis;
    private final RandomGenerator random;
    private long nextMillis;

    Backoff(Duration first, Duration max, RandomGenerator random) {
        this.firstMillis = Math.max(1, first.toMillis());
        this.maxMillis = Math.max(firstMillis, max.toMillis());
        this.random = random;
        this.nextMillis = firstMillis;
    }

    /** The time to wait after one more failure, in milliseconds. */
    long afterFailure() {
        long wait = nextMillis;
        nextMillis = Math.min(maxMillis, nextMillis * 2);
        return vary(wait);
    }

    /** The time to wait after a refusal that will hardly change by itself. */
    long afterRefusal() {
        nextMillis = maxMillis;
        return vary(maxMillis);
    }

    /** The peer has been of use: start small again. */
    void reset() {
        nextMillis = firstMillis;
    }

    private long vary(long millis) {
        return millis / 2 + random.nextLong(millis - millis / 2 + 1);
    }
}
