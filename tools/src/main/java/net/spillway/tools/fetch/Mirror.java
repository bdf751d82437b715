package net.spillway.tools.fetch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.client.NntpException;

/**
 * A mirror's health and its account. The {@link MirrorSet}'s lock guards it.
 *
 * <p>A mirror that fails backs off, longer each time. After some failures in a row it is given up:
 * nobody waits for it any more, though it is still tried as long as there is work. One that never
 * answered is given up sooner than one that did.
 */
final class Mirror {
    private static final long FIRST_BACK_OFF_MS = 150;
    private static final long LONGEST_BACK_OFF_MS = 10_000;
    private static final long SILENCE = TimeUnit.SECONDS.toNanos(3);
    /** What an article on one of several connections takes where lines are good. */
    private static final long ARTICLE_FROM_AFAR = TimeUnit.MILLISECONDS.toNanos(12);
    private static final int LEAST_DEPTH = 2;
    private static final int MOST_DEPTH = 10;
    private static final int FAILURES_OF_STRANGER = 2;
    private static final int FAILURES_OF_FRIEND = 5;

    /** How far asking it about all articles at once has come. */
    enum Survey {
        /** Nobody wants to know. */
        NONE,
        WANTED,
        RUNNING,
        DONE,
        /** It does not answer such questions, or broke off time and again. */
        IMPOSSIBLE
    }

    final MirrorSpec spec;
    final ServerAddress address;
    final int index;
    Survey survey = Survey.NONE;
    long surveyedAt;
    int surveyFailures;
    /** Articles it said at once that it doesn't have. */
    long absent;
    /** Requests it owes an answer to. */
    int inFlight;
    long lastReply = System.nanoTime();
    int openConnections;
    long articles;
    long misses;
    long corrupt;
    long failures;
    String lastError = "";
    /** Seconds an article takes on one connection when requests are pipelined; 0 if unknown. */
    double secondsPerArticle;
    /** Nanoseconds of the shortest round trip seen; 0 if none was. */
    private long roundTrip;
    /** Octets it sent; counted without the lock. */
    final LongAdder bytes = new LongAdder();
    private int failuresInRow;
    private boolean answered;
    private boolean refuses;
    private long notBefore = System.nanoTime();

    /** @param index position among the mirrors, 0 to 63 */
    Mirror(MirrorSpec spec, int index) {
        this.spec = spec;
        this.address = spec.address();
        this.index = index;
    }

    /** Its bit in {@link Wanted#denied}. */
    long bit() {
        return 1L << index;
    }

    /** Nanoseconds until it may be connected to again; 0 or less if it may. */
    long backOff(long now) {
        return notBefore - now;
    }

    boolean isGivenUp() {
        int allowed = spec.optional() ? 1 : answered ? FAILURES_OF_FRIEND : FAILURES_OF_STRANGER;
        return failuresInRow >= allowed;
    }

    /** It owes something and has been silent for so long that others had better not wait. */
    boolean isSilent(long now) {
        return inFlight > 0 && now - lastReply > SILENCE;
    }

    /** Whether it is still worth waiting for what it may have to say of articles. */
    boolean isBeingSurveyed() {
        return (survey == Survey.WANTED || survey == Survey.RUNNING) && !isGivenUp();
    }

    /** Whether it is given up for a reason that time doesn't change, such as a wrong login. */
    boolean isShut() {
        return refuses && isGivenUp();
    }

    /** It answered a request, with an article or with a plain no. */
    void answered() {
        refuses = false;
        answered = true;
        failuresInRow = 0;
        lastReply = System.nanoTime();
    }

    /** A connection was refused, cut, stalled, or answered nonsense. */
    void failed(NntpException why) {
        failures++;
        if (!isShut() || why.isFinal()) {
            lastError = why.getMessage();
        }
        long now = System.nanoTime();
        if (now < notBefore) {
            return; // Another connection told of the same trouble.
        }
        long back = isAboutLogin(why) ? LONGEST_BACK_OFF_MS : Math.min(
                LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS << Math.min(20, failuresInRow));
        refuses = why.isFinal();
        failuresInRow = isAboutLogin(why) ? FAILURES_OF_FRIEND : failuresInRow + 1;
        notBefore = now + TimeUnit.MILLISECONDS.toNanos(back);
    }

    /** A wrong login is no better the next time; servers slow down those who try it again. */
    private static boolean isAboutLogin(NntpException why) {
        return why instanceof NntpException.Refused refused && refused.code() == 481;
    }

    /**
     * How many requests a connection should have under way: about what half a second brings. As long
     * as that is not known, so many that a swift mirror far away is not idle for a round trip.
     */
    int depth() {
        return secondsPerArticle == 0
                ? (int) Math.clamp(roundTrip / ARTICLE_FROM_AFAR, LEAST_DEPTH, MOST_DEPTH)
                : (int) Math.clamp(Math.ceil(0.5 / secondsPerArticle), LEAST_DEPTH, MOST_DEPTH);
    }

    /** The shortest counts: others may have been longer because we were busy. */
    void tookRoundTrip(long nanos) {
        roundTrip = roundTrip == 0 ? nanos : Math.min(roundTrip, nanos);
    }

    /** Nanoseconds of the shortest round trip seen; 0 if none was. */
    long roundTrip() {
        return roundTrip;
    }

    /** @param seconds nothing is learnt from 0 or less: the way was shorter than was thought */
    void tookSeconds(double seconds) {
        if (seconds > 0) {
            secondsPerArticle = secondsPerArticle == 0 ? seconds
                    : 0.8 * secondsPerArticle + 0.2 * seconds;
        }
    }

    MirrorReport report() {
        return new MirrorReport(
                address.toString(), spec.level(), articles, bytes.sum(), absent, misses, corrupt,
                failures, lastError);
    }
}
