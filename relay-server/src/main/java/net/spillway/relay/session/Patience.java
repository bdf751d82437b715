package net.spillway.relay.session;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a session owes the others for doing what no sound peer does: it has to wait for so long, and
 * each time it had to, for twice as long from then on, until an article of its is taken. So whoever
 * goes on with nothing else costs the relay next to nothing, and whoever now and then sends an
 * article that is no good among others waits a moment. Safe for use by many threads.
 */
public final class Patience {
    /** An offer beyond thousands that were made before it, wanted, and never sent. */
    public static final long LAPSED_OFFER_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    /** An article that nobody could take, or another than was offered. */
    public static final long UNSOUND_ARTICLE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Below that it is not worth waiting. */
    private static final long WORTH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int MOST_TIMES = 32;

    private final AtomicLong owed = new AtomicLong();
    private volatile int times = 1;

    /** It owes that much more, or a multiple of it. */
    public void spend(long nanos) {
        owed.addAndGet(times * nanos);
    }

    /** An article of its was taken. */
    public void makeUp() {
        times = 1;
    }

    /** How long it has to wait now, after which it owes nothing; 0 if that is not worth it yet. */
    long due() {
        if (owed.get() < WORTH_NANOS) {
            return 0;
        }
        times = Math.min(MOST_TIMES, 2 * times);
        return owed.getAndSet(0);
    }
}
