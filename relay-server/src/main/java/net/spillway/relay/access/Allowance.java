package net.spillway.relay.access;

import java.time.Clock;
import java.util.Optional;
import net.spillway.conf.RuleLimits;

/**
 * What one user (or one address, of those who have not logged in) has used up of its limits. All
 * of its connections share it. Safe for use by many threads.
 */
public final class Allowance {
    /** Counts nothing and refuses nothing: for who is not let in, and hears so. */
    public static final Allowance NONE = new Allowance(RuleLimits.NONE, Clock.systemUTC());

    private static final long HOUR_MILLIS = 3_600_000;
    /** So much may be sent at once before the rate holds, in milliseconds of it. */
    private static final long BURST_MILLIS = 250;

    private final RuleLimits limits;
    private final Clock clock;
    private int connections;
    private long hourBegan;
    private int posts;
    private long octets;
    /** When what has been sent would have been sent at the rate that is allowed. */
    private double sentUntil;

    Allowance(RuleLimits limits, Clock clock) {
        this.limits = limits;
        this.clock = clock;
        this.hourBegan = clock.millis();
    }

    /** Counts one more connection; false if that is too many, and then it counts not. */
    synchronized boolean enter() {
        if (connections >= limits.connections()) {
            return false;
        }
        connections++;
        return true;
    }

    synchronized void leave() {
        connections--;
    }

    /** Whether nobody is connected who shares it. */
    synchronized boolean isUnused() {
        return connections == 0;
    }

    /** Whether nothing is lost if this is forgotten. */
    synchronized boolean isIdle() {
        return isUnused() && clock.millis() - hourBegan > HOUR_MILLIS;
    }

    /** Why no article may be posted now; empty if one may. */
    public synchronized Optional<String> postingRefusal() {
        beginHourIfDue();
        if (posts >= limits.postsPerHour()) {
            return Optional.of("no more than " + limits.postsPerHour()
                    + " articles an hour may be posted; try again later");
        }
        return trafficRefusal();
    }

    /** Why nothing more is sent now; empty if something is. */
    public synchronized Optional<String> trafficRefusal() {
        beginHourIfDue();
        return octets < limits.bytesPerHour() ? Optional.empty()
                : Optional.of("the " + limits.bytesPerHour()
                        + " octets of this hour are used up; try again later");
    }

    /** An article was posted, of so many octets. */
    public synchronized void posted(long size) {
        beginHourIfDue();
        posts++;
        octets += size;
    }

    /** So many octets are sent. */
    public synchronized void sent(long size) {
        beginHourIfDue();
        octets += size;
        if (isPaced()) {
            sentUntil = Math.max(sentUntil, clock.millis())
                    + size * 1000.0 / limits.bytesPerSecond();
        }
    }

    /** How long to wait before more is sent, in milliseconds; 0 if not. */
    public long waitMillis() {
        if (!isPaced()) {
            return 0;
        }
        synchronized (this) {
            return (long) Math.max(0, Math.ceil(sentUntil - clock.millis() - BURST_MILLIS));
        }
    }

    /** Whether anything is counted but connections and posts. */
    public boolean countsTraffic() {
        return isPaced() || limits.bytesPerHour() != Long.MAX_VALUE;
    }

    private boolean isPaced() {
        return limits.bytesPerSecond() != Long.MAX_VALUE;
    }

    private void beginHourIfDue() {
        long now = clock.millis();
        if (now - hourBegan >= HOUR_MILLIS) {
            hourBegan = now;
            posts = 0;
            octets = 0;
        }
    }
}
