package net.spillway.feed;

/**
 * Holds a feed to so many octets a second, over all its connections. An article is counted when it
 * is offered, and given back if the peer does not want it, so that what it does want goes out
 * without waiting. One thread. Times are milliseconds of any steady clock.
 */
final class Pace {
    /** How much may go out at once after a pause; more than the time between two looks. */
    private static final long BURST_MILLIS = 250;

    private final long bytesPerSecond;
    private double balance;
    private long counted;

    /** @param bytesPerSecond {@link Long#MAX_VALUE}: no limit */
    Pace(long bytesPerSecond, long now) {
        this.bytesPerSecond = bytesPerSecond;
        this.balance = burst();
        this.counted = now;
    }

    private double burst() {
        return bytesPerSecond / 1000.0 * BURST_MILLIS;
    }

    private boolean isLimited() {
        return bytesPerSecond != Long.MAX_VALUE;
    }

    /** Whether something may be offered now. */
    boolean allows(long now) {
        if (!isLimited()) {
            return true;
        }
        balance = Math.min(burst(), balance + (now - counted) / 1000.0 * bytesPerSecond);
        counted = now;
        return balance > 0;
    }

    /** An article of that length has been offered. */
    void spend(int octets) {
        balance -= octets;
    }

    /** It will not be sent after all. */
    void giveBack(int octets) {
        balance += octets;
    }
}
