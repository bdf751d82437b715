package net.spillway.feed;

/**
 * How many offers may be open on a connection. It grows with the answers to what does well on any
 * short way; beyond that, to twice what the peer answers in a round trip, which on a long way
 * doubles it with each trip until something else than the window is the limit, and then stops.
 *
 * <p>The round trip is the shortest that the connection has seen: under load answers wait behind
 * articles, and a window that followed that would only make the queue longer. Times are
 * milliseconds.
 */
final class WindowSize {
    static final int FIRST = 32;
    /** Without looking at round trips. */
    static final int SHORT_WAY = 256;
    /** Half of what an {@link OfferTable} keeps for a session. */
    static final int MOST = 2048;

    private int size = FIRST;
    private long shortest = Long.MAX_VALUE;
    private long countingSince;
    private int counted;

    WindowSize(long now) {
        this.countingSince = now;
    }

    int size() {
        return size;
    }

    /** An offer made at that time has been answered. */
    void answered(long since, long now) {
        size = Math.max(size, Math.min(SHORT_WAY, size + 1));
        shortest = Math.min(shortest, Math.max(1, now - since));
        counted++;
        long elapsed = now - countingSince;
        if (elapsed >= shortest) {
            long inATrip = counted * shortest / elapsed;
            if (size >= SHORT_WAY) {
                size = (int) Math.clamp(2 * inATrip, SHORT_WAY, MOST);
            }
            counted = 0;
            countingSince = now;
        }
    }
}
