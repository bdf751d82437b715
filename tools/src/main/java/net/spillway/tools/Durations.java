package net.spillway.tools;

import java.time.Duration;

/**
 * Arithmetic of {@link Duration} in nanoseconds, up to some 292 years. Its own counts in {@code
 * BigDecimal}, which computes 5 to the power of 65,536 before anything else: a tenth of what a
 * small post takes.
 */
public final class Durations {
    private Durations() {}

    /** So many times as long. */
    public static Duration times(Duration d, int factor) {
        return Duration.ofNanos(Math.multiplyExact(d.toNanos(), factor));
    }

    /** An equal share. */
    public static Duration dividedBy(Duration d, int parts) {
        return Duration.ofNanos(d.toNanos() / parts);
    }

    /** Twice as long, but no longer than {@code longest}. */
    public static Duration doubled(Duration d, Duration longest) {
        Duration twice = times(d, 2);
        return twice.compareTo(longest) > 0 ? longest : twice;
    }
}
