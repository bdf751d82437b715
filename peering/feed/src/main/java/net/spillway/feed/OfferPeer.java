package net.spillway.feed;

/**
 * What is known of a peer that offers, of all its sessions together: how long it was silent at most
 * and went on, and how long its articles took to come. What is older than a minute is forgotten.
 */
final class OfferPeer {
    private static final long REMEMBERED_MILLIS = 60_000;

    /** The longest of some times, and when it was seen. */
    private static final class Longest {
        private long millis;
        private long seenAt;

        void see(long time, long now) {
            if (time >= of(now)) {
                millis = time;
                seenAt = now;
            }
        }

        long of(long now) {
            return now - seenAt < REMEMBERED_MILLIS ? millis : 0;
        }
    }

    private final Longest silence = new Longest();
    private final Longest took = new Longest();
    private long heardAt;

    /** It went on after so long. */
    void wasSilentFor(long millis, long now) {
        silence.see(millis, now);
    }

    /** An article came, so long after it was granted. */
    void took(long millis, long now) {
        took.see(millis, now);
    }

    void heard(long now) {
        heardAt = now;
    }

    long longestSilence(long now) {
        return silence.of(now);
    }

    long longestTook(long now) {
        return took.of(now);
    }

    /** Whether nothing is known of it any more. */
    boolean isForgotten(long now) {
        return now - heardAt >= REMEMBERED_MILLIS;
    }
}
