package net.spillway.relay.session;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the relay has done since it started. Safe for use by many threads. */
public final class Traffic {
    private final Instant since;
    private final AtomicInteger connections = new AtomicInteger();
    private final LongAdder connectionsSeen = new LongAdder();
    private final LongAdder served = new LongAdder();
    private final LongAdder posted = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder deferred = new LongAdder();

    /** @param since when the relay started */
    public Traffic(Instant since) {
        this.since = since;
    }

    /** A snapshot of the figures. */
    public record Figures(Instant since, int connections, long connectionsSeen, long served,
            long posted, long received, long duplicates, long rejected, long deferred) {
    }

    /** A connection was opened. */
    public void connected() {
        connections.incrementAndGet();
        connectionsSeen.increment();
    }

    /** A connection was closed. */
    public void disconnected() {
        connections.decrementAndGet();
    }

    /** An article or a part of one was given to a reader. */
    public void served() {
        served.increment();
    }

    /** An article was stored. */
    public void stored(boolean fromPeer) {
        (fromPeer ? received : posted).increment();
    }

    /** An article came that we had. */
    public void duplicate() {
        duplicates.increment();
    }

    /** An article came that was not taken. */
    public void rejected() {
        rejected.increment();
    }

    /** An article came that could not be stored now. */
    public void deferred() {
        deferred.increment();
    }

    /** The figures now. */
    public Figures figures() {
        return new Figures(since, connections.get(), connectionsSeen.sum(), served.sum(),
                posted.sum(), received.sum(), duplicates.sum(), rejected.sum(), deferred.sum());
    }
}
