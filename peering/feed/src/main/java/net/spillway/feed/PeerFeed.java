package net.spillway.feed;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import net.spillway.conf.HostPort;
import net.spillway.conf.PeerConfig;
import net.spillway.spool.FeedPosition;
import net.spillway.spool.LogEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The feed to one peer: its window, its connections, its saved position. One thread of its own does
 * all of it, so a slow peer holds up nobody else and nothing here needs a lock.
 */
final class PeerFeed {
    private static final Logger LOG = LoggerFactory.getLogger(PeerFeed.class);
    private static final Duration TICK = Duration.ofMillis(100);
    /** Batches of the log read in one turn, so that answers don't wait for a long way behind. */
    private static final int BATCHES_A_TURN = 16;
    /** Articles that wait to be offered again; what does not fit is found lacking once more. */
    private static final int MAX_AGAIN = 100_000;

    /** What {@link #status} shows of the feed's thread. */
    private record Snapshot(FeedState state, int connections, long cursor, int waiting,
            int again, Optional<Instant> connectedSince, Optional<Instant> disconnectedSince) {
    }

    /** What went wrong, in words. */
    private record Failure(String what, Instant at) {
    }

    private final PeerConfig peer;
    private final HostPort address;
    private final Optional<PeerTls> tls;
    private final FeedStore store;
    private final PeerTransport transport;
    private final FeedTuning tuning;
    private final InstantSource clock;
    private final FeedWatch watch;
    private final FeedCounters counters = new FeedCounters();
    private final ScheduledExecutorService thread;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final List<PeerLink> links = new ArrayList<>();
    private final OfferWindow window;
    private final Pace pace;
    /** Articles the peer turned out to lack. */
    private final LinkedHashSet<Long> again = new LinkedHashSet<>();
    private final ArrayDeque<Long> asked = new ArrayDeque<>();
    private FeedPosition saved;
    private long savedAt = steadyMillis();
    private boolean stopping;
    private boolean finished;
    private String lastLogged = "";
    private Optional<Instant> connectedSince = Optional.empty();
    private Optional<Instant> disconnectedSince;
    /** It is reconnected only because there was nothing to do: no news. */
    private boolean idled;
    private volatile Optional<Failure> lastFailure = Optional.empty();
    private volatile Snapshot snapshot;

    /** @throws IOException if the saved position cannot be read */
    PeerFeed(PeerConfig peer, HostPort address, Optional<PeerTls> tls, FeedStore store,
            PeerTransport transport, FeedTuning tuning, InstantSource clock, FeedWatch watch)
            throws IOException {
        this.peer = peer;
        this.address = address;
        this.tls = tls;
        this.store = store;
        this.transport = transport;
        this.tuning = tuning;
        this.clock = clock;
        this.watch = watch;
        if (!store.knows(peer.name())) {
            store.begin(peer.name(), beginning());
        }
        this.saved = store.position(peer.name());
        this.pace = new Pace(peer.link().bytesPerSecond(), steadyMillis());
        this.window = new OfferWindow(store, FeedPolicy.of(peer), saved, tuning, clock);
        this.disconnectedSince = Optional.of(clock.instant());
        this.snapshot = new Snapshot(FeedState.STOPPED, 0, window.cursor(),
                window.deferredCount(), 0, connectedSince, disconnectedSince);
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("feed-" + peer.name()).factory());
        for (int i = 0; i < Math.max(1, peer.link().connections()); i++) {
            links.add(newLink());
        }
    }

    /** A new peer is offered what arrives from now on, and as much of the past as is asked for. */
    private FeedPosition beginning() throws IOException {
        Duration past = peer.feed().backfill();
        return new FeedPosition(past.isZero() ? store.committed()
                : Math.min(store.committed(), store.sequenceBefore(clock.instant().minus(past))),
                FeedPosition.START.deferred());
    }

    private PeerLink newLink() {
        Backoff backoff = new Backoff(
                tuning.reconnectFirst(), tuning.reconnectMax(), RandomGenerator.getDefault());
        return new PeerLink(new LinkSide(), this::newSession, backoff, PeerFeed::steadyMillis,
                tuning.replyTimeout().toMillis(), tuning.reconnectMax().toMillis());
    }

    private PeerSession newSession(Wire wire) {
        OfferDesk desk = new OfferDesk(window, store, counters, pace,
                (id, reply) -> watch.said(peer.name(), id, reply));
        return new PeerSession(peer.link(), tuning.replyTimeout().toMillis(), desk, wire,
                steadyMillis());
    }

    private static long steadyMillis() {
        return System.nanoTime() / 1_000_000;
    }

    String name() {
        return peer.name();
    }

    void start() {
        thread.scheduleWithFixedDelay(
                guarded(this::tick), 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** There is something new in the log. Called by any thread; cheap. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            execute(() -> woken.set(false));
        }
    }

    /** The peer has just connected to us, so it is up: no need to wait before connecting. */
    void peerSeen() {
        execute(() -> links.forEach(link -> link.connectSoon(steadyMillis())));
    }

    private void execute(Runnable task) {
        try {
            thread.execute(guarded(() -> {
                task.run();
                turn();
            }));
        } catch (RejectedExecutionException e) {
            LOG.trace("feed to {}: an event came after the stop", peer.name());
        }
    }

    /** A fault of ours must not end the feed without a word. */
    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("feed to {}: internal error", peer.name(), e);
                failed("internal error: " + e);
            }
        };
    }

    private void tick() {
        long now = steadyMillis();
        links.forEach(link -> link.tick(now));
        turn();
        publish();
        if (now - savedAt >= tuning.saveEvery().toMillis()) {
            save(now);
        }
    }

    private void turn() {
        long now = steadyMillis();
        if (stopping) {
            links.forEach(link -> link.pump(now));
            finishIfDone();
        } else {
            offer(now);
            connect(now);
        }
    }

    /** Offers an article that the peer asks for; it is forgotten if there are too many. */
    void offerAsked(long sequence) {
        execute(() -> {
            if (asked.size() < tuning.maxDeferred()) {
                asked.add(sequence);
            }
        });
    }

    /** Offers these again, as there is room; they are dropped if the feed ends before. */
    void offerAgain(List<Long> sequences) {
        execute(() -> {
            sequences.stream().limit(Math.max(0, MAX_AGAIN - again.size())).forEach(again::add);
            publish();
        });
    }

    /** What the peer did not want although it lacks it; another set if this feed is replaced. */
    Set<Long> declined() {
        return window.declinedThoughLacking();
    }

    void forgetDeclined() {
        window.forgetDeclined();
    }

    private void offer(long now) {
        while (!asked.isEmpty() && window.again(asked.peek(), true)) {
            asked.remove();
        }
        Iterator<Long> lacking = again.iterator();
        while (lacking.hasNext() && window.again(lacking.next(), false)) {
            lacking.remove();
        }
        boolean more = true;
        for (int batch = 0; more && batch < BATCHES_A_TURN; batch++) {
            try {
                more = window.refill(now);
            } catch (IOException | RuntimeException e) {
                note("cannot read the spool's log: " + e.getMessage());
                more = false;
            }
            links.forEach(link -> link.pump(now));
        }
        window.takeProblem().ifPresent(this::note);
        if (more) {
            wake();
        }
    }

    /** The first connection is always wanted; more only while there is more to offer than fits. */
    private void connect(long now) {
        links.getFirst().connectIfDue(now);
        if (window.readyCount() > 0 && links.stream().anyMatch(PeerLink::ready)) {
            links.forEach(link -> link.connectIfDue(now));
        }
    }

    private void save(long now) {
        savedAt = now;
        FeedPosition position = window.position();
        if (position.equals(saved)) {
            return;
        }
        try {
            store.savePosition(peer.name(), position);
            saved = position;
        } catch (IOException | RuntimeException e) {
            note("cannot save the feed's position, which will be tried again: " + e.getMessage());
        }
    }

    private void publish() {
        int ready = (int) links.stream().filter(PeerLink::ready).count();
        if (ready == 0) {
            connectedSince = Optional.empty();
            disconnectedSince = disconnectedSince.or(() -> Optional.of(clock.instant()));
        } else if (connectedSince.isEmpty()) {
            connectedSince = Optional.of(clock.instant());
            disconnectedSince = Optional.empty();
            lastLogged = "";
            LOG.atLevel(idled ? Level.DEBUG : Level.INFO).log(
                    "feed to {}: connected to {} ({})", peer.name(), address, state());
        }
        links.stream().flatMap(l -> l.session().stream())
                .flatMap(s -> s.takeProblem().stream()).forEach(this::failed);
        snapshot = new Snapshot(state(), ready, window.cursor(), window.deferredCount(),
                again.size(), connectedSince, disconnectedSince);
    }

    private FeedState state() {
        if (finished) {
            return FeedState.STOPPED;
        }
        List<PeerLink> ready = links.stream().filter(PeerLink::ready).toList();
        if (ready.stream().flatMap(l -> l.session().stream()).anyMatch(PeerSession::streams)) {
            return FeedState.STREAMING;
        }
        if (!ready.isEmpty()) {
            return FeedState.IHAVE;
        }
        return links.stream().anyMatch(PeerLink::busy)
                ? FeedState.CONNECTING : FeedState.BACKING_OFF;
    }

    /** Tells the log what is new about a failure; a peer that is down for days says it once. */
    private void note(String problem) {
        if (!problem.equals(lastLogged)) {
            LOG.warn("feed to {}: {}", peer.name(), problem);
            lastLogged = problem;
        }
        failed(problem);
    }

    private void failed(String what) {
        lastFailure = Optional.of(new Failure(what, clock.instant()));
    }

    /** Begins to stop: nothing new is offered, what is on the wire is finished. */
    CompletableFuture<Void> stop() {
        execute(() -> {
            if (!stopping) {
                stopping = true;
                long now = steadyMillis();
                links.forEach(link -> link.drain(now));
                thread.schedule(guarded(this::finish),
                        tuning.drain().toMillis(), TimeUnit.MILLISECONDS);
            }
        });
        return stopped;
    }

    private void finishIfDone() {
        if (links.stream().noneMatch(PeerLink::busy)) {
            finish();
        }
    }

    private void finish() {
        if (finished) {
            return;
        }
        finished = true;
        long now = steadyMillis();
        links.forEach(link -> link.abort(now));
        save(now);
        publish();
        stopped.complete(null);
        thread.shutdownNow();
    }

    FeedStatus status() {
        Snapshot seen = snapshot;
        Optional<Failure> failure = lastFailure;
        return new FeedStatus(peer.name(), address.toString(), seen.state(), seen.connections(),
                seen.cursor(), Math.max(0, store.committed() - seen.cursor()),
                counters.offered.sum(), counters.accepted.sum(), counters.refused.sum(),
                counters.rejected.sum(), counters.deferred.sum(), seen.waiting(), seen.again(),
                counters.bytes.sum(), failure.map(Failure::what), failure.map(Failure::at),
                seen.connectedSince(), seen.disconnectedSince());
    }

    /** What it has yet to offer; reads the log, so not for every second. */
    FeedBacklog backlog() throws IOException {
        return new BacklogCount(store, FeedPolicy.of(peer)).count(
                new FeedPosition(snapshot.cursor(), store.position(peer.name()).deferred()),
                counters.refusals.counts());
    }

    /** How that article of the log stands. */
    FeedFate fate(LogEntry entry) throws IOException {
        FeedPolicy.Verdict verdict = FeedPolicy.of(peer).decide(entry, store::allGroups);
        long sequence = entry.sequence();
        FeedFate.State state = verdict != FeedPolicy.Verdict.OFFER ? FeedFate.State.NOT_OFFERED
                : sequence > snapshot.cursor() ? FeedFate.State.WAITING
                : Arrays.binarySearch(store.position(peer.name()).deferred(), sequence) >= 0
                        ? FeedFate.State.DEFERRED : FeedFate.State.SETTLED;
        return new FeedFate(peer.name(), state, verdict);
    }

    private final class LinkSide implements PeerLink.Feed {
        @Override
        public Executor thread() {
            return PeerFeed.this::execute;
        }

        @Override
        public void connect(ConnectionEvents events) {
            transport.connect(address, tls, events);
        }

        @Override
        public void failed(String why) {
            idled = false;
            note(why);
        }

        @Override
        public void idled(String why) {
            idled = true;
            LOG.debug("feed to {}: {}", peer.name(), why);
        }
    }
}
