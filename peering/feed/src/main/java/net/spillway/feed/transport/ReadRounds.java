package net.spillway.feed.transport;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Whose turn it is to be read in a round of a loop: all those that are soon done, and one of those
 * that keep it busy, these by turns. However many of them there are, nobody else waits for more
 * than one. Belongs to the loop's thread.
 */
final class ReadRounds {
    /** Those that wait for a later round. */
    private final Deque<ReadShare> waiting = new ArrayDeque<>();
    private boolean given;

    /** A round begins. */
    void begin() {
        if (!given && !waiting.isEmpty()) {
            // The first had nothing to be read, or is gone: it must not keep the others waiting.
            waiting.poll().waits = false;
        }
        given = false;
    }

    /** Whether this one, of which something can be read, has its turn in this round. */
    boolean mayRead(ReadShare share) {
        if (!share.isReduced()) {
            return true;
        }
        if (!share.waits) {
            share.waits = true;
            waiting.add(share);
        }
        if (given || waiting.peek() != share) {
            return false;
        }
        given = true;
        waiting.poll().waits = false;
        return true;
    }
}
