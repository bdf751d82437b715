package net.spillway.relay.session;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a session owes the others for doing what no sound peer does: it has to wait for so long.
 * Safe for use by many threads.
 */
public final class Patience {
    /** An offer beyond thousands that were made before it, wanted, and never sent. */
    public static final long LAPSED_OFFER_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    /** An article that nobody could take, or another than was offered. */
    public static final long UNSOUND_ARTICLE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Below that it is not worth waiting. */
    private static final long WORTH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final AtomicLong owed = new AtomicLong();

    /** It owes that much more. */
    public void spend(long nanos) {
        owed.addAndGet(nanos);
    }

    /** How long it has to wait now, after which it owes nothing; 0 if that is not worth it yet. */
    long due() {
        return owed.get() < WORTH_NANOS ? 0 : owed.getAndSet(0);
    }
}
