package net.spillway.spool;

import java.util.Arrays;

/**
 * How far a feed has come in the log. The arrays are not copied.
 *
 * @param cursor   every article up to and including this sequence is dealt with, but for
 * @param deferred these, which the peer wants to be offered again, in rising order
 */
public record FeedPosition(long cursor, long[] deferred) {
    /** More deferred articles than this are not kept: such a peer moves its cursor back. */
    public static final int MAX_DEFERRED = 100_000;
    /** Before the first article. */
    public static final FeedPosition START = new FeedPosition(0, new long[0]);

    /** Refuses negative cursors and too many deferred articles. */
    public FeedPosition {
        if (cursor < 0) {
            throw new IllegalArgumentException("a feed's cursor is 0 or more, not " + cursor);
        }
        if (deferred.length > MAX_DEFERRED) {
            throw new IllegalArgumentException("more than " + MAX_DEFERRED
                    + " deferred articles: " + deferred.length);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FeedPosition that && cursor == that.cursor
                && Arrays.equals(deferred, that.deferred);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(cursor) + Arrays.hashCode(deferred);
    }

    @Override
    public String toString() {
        return cursor + " and " + deferred.length + " deferred";
    }
}
