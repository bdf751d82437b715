package net.spillway.relay.reconcile;

import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import net.spillway.conf.SpoolConfig;
import net.spillway.feed.reconcile.Census;
import net.spillway.feed.reconcile.Scope;
import net.spillway.protocol.reconcile.Answerer;
import net.spillway.spool.Spool;

/**
 * The comparisons that peers have begun: at most {@value #MOST_A_PEER} of one peer and {@value
 * #MOST} in all, so that their articles take no more than so much memory. Safe for use by many
 * threads.
 */
public final class Reconciliations {
    /** So many one peer may have at once. */
    public static final int MOST_A_PEER = 2;
    /** So many there may be at once. */
    public static final int MOST = 8;

    private record Running(String peer, CompletableFuture<Answerer> answerer) {
    }

    private final Spool spool;
    private final SpoolConfig config;
    private final Clock clock;
    private final Executor worker;
    private final Map<String, Running> bySession = new HashMap<>();

    /** @param worker may wait for the disk */
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
        bySession.remove(session);
        long ofPeer = bySession.values().stream().filter(r -> r.peer().equals(peer)).count();
        if (bySession.size() >= MOST || ofPeer >= MOST_A_PEER) {
            return null;
        }
        CompletableFuture<Answerer> answerer = CompletableFuture.supplyAsync(() -> {
            try {
                return new Answerer(Census.take(spool, scope, entry -> true));
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        }, worker);
        bySession.put(session, new Running(peer, answerer));
        return answerer;
    }

    /** What the session has begun; null if nothing. */
    public synchronized Answerer find(String session) {
        Running running = bySession.get(session);
        return running == null || !running.answerer().isDone()
                || running.answerer().isCompletedExceptionally() ? null
                : running.answerer().join();
    }

    /** It is over, or the session is. */
    public synchronized void end(String session) {
        bySession.remove(session);
    }
}
