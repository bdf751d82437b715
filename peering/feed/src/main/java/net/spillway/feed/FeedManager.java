package net.spillway.feed;

import java.io.IOException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.X509ExtendedTrustManager;
import net.spillway.conf.HostPort;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.feed.transport.MinaTransport;
import net.spillway.spool.Spool;
import net.spillway.spool.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the feeds of a relay: one for each peer that has an address. Close it before the spool.
 * Safe for use by many threads.
 */
public final class FeedManager implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedManager.class);

    private final FeedStore store;
    private final List<PeerConfig> peers;
    private final PeerTransport transport;
    private final FeedTuning tuning;
    private final InstantSource clock;
    private volatile List<PeerFeed> feeds = List.of();
    private Optional<Subscription> commits = Optional.empty();
    private boolean closed;

    /** Feeds over real connections; nothing happens before {@link #start}. */
    public FeedManager(Spool spool, RelayConfig config) {
        this(new SpoolFeedStore(spool), config.peers(), new MinaTransport(), FeedTuning.DEFAULT,
                Clock.systemUTC());
    }

    FeedManager(FeedStore store, List<PeerConfig> peers, PeerTransport transport,
            FeedTuning tuning, InstantSource clock) {
        this.store = store;
        this.peers = List.copyOf(peers);
        this.transport = transport;
        this.tuning = tuning;
        this.clock = clock;
    }

    /**
     * Begins to feed: each peer from where its feed stood, a new peer from the beginning of the
     * log.
     *
     * @throws IOException if a saved position or a file with certificate authorities cannot be
     *     read; names which
     */
    public synchronized void start() throws IOException {
        List<PeerFeed> made = new ArrayList<>();
        for (PeerConfig peer : peers) {
            if (peer.address().isPresent()) {
                made.add(feed(peer, peer.address().get()));
            }
        }
        feeds = List.copyOf(made);
        commits = Optional.of(store.onCommit(() -> feeds.forEach(PeerFeed::wake)));
        feeds.forEach(PeerFeed::start);
    }

    private PeerFeed feed(PeerConfig peer, HostPort address) throws IOException {
        try {
            Optional<X509ExtendedTrustManager> trust = address.tls()
                    ? Optional.of(PeerTls.trust(peer.tlsCa())) : Optional.empty();
            return new PeerFeed(peer, address, trust, store, transport, tuning, clock);
        } catch (IOException e) {
            throw new IOException("peer " + peer.name() + ": " + e.getMessage(), e);
        }
    }

    /** How each feed stands, in the order of the configuration. */
    public List<FeedStatus> status() {
        return feeds.stream().map(PeerFeed::status).toList();
    }

    /** A peer has connected to us: if its feed is waiting to reconnect, it waits no longer. */
    public void peerSeen(String peer) {
        feeds.stream().filter(f -> f.name().equals(peer)).forEach(PeerFeed::peerSeen);
    }

    /**
     * Stops all feeds at once: what is on the wire is finished within a few seconds, positions are
     * saved, and peers are told QUIT. May be called twice.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        commits.ifPresent(Subscription::close);
        var stops = feeds.stream().map(PeerFeed::stop).toList();
        long end = System.nanoTime() + tuning.drain().plusSeconds(2).toNanos();
        try {
            for (var stop : stops) {
                stop.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException e) {
            LOG.warn("a feed did not stop in time; its position is that of its last save");
        } catch (ExecutionException e) {
            LOG.warn("a feed stopped with an error", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            transport.close();
        }
    }
}
