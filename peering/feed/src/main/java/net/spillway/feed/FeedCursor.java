package net.spillway.feed;

import java.util.TreeSet;
import net.spillway.spool.FeedPosition;

/**
 * Keeps count of what of the log is settled for one peer. What is saved is one number, below which
 * everything is settled, and the exceptions: articles the peer put off, which must not hold up the
 * rest. The list of exceptions is bounded; an article for which there is no room in it holds up
 * the number instead, so nothing is ever lost.
 */
final class FeedCursor {
    private final int maxDeferred;
    private final TreeSet<Long> open = new TreeSet<>();
    private final TreeSet<Long> deferred = new TreeSet<>();
    private long scanned;

    FeedCursor(FeedPosition start, int maxDeferred) {
        this.maxDeferred = maxDeferred;
        this.scanned = start.cursor();
        for (long sequence : start.deferred()) {
            deferred.add(sequence);
        }
    }

    /** The highest sequence number read from the log. */
    long scanned() {
        return scanned;
    }

    /** Everything up to here has been read; what was not opened is of no concern to the peer. */
    void scannedTo(long sequence) {
        scanned = Math.max(scanned, sequence);
    }

    /** An article has been read that the peer is to be offered. */
    void open(long sequence) {
        scannedTo(sequence);
        open.add(sequence);
    }

    /** Whether an article that was settled can be offered again: it goes to the list. */
    boolean reopen(long sequence) {
        return deferred.size() < maxDeferred && deferred.add(sequence);
    }

    /** Whether an article is not read, or not settled. */
    boolean isPending(long sequence) {
        return sequence > scanned || open.contains(sequence) || deferred.contains(sequence);
    }

    /** The peer has it, or doesn't want it, or it is gone. */
    void settle(long sequence) {
        if (!open.remove(sequence)) {
            deferred.remove(sequence);
        }
    }

    /** The peer put it off: it goes to the list if there is room. */
    void defer(long sequence) {
        if (deferred.size() < maxDeferred && open.remove(sequence)) {
            deferred.add(sequence);
        }
    }

    /** How many articles hold up the cursor. */
    int openCount() {
        return open.size();
    }

    /** How many articles are in the list of deferred ones. */
    int deferredCount() {
        return deferred.size();
    }

    /** The highest sequence number up to which everything is settled or deferred. */
    long cursor() {
        return open.isEmpty() ? scanned : open.first() - 1;
    }

    /** What to save. */
    FeedPosition position() {
        return new FeedPosition(
                cursor(), deferred.stream().mapToLong(Long::longValue).toArray());
    }
}
