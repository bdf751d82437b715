package net.spillway.relay.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what all connections together have sent that their sessions have not worked off. Each has
 * a bound of its own; but thousands that send and take no answers could reach it all at once. When
 * together they take too much, no more is read of any that has more than a little left. Safe for
 * use by many threads.
 */
final class UnreadInput {
    private static final int SHARE_OF_HEAP = 8;
    /** Some commands, or the next piece of an article: nobody comes to a standstill. */
    private static final long LITTLE = 16 * 1024;

    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    /** As much as is right for this process. */
    UnreadInput() {
        this(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /** @param limit octets that all of them may take */
    UnreadInput(long limit) {
        this.limit = limit;
    }

    /** A connection's unread input has grown by so much, or shrunk. */
    void add(long octets) {
        taken.addAndGet(octets);
    }

    /** How much one connection may have now that may otherwise have so much. */
    long allowed(long usually) {
        return taken.get() > limit ? Math.min(usually, LITTLE) : usually;
    }
}
