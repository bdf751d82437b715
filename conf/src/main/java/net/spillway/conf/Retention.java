package net.spillway.conf;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long articles are kept. Whole segments go, so that a little more than this is kept.
 *
 * @param maxAge articles older than this (by arrival) are dropped; empty: never
 * @param maxBytes the oldest segments are dropped when all take more; empty: no limit
 * @param minAge articles younger than this are not dropped for {@code maxBytes}
 */
public record Retention(Optional<Duration> maxAge, OptionalLong maxBytes, Duration minAge) {
    /** Everything is kept. */
    public static final Retention FOREVER =
            new Retention(Optional.empty(), OptionalLong.empty(), Duration.ZERO);

    /** Who keeps longer comes later: by age, then by octets, then by what is kept at least. */
    public static final Comparator<Retention> BY_LENGTH =
            Comparator.<Retention, Duration>comparing(
                            keep -> keep.maxAge().orElse(Duration.ofSeconds(Long.MAX_VALUE)))
                    .thenComparing(keep -> keep.maxBytes().orElse(Long.MAX_VALUE))
                    .thenComparing(Retention::minAge);
}
