package net.spillway.feed;

import java.io.IOException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import net.spillway.conf.HostPort;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.feed.transport.MinaTransport;
import net.spillway.spool.LogEntry;
import net.spillway.spool.Spool;
import net.spillway.spool.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the feeds of a relay: one for each peer that has an address. Close it before the spool.
 * Safe for use by many threads.
 */
public final class FeedManager implements FeedView, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedManager.class);

    private final FeedStore store;
    private List<PeerConfig> peers;
    private final PeerTransport transport;
    private final Supplier<KeyManager[]> shown;
    private final FeedTuning tuning;
    private final InstantSource clock;
    private final FeedWatch watch;
    private volatile List<PeerFeed> feeds = List.of();
    private Optional<Subscription> commits = Optional.empty();
    private boolean closed;

    /**
     * Feeds over real connections; nothing happens before {@link #start}.
     *
     * @param shown the keys of the certificate we show to peers that ask for one; none: nothing
     * @param watch is told what peers say
     */
    public FeedManager(Spool spool, RelayConfig config, Supplier<KeyManager[]> shown,
            FeedWatch watch) {
        this(new SpoolFeedStore(spool), config.peers(), new MinaTransport(), shown,
                FeedTuning.DEFAULT, Clock.systemUTC(), watch);
    }

    FeedManager(FeedStore store, List<PeerConfig> peers, PeerTransport transport,
            Supplier<KeyManager[]> shown, FeedTuning tuning, InstantSource clock,
            FeedWatch watch) {
        this.watch = watch;
        this.shown = shown;
        this.store = store;
        this.peers = List.copyOf(peers);
        this.transport = transport;
        this.tuning = tuning;
        this.clock = clock;
    }

    /**
     * Begins to feed: each peer from where its feed stood, a new peer with what arrives from now
     * on, unless it is to be given some of the past.
     *
     * @throws IOException if a saved position or a file with certificate authorities cannot be
     *     read; names which
     */
    public synchronized void start() throws IOException {
        feeds = make(peers, Map.of());
        commits = Optional.of(store.onCommit(() -> feeds.forEach(PeerFeed::wake)));
        feeds.forEach(PeerFeed::start);
    }

    /** Feeds for all peers that have an address; those that are there already are kept. */
    private List<PeerFeed> make(List<PeerConfig> all, Map<PeerConfig, PeerFeed> kept)
            throws IOException {
        List<PeerFeed> made = new ArrayList<>();
        for (PeerConfig peer : all) {
            if (kept.containsKey(peer)) {
                made.add(kept.get(peer));
            } else if (peer.address().isPresent()) {
                made.add(feed(peer, peer.address().get()));
            }
        }
        return List.copyOf(made);
    }

    /**
     * Feeds these peers from now on. Feeds of peers that are as they were go on undisturbed; those
     * of peers that are gone or changed are stopped first, so that a changed one goes on where it
     * stood.
     *
     * @throws IOException if a file with certificate authorities or a saved position cannot be
     *     read; names which, and then the peers are fed as before
     */
    public synchronized void apply(List<PeerConfig> wanted) throws IOException {
        if (closed) {
            return;
        }
        Map<PeerConfig, PeerFeed> kept = new HashMap<>();
        List<PeerFeed> stopping = new ArrayList<>();
        for (PeerFeed feed : feeds) {
            PeerConfig peer = peers.stream().filter(p -> p.name().equals(feed.name()))
                    .findFirst().orElseThrow();
            if (wanted.contains(peer)) {
                kept.put(peer, feed);
            } else {
                stopping.add(feed);
            }
        }
        for (PeerConfig peer : wanted) {
            tls(peer);
        }
        feeds = List.copyOf(kept.values());
        awaitStop(stopping);
        try {
            // Made only now: a feed begins where the one before it has stopped.
            feeds = make(wanted, kept);
            peers = List.copyOf(wanted);
        } catch (IOException e) {
            feeds = makeAgain(kept, e);
            throw e;
        } finally {
            feeds.stream().filter(feed -> !kept.containsValue(feed)).forEach(PeerFeed::start);
        }
    }

    /** The feeds as they were, but for any that cannot even be made as it was. */
    private List<PeerFeed> makeAgain(Map<PeerConfig, PeerFeed> kept, IOException because) {
        List<PeerFeed> made = new ArrayList<>();
        for (PeerConfig peer : peers) {
            try {
                made.addAll(make(List.of(peer), kept));
            } catch (IOException e) {
                because.addSuppressed(e);
                LOG.error("the feed has stopped: {}", e.getMessage());
            }
        }
        return List.copyOf(made);
    }

    /**
     * Reads what a peer's configuration names; nothing is kept or changed.
     *
     * @throws IOException as {@link #apply}
     */
    public static void check(PeerConfig peer) throws IOException {
        tls(peer, () -> null);
    }

    private PeerFeed feed(PeerConfig peer, HostPort address) throws IOException {
        Optional<PeerTls> tls = tls(peer);
        try {
            return new PeerFeed(peer, address, tls, store, transport, tuning, clock, watch);
        } catch (IOException e) {
            throw new IOException("peer " + peer.name() + ": " + e.getMessage(), e);
        }
    }

    private Optional<PeerTls> tls(PeerConfig peer) throws IOException {
        return tls(peer, shown);
    }

    private static Optional<PeerTls> tls(PeerConfig peer, Supplier<KeyManager[]> shown)
            throws IOException {
        try {
            return PeerTls.of(peer, shown);
        } catch (IOException e) {
            throw new IOException("peer " + peer.name() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<FeedStatus> status() {
        return feeds.stream().map(PeerFeed::status).toList();
    }

    @Override
    public List<FeedBacklog> backlogs() throws IOException {
        List<FeedBacklog> backlogs = new ArrayList<>();
        for (PeerFeed feed : feeds) {
            backlogs.add(feed.backlog());
        }
        return backlogs;
    }

    @Override
    public List<FeedFate> fates(LogEntry entry) throws IOException {
        List<FeedFate> fates = new ArrayList<>();
        for (PeerFeed feed : feeds) {
            fates.add(feed.fate(entry));
        }
        return fates;
    }

    /** Has a peer's feed offer articles again that it is through with, by sequence. */
    public void offerAgain(String peer, List<Long> sequences) {
        feeds.stream().filter(f -> f.name().equals(peer)).forEach(f -> f.offerAgain(sequences));
    }

    /**
     * The sequences of articles offered by {@link #offerAgain} that the peer did not want. Grows
     * while it is looked at; it is another set when the feed has been replaced.
     */
    public Set<Long> declined(String peer) {
        return feeds.stream().filter(f -> f.name().equals(peer)).findFirst()
                .map(PeerFeed::declined).orElse(Set.of());
    }

    /** The peer takes other articles now: it may want what it {@link #declined}. */
    public void forgetDeclined(String peer) {
        feeds.stream().filter(f -> f.name().equals(peer)).forEach(PeerFeed::forgetDeclined);
    }

    /** Whether there is a feed to a peer of that name. */
    public boolean feeds(String peer) {
        return feeds.stream().anyMatch(f -> f.name().equals(peer));
    }

    /**
     * Has a peer's feed offer an article that the peer asks for, also if it came from there.
     *
     * @return false if we do not feed such a peer
     */
    public boolean offerAsked(String peer, long sequence) {
        Optional<PeerFeed> feed = feeds.stream().filter(f -> f.name().equals(peer)).findFirst();
        feed.ifPresent(f -> f.offerAsked(sequence));
        return feed.isPresent();
    }

    /** Makes a connection to a peer that has an address, besides those of its feed. */
    public void connect(PeerConfig peer, ConnectionEvents events) {
        try {
            transport.connect(peer.address().orElseThrow(), tls(peer), events);
        } catch (IOException e) {
            events.closed(e.getMessage());
        }
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
        try {
            awaitStop(feeds);
        } finally {
            transport.close();
        }
    }

    private void awaitStop(List<PeerFeed> stopping) {
        var stops = stopping.stream().map(PeerFeed::stop).toList();
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
        }
    }
}
