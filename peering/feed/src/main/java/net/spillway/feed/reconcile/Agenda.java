package net.spillway.feed.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * When a peer is compared with, and how far back: every quarter of an hour for the last two hours,
 * once a night for a week, and after each time it could not be reached. Plain: time is handed in.
 */
public final class Agenda {
    static final Duration SHORT_EVERY = Duration.ofMinutes(15);
    static final Duration SHORT_BACK = Duration.ofHours(2);
    static final Duration LONG_BACK = Duration.ofDays(7);
    /** A connection that comes back sooner has lost nothing: the feed itself goes on. */
    static final Duration OUTAGE = Duration.ofSeconds(30);
    /** After a failure. */
    static final Duration RETRY = Duration.ofMinutes(5);
    private static final LocalTime NIGHT = LocalTime.of(2, 0);

    private final Duration jitter;
    private Instant nextShort;
    private Instant nextLong;
    private Instant notBefore = Instant.MIN;
    private Optional<Instant> awaySince = Optional.empty();
    private Optional<Instant> outage;

    /**
     * @param began when the relay started: before, it was away itself
     * @param jitter this peer's share of the time, up to {@link #SHORT_EVERY}, so that not all are
     *     compared with at once
     */
    public Agenda(Instant began, Duration jitter) {
        this.jitter = jitter;
        this.nextShort = began.plus(SHORT_EVERY).plus(jitter);
        this.nextLong = night(began);
        this.outage = Optional.of(began);
    }

    private Instant night(Instant after) {
        Instant tonight = after.atZone(ZoneOffset.UTC).toLocalDate().atTime(NIGHT)
                .toInstant(ZoneOffset.UTC).plus(jitter.multipliedBy(8));
        return tonight.isAfter(after) ? tonight : tonight.plus(Duration.ofDays(1));
    }

    /**
     * Looks whether it is time.
     *
     * @param connected whether the peer can be reached
     * @param through whether its feed has offered all that is to be compared; asked only when it
     *     is time
     * @return from when on articles are to be compared
     */
    public Optional<Instant> due(Instant now, boolean connected, BooleanSupplier through) {
        if (!connected) {
            awaySince = Optional.of(awaySince.orElse(now));
            return Optional.empty();
        }
        awaySince.filter(since -> Duration.between(since, now).compareTo(OUTAGE) >= 0)
                .ifPresent(since -> outage = Optional.of(outage.filter(since::isAfter)
                        .orElse(since)));
        awaySince = Optional.empty();
        if (now.isBefore(notBefore)) {
            return Optional.empty();
        }
        return from(now).filter(from -> through.getAsBoolean());
    }

    private Optional<Instant> from(Instant now) {
        if (!now.isBefore(nextLong)) {
            return Optional.of(now.minus(LONG_BACK));
        }
        return outage.or(() -> now.isBefore(nextShort) ? Optional.empty() : Optional.of(now))
                .map(since -> since.minus(SHORT_BACK));
    }

    /** A week is to be compared as soon as may be. */
    void longNow(Instant now) {
        nextLong = now;
    }

    /** What was due has been done. */
    public void done(Instant now) {
        if (!now.isBefore(nextLong)) {
            nextLong = night(now);
        }
        outage = Optional.empty();
        nextShort = now.plus(SHORT_EVERY);
    }

    /** It failed: it stays due, but not at once. */
    public void failed(Instant now) {
        notBefore = now.plus(RETRY);
    }
}
