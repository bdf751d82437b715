package net.spillway.relay.session;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Bounds what all the articles take together that have come in part. One connection cannot take
 * more than an article; but many of them could, by sending nearly all of one and then waiting.
 *
 * <p>When they take more than is borne, the one that has come slowest is given up, and so on: a
 * sender that goes on is never among them as long as one is there that stands still. What is over
 * the limit while those to be given up have not noticed yet is as much as is read at that moment.
 *
 * <p>Safe for use by many threads.
 */
public final class HalfSent {
    /** Of the heap; the rest is for what is being stored and for everything else. */
    private static final int SHARE_OF_HEAP = 4;
    /** Below this an article's pace says nothing, and giving it up helps nobody. */
    private static final long WORTH_OCTETS = 32 * 1024;
    /** Nobody is slow in so short a time. */
    private static final long GRACE_NANOS = 100_000_000;

    private final long limit;
    private final LongSupplier nanos;
    private final AtomicLong taken = new AtomicLong();
    private final Set<Share> shares = ConcurrentHashMap.newKeySet();

    /** As much as is right for this process. */
    public HalfSent() {
        this(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP, System::nanoTime);
    }

    /**
     * @param limit octets that all of them may take
     * @param nanos a clock that only goes forward
     */
    HalfSent(long limit, LongSupplier nanos) {
        this.limit = limit;
        this.nanos = nanos;
    }

    /** @param giveUp ends the session; called by any thread, and to return at once */
    Share share(Runnable giveUp) {
        return new Share(giveUp);
    }

    /** What they take, in octets. */
    long taken() {
        return taken.get();
    }

    private void giveUpSlowest() {
        long now = nanos.getAsLong();
        shares.stream()
                .filter(share -> !share.givenUp)
                .min(Comparator.comparingDouble(share -> share.pace(now)))
                .ifPresent(Share::giveUp);
    }

    /** One session's part. Its methods are called by one thread at a time. */
    final class Share {
        private final Runnable giveUp;
        private volatile long octets;
        private volatile long begun;
        private volatile boolean givenUp;

        private Share(Runnable giveUp) {
            this.giveUp = giveUp;
        }

        /** The unfinished article takes so much now; 0 if there is none. */
        void takes(long now) {
            long worth = now < WORTH_OCTETS ? 0 : now;
            long before = octets;
            if (worth == before) {
                return;
            }
            if (before == 0) {
                begun = nanos.getAsLong();
                shares.add(this);
            } else if (worth == 0) {
                shares.remove(this);
                givenUp = false;
            }
            octets = worth;
            long all = taken.addAndGet(worth - before);
            if (worth > before && all > limit && all - givenUp() > limit) {
                giveUpSlowest();
            }
        }

        /** Whether the article is to be given up; not if it has ended in the meantime. */
        boolean isGivenUp() {
            return givenUp;
        }

        private void giveUp() {
            givenUp = true;
            giveUp.run();
        }

        private double pace(long now) {
            return octets / (double) (now - begun + GRACE_NANOS);
        }
    }

    /** Octets that will be free in a moment. */
    private long givenUp() {
        return shares.stream().filter(share -> share.givenUp).mapToLong(s -> s.octets).sum();
    }
}
