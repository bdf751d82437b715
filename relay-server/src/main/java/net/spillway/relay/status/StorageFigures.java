package net.spillway.relay.status;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import net.spillway.conf.Retention;
import net.spillway.spool.StorageStats;

/**
 * A storage class, its disk, and how far back it reaches.
 *
 * @param stats  what the spool says of it
 * @param keep   what the configuration says
 * @param disk   the file system its folder lies on, or ""
 * @param free   octets that can be written to that; empty if it does not tell
 * @param total  octets of the file system
 */
public record StorageFigures(StorageStats stats, Retention keep, String disk, OptionalLong free,
        OptionalLong total) {

    /** How old its oldest article is: so far back readers can go. */
    public Optional<Duration> reach(Instant now) {
        return stats.oldest().map(oldest -> Duration.between(oldest, now))
                .filter(age -> !age.isNegative());
    }
}
