package net.spillway.relay;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Goes on only when it is told to, so that no test depends on how fast the machine is. */
public final class StandingClock extends Clock {
    private volatile Instant now;

    public StandingClock(Instant now) {
        this.now = now;
    }

    /** From now on it is so much later. */
    public void pass(Duration time) {
        now = now.plus(time);
    }

    /** The same in milliseconds. */
    public void pass(long millis) {
        pass(Duration.ofMillis(millis));
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return now;
    }
}
