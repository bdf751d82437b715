package net.spillway.relay.status;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import net.spillway.feed.FeedStatus;
import net.spillway.relay.session.RelayParts;
import net.spillway.relay.session.Traffic;

/**
 * The last hours, in samples: a ring of a fixed size. Counters are kept as what was added between
 * two samples, a second. Safe for use by many threads.
 */
public final class History {
    /** How often a sample is taken. */
    public static final Duration EVERY = Duration.ofSeconds(20);
    /** Six hours. */
    private static final int SAMPLES = 6 * 3600 / 20;

    /** What is sampled. */
    public enum Series {
        /** Articles taken from clients and peers, a second. */
        ARTICLES_IN(true),
        /** Articles and parts of them given to readers, a second. */
        SERVED(true),
        /** Articles taken by peers, a second. */
        FED(true),
        /** Articles that were not taken, a second. */
        REFUSED(true),
        /** Octets that came in, a second. */
        OCTETS_IN(true),
        /** Octets that went out, to clients and peers, a second. */
        OCTETS_OUT(true),
        /** Connections, at the moment. */
        CONNECTIONS(false),
        /** How far feeds are behind the log, all together, at the moment. */
        BACKLOG(false),
        /** Octets of the spool's segments, at the moment. */
        SPOOL(false);

        private final boolean rate;

        Series(boolean rate) {
            this.rate = rate;
        }
    }

    private final RelayParts relay;
    private final Clock clock;
    private final float[][] values = new float[Series.values().length][SAMPLES];
    private final long[] last = new long[Series.values().length];
    private Instant lastAt;
    private int next;
    private int count;

    /** An empty one; the first sample ends the first span. */
    public History(RelayParts relay) {
        this.relay = relay;
        this.clock = relay.clock();
        this.lastAt = clock.instant();
        look(last);
    }

    /** Takes a sample; to be called every {@link #EVERY}. */
    public synchronized void sample() {
        Instant now = clock.instant();
        double seconds = Math.max(0.001, Duration.between(lastAt, now).toNanos() / 1e9);
        long[] seen = new long[last.length];
        look(seen);
        for (Series series : Series.values()) {
            int i = series.ordinal();
            values[i][next] = (float) (series.rate
                    ? Math.max(0, seen[i] - last[i]) / seconds : seen[i]);
            last[i] = seen[i];
        }
        lastAt = now;
        next = (next + 1) % SAMPLES;
        count = Math.min(count + 1, SAMPLES);
    }

    private void look(long[] into) {
        Traffic.Figures traffic = relay.traffic().figures();
        into[Series.ARTICLES_IN.ordinal()] = traffic.posted() + traffic.received();
        into[Series.SERVED.ordinal()] = traffic.served();
        into[Series.REFUSED.ordinal()] = traffic.rejected();
        into[Series.OCTETS_IN.ordinal()] = traffic.octetsIn();
        into[Series.CONNECTIONS.ordinal()] = traffic.connections();
        long fed = 0;
        long fedOctets = 0;
        long backlog = 0;
        for (FeedStatus feed : relay.feeds().status()) {
            fed += feed.accepted();
            fedOctets += feed.bytes();
            backlog += feed.lag() + feed.waiting();
        }
        into[Series.FED.ordinal()] = fed;
        into[Series.OCTETS_OUT.ordinal()] = traffic.octetsOut() + fedOctets;
        into[Series.BACKLOG.ordinal()] = backlog;
        into[Series.SPOOL.ordinal()] = relay.spool().stats().bytes();
    }

    /** The samples of a series, oldest first; {@link #EVERY} apart, the last one now. */
    public synchronized float[] samples(Series series) {
        float[] ring = values[series.ordinal()];
        float[] samples = new float[count];
        int first = Math.floorMod(next - count, SAMPLES);
        int toEnd = Math.min(count, SAMPLES - first);
        System.arraycopy(ring, first, samples, 0, toEnd);
        System.arraycopy(ring, 0, samples, toEnd, count - toEnd);
        return samples;
    }
}
