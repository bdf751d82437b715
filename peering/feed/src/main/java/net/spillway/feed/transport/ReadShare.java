package net.spillway.feed.transport;

/**
 * How much of one connection is read at once. All connections of a loop have their turns one after
 * the other, so of whoever floods it with what takes long to answer less is read in a turn, and the
 * others wait less for theirs. What is written is no concern of it. Belongs to the loop's thread.
 */
final class ReadShare {
    /** So long a turn may take; some hundreds of CHECKs. */
    private static final long TURN_NANOS = 1_000_000;
    /** Less would cost more for the calls than it brings. */
    static final int LEAST_OCTETS = 16 * 1024;

    /** So many short turns on end, of however little, and it is trusted with more again. */
    private static final int SHORT_TURNS = 8;

    private final int most;
    private int share;
    private int shortTurns;
    /** Belongs to {@link ReadRounds}. */
    boolean waits;

    /** @param most octets, which it begins with */
    ReadShare(int most) {
        this.most = most;
        this.share = most;
    }

    /** How much to read now, at most. */
    int octets(int limit) {
        return Math.min(share, limit);
    }

    /** Whether less is read than could be, since it keeps the loop busy. */
    boolean isReduced() {
        return share < most;
    }

    /** So much was read, and kept the loop so long. */
    void took(int octets, long nanos) {
        if (nanos >= TURN_NANOS / 2) {
            shortTurns = 0;
            if (nanos > TURN_NANOS && octets >= LEAST_OCTETS) {
                share = Math.max(LEAST_OCTETS, octets / 2);
            }
        } else if (octets >= share || ++shortTurns == SHORT_TURNS) {
            shortTurns = 0;
            share = Math.min(most, 2 * share);
        }
    }
}
