package net.spillway.relay.session;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Counts what the relay has done since it started. Safe for use by many threads. */
public final class Traffic {
    private final Instant since;
    private final Set<Supplier<ConnectionInfo>> connections = ConcurrentHashMap.newKeySet();
    /** Of connections that are gone. */
    private final LongAdder octetsIn = new LongAdder();
    private final LongAdder octetsOut = new LongAdder();
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

    /**
     * A snapshot of the figures.
     *
     * @param octetsIn came in on the wire from clients and peers that connected to us
     * @param octetsOut went out on the wire to them
     */
    public record Figures(Instant since, int connections, long connectionsSeen, long served,
            long posted, long received, long duplicates, long rejected, long deferred,
            long octetsIn, long octetsOut) {
    }

    /**
     * A connection was opened.
     *
     * @param info tells how it stands
     */
    public void connected(Supplier<ConnectionInfo> info) {
        connections.add(info);
        connectionsSeen.increment();
    }

    /** That connection was closed. */
    public void disconnected(Supplier<ConnectionInfo> info) {
        ConnectionInfo last = info.get();
        synchronized (connections) { // Or sums could fall, which counters must not.
            octetsIn.add(last.octetsIn());
            octetsOut.add(last.octetsOut());
            connections.remove(info);
        }
    }

    /** Those who are connected now, in no order. */
    public List<ConnectionInfo> connections() {
        return connections.stream().map(Supplier::get).toList();
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
        synchronized (connections) {
            List<ConnectionInfo> open = connections();
            return new Figures(since, open.size(), connectionsSeen.sum(), served.sum(),
                    posted.sum(), received.sum(), duplicates.sum(), rejected.sum(), deferred.sum(),
                    octetsIn.sum() + open.stream().mapToLong(ConnectionInfo::octetsIn).sum(),
                    octetsOut.sum() + open.stream().mapToLong(ConnectionInfo::octetsOut).sum());
        }
    }
}
