package net.spillway.relay.session;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What a session owes the others for doing what no sound peer does: it has to wait for so long, and
 * each time it had to, for twice as long from then on, until an article of its is stored; with each
 * second without such a deed, for half as long again. So whoever goes on with nothing else costs the
 * relay little, and whoever now and then sends an article that is no good waits a moment. Safe for
 * use by many threads.
 */
public final class Patience {
    /** An offer beyond thousands that were made before it, wanted, and never sent. */
    public static final long LAPSED_OFFER_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    /** An article that nobody could take, or another than was offered. */
    public static final long UNSOUND_ARTICLE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Below that it is not worth waiting. */
    private static final long WORTH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long BETTERED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int MOST_DOUBLED = 3;

    private final LongSupplier nanoTime;
    private long owed;
    /** How often it had to wait, so that it waits for twice as long the next time. */
    private int doubled;
    private long lastAt;

    Patience() {
        this(System::nanoTime);
    }

    Patience(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastAt = nanoTime.getAsLong();
    }

    /** It owes that much more, or a multiple of it. */
    public synchronized void spend(long nanos) {
        long now = nanoTime.getAsLong();
        long quiet = (now - lastAt) / BETTERED_NANOS;
        doubled = (int) Math.max(0, doubled - quiet);
        lastAt = now;
        owed += nanos << doubled;
    }

    /** An article of its was taken. */
    public synchronized void makeUp() {
        doubled = 0;
    }

    /**
     * How long it has to wait now, after which it owes nothing; 0 if that is not worth it yet.
     *
     * @param forOthers whether anybody is there who would wait for it; else it need not
     */
    synchronized long due(boolean forOthers) {
        if (owed < WORTH_NANOS) {
            return 0;
        }
        long due = forOthers ? owed : 0;
        owed = 0;
        if (forOthers) {
            doubled = Math.min(MOST_DOUBLED, doubled + 1);
        }
        return due;
    }
}
