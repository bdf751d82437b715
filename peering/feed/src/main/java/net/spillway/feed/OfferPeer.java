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

    private final String name;
    private final OfferProbes probes;
    private final Longest silence = new Longest();
    private final Longest took = new Longest();
    private long heardAt;
    /** Whether another had one of its turns since it was heard. */
    private boolean suspected;
    /** When it has been silent for so long, that one was much faster. */
    private long hangsAfter = Long.MAX_VALUE;

    /** @param probes is told if it goes on though it was suspected */
    OfferPeer(String name, OfferProbes probes) {
        this.name = name;
        this.probes = probes;
    }

    String name() {
        return name;
    }

    /** It went on after so long. */
    void wasSilentFor(long millis, long now) {
        silence.see(millis, now);
    }

    /** An article came, so long after it was granted. */
    void took(long millis, long now) {
        took.see(millis, now);
    }

    /** Something has come from it, on any of its sessions. */
    void heard(long now) {
        if (suspected) {
            probes.wasWrong(this, now - heardAt, now);
        }
        suspected = false;
        hangsAfter = Long.MAX_VALUE;
        heardAt = now;
    }

    /** For how long nothing has come from it since then. */
    long silence(long since, long now) {
        return now - Math.max(since, heardAt);
    }

    void isSuspected() {
        suspected = true;
    }

    /** Whoever had one of its turns has used it: that is odd if this one is silent for so long. */
    void wasOvertaken(long silence) {
        if (suspected) {
            hangsAfter = Math.min(hangsAfter, silence);
        }
    }

    /** Its last session is over: whoever suspected it was right. */
    void isGone(long now) {
        if (suspected) {
            probes.wasRight(now);
        }
        suspected = false;
        hangsAfter = Long.MAX_VALUE;
    }

    boolean hangs(long now) {
        return now - heardAt >= hangsAfter;
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
