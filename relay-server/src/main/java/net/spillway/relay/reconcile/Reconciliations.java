package net.spillway.relay.reconcile;

import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import net.spillway.conf.SpoolConfig;
import net.spillway.feed.reconcile.Census;
import net.spillway.feed.reconcile.Scope;
import net.spillway.protocol.reconcile.Answerer;
import net.spillway.spool.Spool;

/**
 * The comparisons that peers have begun: at most {@value #MOST_A_PEER} of one peer and {@value
 * #MOST} in all, so that their articles take no more than so much memory. One that is being
 * prepared counts until that has ended, also if whoever began it is gone; and a peer's next waits
 * for as long as its last took to prepare, so that one peer does not keep the disk busy. Safe for
 * use by many threads.
 */
public final class Reconciliations {
    /** So many one peer may have at once. */
    public static final int MOST_A_PEER = 2;
    /** So many there may be at once. */
    public static final int MOST = 8;
    /** Peers wait for an answer for longer. */
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(10);

    private static final class Running {
        private final String peer;
        private CompletableFuture<Answerer> answerer;
        private boolean prepared;
        /** Nobody waits for it any more. */
        private volatile boolean over;

        Running(String peer) {
            this.peer = peer;
        }
    }

    private final Spool spool;
    private final SpoolConfig config;
    private final Clock clock;
    private final Executor worker;
    private final Map<String, Running> bySession = new HashMap<>();
    /** Those of sessions, and those that are still being prepared for none. */
    private final Set<Running> all = new HashSet<>();
    /** When each peer's next may be prepared, in nanoseconds of the system. */
    private final Map<String, Long> nextAt = new HashMap<>();

    /** @param worker prepares them: may wait for the disk, and is kept busy */
    public Reconciliations(Spool spool, SpoolConfig config, Clock clock, Executor worker) {
        this.spool = spool;
        this.config = config;
        this.clock = clock;
        this.worker = worker;
    }

    /** The time from which on we have all we ever took, in seconds since 1970. */
    public long horizon() {
        return Census.horizon(spool.stats(), config, clock.instant()).getEpochSecond();
    }

    /**
     * Begins one in place of what the session had before; it can be used once this is complete.
     *
     * @return fails with an {@link IOException} if the spool does, or if there are too many
     *     articles; null if there are too many comparisons
     */
    public synchronized CompletionStage<Answerer> open(String session, String peer, Scope scope) {
        end(session);
        long ofPeer = all.stream().filter(r -> r.peer.equals(peer)).count();
        if (all.size() >= MOST || ofPeer >= MOST_A_PEER) {
            return null;
        }
        Running running = new Running(peer);
        all.add(running);
        bySession.put(session, running);
        running.answerer = CompletableFuture.supplyAsync(
                () -> prepare(running, scope), whenItMay(peer));
        return running.answerer;
    }

    private Executor whenItMay(String peer) {
        long pause = nextAt.getOrDefault(peer, System.nanoTime()) - System.nanoTime();
        return pause <= 0 ? worker
                : CompletableFuture.delayedExecutor(pause, TimeUnit.NANOSECONDS, worker);
    }

    private Answerer prepare(Running running, Scope scope) {
        long from = System.nanoTime();
        try {
            return new Answerer(Census.take(spool, scope, entry -> true, () -> running.over));
        } catch (IOException e) {
            throw new CompletionException(e);
        } finally {
            prepared(running, System.nanoTime() - from);
        }
    }

    private synchronized void prepared(Running running, long nanos) {
        running.prepared = true;
        nextAt.put(running.peer, System.nanoTime() + Math.min(nanos, LONGEST_PAUSE));
        if (running.over) {
            all.remove(running);
        }
    }

    /** What the session has begun; null if nothing. */
    public synchronized Answerer find(String session) {
        Running running = bySession.get(session);
        return running == null || !running.answerer.isDone()
                || running.answerer.isCompletedExceptionally() ? null
                : running.answerer.join();
    }

    /** It is over, or the session is. */
    public synchronized void end(String session) {
        Running running = bySession.remove(session);
        if (running != null) {
            running.over = true;
            if (running.prepared) {
                all.remove(running);
            }
        }
    }
}
