package net.spillway.feed;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import net.spillway.feed.PeerSession.Cause;
import net.spillway.feed.PeerSession.Ending;

/**
 * One of the connections to a peer, over and over: connects, runs a {@link PeerSession}, and waits
 * for a while when that ends. All methods belong to the feed's thread; events of the transport are
 * carried over to it.
 */
final class PeerLink {
    /** What the link needs from its feed. */
    interface Feed {
        /** Runs something on the feed's thread, then gives all links their turn. */
        Executor thread();

        /** Starts to connect. */
        void connect(ConnectionEvents events);

        /** Something went wrong that the admin may want to know. */
        void failed(String why);

        /** The peer ended a connection that had nothing to do for long: that is its right. */
        void idled(String why);
    }

    /** A session that was of use starts the waiting small again if it lasted so long. */
    private static final long USEFUL_AFTER = 1000;
    /** That the peer is up is believed so often. */
    private static final long SOON_EVERY = 1000;
    private static final long SOON_AFTER_REFUSAL_EVERY = 60_000;

    private final Feed feed;
    private final Function<Wire, PeerSession> sessions;
    private final Backoff backoff;
    private final LongSupplier clock;
    private final long connectPatience;
    private final long steadyAfter;
    private Optional<Attempt> attempt = Optional.empty();
    private long nextAttempt = Long.MIN_VALUE;
    private boolean refused;
    /** When an attempt was last brought forward. */
    private long soonAt = Long.MIN_VALUE / 2;

    /**
     * @param connectPatience how long a connection may take to come about, in milliseconds
     * @param steadyAfter a session that lasted so long, in milliseconds, ended for its own reasons:
     *     many peers close what is idle
     */
    PeerLink(Feed feed, Function<Wire, PeerSession> sessions, Backoff backoff, LongSupplier clock,
            long connectPatience, long steadyAfter) {
        this.feed = feed;
        this.sessions = sessions;
        this.backoff = backoff;
        this.clock = clock;
        this.connectPatience = connectPatience;
        this.steadyAfter = steadyAfter;
    }

    /** Whether there is a connection, or one is being made. */
    boolean busy() {
        return attempt.isPresent();
    }

    /** The conversation, if it has begun. */
    Optional<PeerSession> session() {
        return attempt.flatMap(a -> a.session);
    }

    /** Whether articles can be offered here. */
    boolean ready() {
        return session().map(PeerSession::ready).orElse(false);
    }

    /** Connects if there is no connection and the time has come. */
    void connectIfDue(long now) {
        if (attempt.isEmpty() && now >= nextAttempt) {
            Attempt fresh = new Attempt(now);
            attempt = Optional.of(fresh);
            feed.connect(fresh);
        }
    }

    /**
     * The peer seems to be up, so there is no need to wait; but not again and again, or two relays
     * that turn each other away would keep each other at it.
     */
    void connectSoon(long now) {
        long soon = Math.max(now,
                soonAt + (refused ? SOON_AFTER_REFUSAL_EVERY : SOON_EVERY));
        if (attempt.isEmpty() && soon < nextAttempt) {
            nextAttempt = soon;
            soonAt = soon;
        }
    }

    /** Looks at time-outs. */
    void tick(long now) {
        if (attempt.isPresent() && session().isEmpty()
                && now - attempt.get().since >= connectPatience) {
            over(new Ending(Cause.LOST, "no connection came about"), now);
        }
        session().ifPresent(s -> s.tick(now));
        reap(now);
    }

    /** Offers what can be offered. */
    void pump(long now) {
        session().ifPresent(s -> s.pump(now));
        reap(now);
    }

    /** Finishes what is on the wire. */
    void drain(long now) {
        if (session().isEmpty()) {
            attempt = Optional.empty();
        }
        session().ifPresent(s -> s.drain(now));
        reap(now);
    }

    /** Ends the connection at once. */
    void abort(long now) {
        session().ifPresent(s -> s.abort("stopped", now));
        attempt = Optional.empty();
    }

    private void reap(long now) {
        session().flatMap(PeerSession::ending).ifPresent(ending -> over(ending, now));
    }

    private void over(Ending ending, long now) {
        Attempt ended = attempt.orElseThrow();
        attempt = Optional.empty();
        long lasted = ended.session.isPresent() ? now - ended.since : 0;
        boolean useful = ended.session.map(PeerSession::useful).orElse(false)
                && lasted >= USEFUL_AFTER && ending.cause() != Cause.UNAVAILABLE;
        boolean steady = ended.session.isPresent() && lasted >= steadyAfter;
        if (useful || steady) {
            backoff.reset();
        }
        refused = ending.cause() == Cause.REFUSED;
        switch (ending.cause()) {
            case STOPPED -> nextAttempt = now;
            case LOST, UNAVAILABLE, IDLE -> nextAttempt = now + backoff.afterFailure();
            case REFUSED -> nextAttempt = now + backoff.afterRefusal();
        }
        if (ending.cause() == Cause.IDLE && steady) {
            feed.idled(ending.why());
        } else if (ending.cause() != Cause.STOPPED) {
            feed.failed(ending.why());
        }
    }

    /** One connection. Once it is not the link's current one any more, its events mean nothing. */
    private final class Attempt implements ConnectionEvents {
        private final long since;
        private Optional<PeerSession> session = Optional.empty();
        private Optional<Wire> wire = Optional.empty();

        Attempt(long since) {
            this.since = since;
        }

        private boolean current() {
            return attempt.filter(a -> a == this).isPresent();
        }

        @Override
        public void connected(Wire made) {
            feed.thread().execute(() -> {
                if (!current()) {
                    made.close();
                    return;
                }
                wire = Optional.of(made);
                session = Optional.of(sessions.apply(made));
            });
        }

        @Override
        public void lines(List<String> lines) {
            feed.thread().execute(() -> {
                long now = clock.getAsLong();
                session.ifPresent(s -> lines.forEach(line -> s.line(line, now)));
                wire.ifPresent(w -> w.consumed(lines.size()));
                reapIfCurrent(now);
            });
        }

        @Override
        public void articlesSent(int count) {
            feed.thread().execute(() -> session.ifPresent(s -> s.articlesSent(count)));
        }

        @Override
        public void closed(String why) {
            feed.thread().execute(() -> {
                long now = clock.getAsLong();
                session.ifPresent(s -> s.closed(why, now));
                if (current() && session.isEmpty()) {
                    over(new Ending(Cause.LOST, why), now);
                }
                reapIfCurrent(now);
            });
        }

        private void reapIfCurrent(long now) {
            if (current()) {
                reap(now);
            }
        }
    }
}
