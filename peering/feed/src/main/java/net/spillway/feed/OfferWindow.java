package net.spillway.feed;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import net.spillway.spool.FeedPosition;
import net.spillway.spool.LogEntry;

/**
 * What a peer is offered next, shared by all connections to it: an article is taken by one of them
 * and comes back settled, deferred or returned. Reads the log in small batches and keeps a bounded
 * number of offers in memory, however far behind the peer is.
 *
 * <p>Not safe for several threads: a feed has one. Times are milliseconds of any steady clock.
 */
final class OfferWindow {
    private static final int BATCH = 256;
    /** Below this many offers at hand the log is read further. */
    private static final int LOW_WATER = 512;

    /** So many retries a second at most: a full list of them has its turn within a second. */
    private static final int RETRIES_A_SECOND = 12_000;
    private static final long OTHERS_TURN_MILLIS = OfferTable.DEFAULT_TIME.toMillis();
    /** An answer that takes so long has waited for others on its way. */
    private static final long FULL_WAY_MILLIS = 250;
    /** One that takes so long comes by a way that stands still. */
    private static final long STANDING_WAY_MILLIS = 1000;
    /** Unless it does, we wait for two, then four times an answer's time, so as to have our turn. */
    private static final int MOST_DOUBLINGS = 2;
    /** When an article could not be read so often, it is decided about without. */
    private static final int MAX_READS = 10;
    private static final int MAX_DECLINED = 100_000;

    /**
     * @param attempts how often it was offered or, before that, could not be read
     * @param known the offer itself; empty if the article has not been read yet
     */
    private record Retry(long sequence, int attempts, long at, Optional<Offer> known) {
        Retry(long sequence) {
            this(sequence, 0, Long.MIN_VALUE, Optional.empty());
        }
    }

    private final FeedStore store;
    private final FeedPolicy policy;
    private final FeedCursor cursor;
    private final int maxOpen;
    private final long retryFirst;
    private final long retryMax;
    private final InstantSource clock;
    /** Before this nothing more of the log is due, in milliseconds of the clock. */
    private long dueAt = Long.MIN_VALUE;
    /** By sequence number, so that what comes back goes first. */
    private final TreeMap<Long, Offer> ready = new TreeMap<>();
    /** What the peer has asked for and is not settled; they are deferred ones, so they are few. */
    private final Set<Long> askedFor = new HashSet<>();
    private final PriorityQueue<Retry> retries =
            new PriorityQueue<>(Comparator.comparingLong(Retry::at));
    /** What is offered again because the peer lacks it, and is not settled. */
    private final Set<Long> lacked = new HashSet<>();
    /** Of that, what the peer did not want. Others read it. */
    private final Set<Long> declined = ConcurrentHashMap.newKeySet();
    private Optional<String> problem = Optional.empty();

    OfferWindow(FeedStore store, FeedPolicy policy, FeedPosition start, FeedTuning tuning,
            InstantSource clock) {
        this.store = store;
        this.policy = policy;
        this.cursor = new FeedCursor(notBeyond(store.committed(), start), tuning.maxDeferred());
        this.clock = clock;
        this.maxOpen = tuning.maxOpen();
        this.retryFirst = millis(tuning.retryFirst());
        this.retryMax = millis(tuning.retryMax());
        for (long sequence : start.deferred()) {
            retries.add(new Retry(sequence));
        }
    }

    /** A log that lost its end (fsync off, a crash) hands out the same numbers again. */
    private static FeedPosition notBeyond(long committed, FeedPosition start) {
        return start.cursor() <= committed
                ? start : new FeedPosition(committed, start.deferred());
    }

    private static long millis(Duration time) {
        return Math.max(1, time.toMillis());
    }

    /**
     * Fetches more offers if few are at hand: those whose time to be retried has come, then at
     * most one batch of the log.
     *
     * @return whether it got anywhere, so that it is worth calling again
     */
    boolean refill(long now) throws IOException {
        boolean progress = retryDue(now);
        if (ready.size() >= LOW_WATER || cursor.openCount() >= maxOpen) {
            return progress;
        }
        // In this order: what is committed now is in the batch, unless the batch is full.
        long committed = store.committed();
        if (committed <= cursor.scanned() || clock.millis() < dueAt) {
            return progress;
        }
        List<LogEntry> batch = store.log(cursor.scanned(), BATCH);
        for (LogEntry entry : batch) {
            if (!isDue(entry)) {
                return progress || entry != batch.getFirst();
            }
            admit(entry, now);
        }
        if (batch.size() < BATCH) {
            cursor.scannedTo(committed);
        }
        return true;
    }

    /** Whether an article has been here long enough for a feed with a delay. */
    private boolean isDue(LogEntry entry) {
        Duration delay = policy.feed().delay();
        if (delay.isZero()) {
            return true;
        }
        dueAt = entry.arrival().plus(delay).toEpochMilli();
        return dueAt <= clock.millis();
    }

    private boolean isForPeer(LogEntry entry) throws IOException {
        return policy.decide(entry, store::allGroups) == FeedPolicy.Verdict.OFFER;
    }

    private boolean mayGo(LogEntry entry) throws IOException {
        return isForPeer(askedFor.contains(entry.sequence()) ? entry.fromNobody() : entry);
    }

    /** One that cannot be read must not hold up those behind it: it is tried again later. */
    private void admit(LogEntry entry, long now) {
        try {
            if (isForPeer(entry)) {
                cursor.open(entry.sequence());
                ready.put(entry.sequence(), offer(entry, 0));
            } else {
                cursor.scannedTo(entry.sequence());
            }
        } catch (IOException | RuntimeException e) {
            cursor.open(entry.sequence());
            cursor.defer(entry.sequence());
            cannotRead(new Retry(entry.sequence()), e, now);
        }
    }

    private void cannotRead(Retry retry, Exception e, long now) {
        problem = Optional.of("an article cannot be read, which is tried again: "
                + e.getMessage());
        retries.add(new Retry(
                retry.sequence(), retry.attempts() + 1, now + retryMax, Optional.empty()));
    }

    private boolean retryDue(long now) {
        boolean progress = false;
        while (!retries.isEmpty() && retries.peek().at() <= now && ready.size() < LOW_WATER) {
            Retry retry = retries.poll();
            progress = true;
            try {
                Optional<Offer> offer = retry.known().isPresent() ? retry.known() : read(retry);
                offer.ifPresentOrElse(o -> ready.put(o.sequence(), o),
                        () -> forget(retry.sequence()));
            } catch (IOException | RuntimeException e) {
                cannotRead(retry, e, now);
            }
        }
        return progress;
    }

    /**
     * Empty if it has gone, or is not for this peer any more. It counts as offered before, and most
     * often was: it may be there by now.
     */
    private Optional<Offer> read(Retry retry) throws IOException {
        List<LogEntry> found = store.log(retry.sequence() - 1, 1);
        if (found.isEmpty() || found.getFirst().sequence() != retry.sequence()) {
            return Optional.empty();
        }
        LogEntry entry = found.getFirst();
        boolean goes = retry.attempts() < MAX_READS ? mayGo(entry)
                : policy.decide(entry) == FeedPolicy.Verdict.OFFER;
        return goes ? Optional.of(offer(entry, Math.max(1, retry.attempts())))
                : Optional.empty();
    }

    private static Offer offer(LogEntry entry, int attempts) {
        return new Offer(entry.sequence(), entry.id(), entry.wireLength(), attempts);
    }

    /**
     * Offers an article again that the feed is through with, if it is still for this peer.
     *
     * @param asked whether the peer has asked for it: then it is of no account that it came from
     *     there, or has been there
     * @return false if there is no room for it yet
     */
    boolean again(long sequence, boolean asked) {
        if (cursor.isPending(sequence)) {
            return true;
        }
        if (!cursor.reopen(sequence)) {
            return false;
        }
        if (asked) {
            askedFor.add(sequence);
        } else {
            lacked.add(sequence);
        }
        retries.add(new Retry(sequence));
        return true;
    }

    /** The next article to offer, if one is at hand. */
    Optional<Offer> take() {
        Map.Entry<Long, Offer> first = ready.pollFirstEntry();
        return first == null ? Optional.empty() : Optional.of(first.getValue());
    }

    /** Nothing more is to be done about a taken article. */
    void settled(Offer offer) {
        forget(offer.sequence());
    }

    private void forget(long sequence) {
        askedFor.remove(sequence);
        lacked.remove(sequence);
        cursor.settle(sequence);
    }

    /** The peer does not want a taken article, so nothing more is to be done about it. */
    void declined(Offer offer) {
        if (lacked.contains(offer.sequence()) && declined.size() < MAX_DECLINED) {
            declined.add(offer.sequence());
        }
        settled(offer);
    }

    /** What the peer did not want although it lacks it. May be read by any thread. */
    Set<Long> declinedThoughLacking() {
        return declined;
    }

    /** The peer may want it now. May be called by any thread. */
    void forgetDeclined() {
        declined.clear();
    }

    /** What went wrong last with reading articles, if it has not been told yet. */
    Optional<String> takeProblem() {
        Optional<String> told = problem;
        problem = Optional.empty();
        return told;
    }

    /** A taken article is to be offered again later. */
    void deferred(Offer offer, long now) {
        deferred(offer, now, now);
    }

    /**
     * The peer asked to be offered a taken article again later.
     *
     * @param since when it was asked
     */
    void deferred(Offer offer, long since, long now) {
        long wait = Math.max(retryWait(offer), fullWay(offer, now - since));
        cursor.defer(offer.sequence());
        Offer next = new Offer(
                offer.sequence(), offer.id(), offer.wireLength(), offer.attempts() + 1);
        retries.add(new Retry(next.sequence(), next.attempts(), now + wait,
                Optional.of(next)));
    }

    /**
     * Most often the peer gets the article from somebody else just then, and if that fails, our
     * turn comes within the first wait. Only if that goes on for longer than such an offer is good
     * for does something else ail the peer, and we wait ever longer.
     */
    private long retryWait(Offer offer) {
        long wait = Math.max(retryFirst, retries.size() * 1000L / RETRIES_A_SECOND);
        long often = OTHERS_TURN_MILLIS / retryFirst;
        return Math.min(Math.max(retryMax, wait),
                wait << Math.clamp(offer.attempts() - often, 0, 20));
    }

    /** Where answers take long the way is full, and asking as often would only fill it further. */
    private long fullWay(Offer offer, long answeredAfter) {
        if (answeredAfter < FULL_WAY_MILLIS) {
            return 0;
        }
        int most = answeredAfter < STANDING_WAY_MILLIS ? MOST_DOUBLINGS : 20;
        return Math.min(Math.min(retryMax, OTHERS_TURN_MILLIS),
                answeredAfter << Math.min(offer.attempts() + 1, most));
    }

    /** A taken article was not dealt with: it is offered again at once. */
    void returned(Offer offer) {
        ready.put(offer.sequence(), offer);
    }

    /** How many offers are at hand. */
    int readyCount() {
        return ready.size();
    }

    /** How many deferred articles, on their way again or not, are exceptions to the cursor. */
    int deferredCount() {
        return cursor.deferredCount();
    }

    /** The highest sequence number up to which everything is settled or deferred. */
    long cursor() {
        return cursor.cursor();
    }

    /** What to save. */
    FeedPosition position() {
        return cursor.position();
    }
}
