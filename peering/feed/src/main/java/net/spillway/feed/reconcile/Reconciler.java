package net.spillway.feed.reconcile;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.Wildmat;
import net.spillway.feed.FeedManager;
import net.spillway.feed.FeedPolicy;
import net.spillway.feed.FeedState;
import net.spillway.feed.FeedStatus;
import net.spillway.protocol.reconcile.ArticleSet;
import net.spillway.protocol.reconcile.Asker;
import net.spillway.protocol.reconcile.Differences;
import net.spillway.protocol.reconcile.ReconcileException;
import net.spillway.spool.LogEntry;
import net.spillway.spool.Presence;
import net.spillway.spool.Spool;
import net.spillway.spool.segment.IdHash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what we have with what each peer has that we feed and that offers XRECON, and has its
 * feed offer what it lacks. What we lack the peer finds in the same way: it feeds us. One
 * comparison at a time, so that memory for one is enough.
 */
public final class Reconciler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    /** What arrived a moment ago is on its way. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(10);
    /** Articles remembered for each peer that it lacks for good. */
    private static final int MAX_POINTLESS = 100_000;
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    /** For all that is compared with one peer at one time. */
    private static final Duration WHOLE = Duration.ofHours(1);

    /** What is known of one peer. Used by the one thread that compares. */
    private static final class Acquaintance {
        private final Agenda agenda;
        private final Set<Long> pointless = new LinkedHashSet<>();
        private Set<Long> declined = Set.of();
        private Optional<String> choice = Optional.empty();
        private boolean farBack;

        Acquaintance(Agenda agenda) {
            this.agenda = agenda;
        }

        /** A feed that was replaced has another set of what was declined, and begins anew. */
        void meet(Set<Long> declinedNow) {
            if (declined != declinedNow) {
                declined = declinedNow;
                pointless.clear();
            }
        }

        /** @return whether it takes other articles than when it declined some */
        boolean choosesAnew(Optional<String> now) {
            boolean anew = choice.isPresent() && now.isPresent() && !now.equals(choice)
                    && !(pointless.isEmpty() && declined.isEmpty());
            choice = now.or(() -> choice);
            if (anew) {
                pointless.clear();
                farBack = true;
            }
            return anew;
        }

        /** What it declined may be older than what is compared as a rule. */
        void lookFarBack(Instant now) {
            if (farBack) {
                farBack = false;
                agenda.longNow(now);
            }
        }

        /** What it still lacks though it was offered and did not want it is not offered again. */
        boolean isWorthOffering(long sequence) {
            if (!declined.contains(sequence)) {
                return true;
            }
            pointless.add(sequence);
            if (pointless.size() > MAX_POINTLESS) {
                pointless.remove(pointless.iterator().next());
            }
            return false;
        }
    }

    /** Gathers what was found. */
    private final class Findings implements Differences {
        private final Predicate<IdHash> isLacking;
        private final List<Long> there = new ArrayList<>();
        private final Lacking here;

        /** @param isLacking whether what is found not to be here is to be counted */
        Findings(Predicate<IdHash> isLacking, Lacking here) {
            this.isLacking = isLacking;
            this.here = here;
        }

        @Override
        public void lackingThere(long tag) {
            there.add(tag);
        }

        @Override
        public void lackingHere(long high, long low) {
            IdHash id = new IdHash(high, low);
            if (isLacking.test(id)) {
                here.add(id);
            }
        }
    }

    /** A comparison, and what it found that we lack. */
    private record Compared(ReconcileReport report, Lacking lacking) {
    }

    private final Supplier<RelayConfig> config;
    private final Spool spool;
    private final BiPredicate<String, IdHash> isUnwanted;
    private final FeedManager feeds;
    private final InstantSource clock;
    private final Instant began;
    private final Map<String, Acquaintance> known = new LinkedHashMap<>();
    private final Map<String, Compared> compared = new ConcurrentHashMap<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("reconcile").factory());
    private volatile Optional<PeerTalk> talking = Optional.empty();
    private volatile boolean closing;
    private Future<?> looking = CompletableFuture.completedFuture(null);

    /**
     * Does nothing before {@link #look}.
     *
     * @param isUnwanted whether an article that the spool does not know would be refused if that
     *     peer sent it
     */
    public Reconciler(Supplier<RelayConfig> config, Spool spool,
            BiPredicate<String, IdHash> isUnwanted, FeedManager feeds, InstantSource clock) {
        this.isUnwanted = isUnwanted;
        this.config = config;
        this.spool = spool;
        this.feeds = feeds;
        this.clock = clock;
        this.began = clock.instant();
    }

    /** To be called every few seconds: compares with whom it is time to. Returns at once. */
    public synchronized void look() {
        if (looking.isDone()) {
            looking = worker.submit(this::lookNow);
        }
    }

    /** The last comparison with each peer, if there was one. */
    public Optional<ReconcileReport> report(String peer) {
        return Optional.ofNullable(compared.get(peer)).map(Compared::report);
    }

    /** How much of what the last comparison with a peer found lacking here has not come since. */
    public int stillLacking(String peer) {
        return Optional.ofNullable(compared.get(peer))
                .map(last -> last.lacking().left(id -> isLacking(peer, id))).orElse(0);
    }

    /** What was refused or taken back, and what is being stored, is not. */
    private boolean isLacking(String peer, IdHash id) {
        return spool.presence(id) == Presence.UNKNOWN && !isUnwanted.test(peer, id);
    }

    /**
     * Compares with a peer now and waits for the end.
     *
     * @throws IllegalArgumentException if we do not feed such a peer
     */
    public ReconcileReport compare(String peer, Duration back) {
        try {
            return worker.submit(() -> {
                FeedStatus feed = feeds.status().stream().filter(f -> f.peer().equals(peer))
                        .findFirst().orElseThrow(() -> new IllegalArgumentException(
                                "there is no peer " + peer + " that we feed"));
                return compare(feed, clock.instant().minus(back));
            }).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalArgumentException unknown) {
                throw unknown;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException | RejectedExecutionException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the relay is stopping", e);
        }
    }

    private void lookNow() {
        List<FeedStatus> all = feeds.status();
        known.keySet().removeIf(peer -> all.stream().noneMatch(f -> f.peer().equals(peer)));
        for (FeedStatus feed : all) {
            if (closing) {
                return;
            }
            try {
                Acquaintance acquaintance = acquaintance(feed.peer());
                acquaintance.lookFarBack(clock.instant());
                Agenda agenda = acquaintance.agenda;
                Optional<Instant> from = agenda.due(clock.instant(), isConnected(feed),
                        () -> isThrough(feed));
                if (from.isPresent()) {
                    boolean worked = compare(feed, from.get().minus(delay(peer(feed)))).problem()
                            .isEmpty();
                    if (worked) {
                        agenda.done(clock.instant());
                    } else {
                        agenda.failed(clock.instant());
                    }
                }
            } catch (RuntimeException e) {
                LOG.error("the comparison with {} failed", feed.peer(), e);
            }
        }
    }

    /**
     * Whether the feed has offered all that it is to have offered by now: on a busy relay it is
     * never through with everything.
     */
    private boolean isThrough(FeedStatus feed) {
        try {
            return feed.again() == 0
                    && feed.cursor() >= spool.sequenceBefore(comparedUntil(peer(feed)));
        } catch (IOException e) {
            LOG.warn("comparing with {} has to wait: {}", feed.peer(), e.getMessage());
            return false;
        }
    }

    /** What arrived later is on its way, or not to be sent yet. */
    private Instant comparedUntil(PeerConfig peer) {
        return clock.instant().minus(delay(peer)).minus(ON_ITS_WAY);
    }

    private static Duration delay(PeerConfig peer) {
        return peer.feed().delay();
    }

    private PeerConfig peer(FeedStatus feed) {
        return config.get().peers().stream()
                .filter(p -> p.name().equals(feed.peer())).findFirst().orElseThrow();
    }

    private static boolean isConnected(FeedStatus feed) {
        return feed.state() == FeedState.STREAMING || feed.state() == FeedState.IHAVE;
    }

    private Acquaintance acquaintance(String peer) {
        return known.computeIfAbsent(peer, name -> new Acquaintance(new Agenda(began,
                Duration.ofSeconds(Math.floorMod(name.hashCode(),
                        Agenda.SHORT_EVERY.toSeconds())))));
    }

    private ReconcileReport compare(FeedStatus feed, Instant from) {
        PeerConfig peer = peer(feed);
        Attempt attempt = new Attempt(peer, from);
        Optional<String> problem = Optional.empty();
        try {
            attempt.run();
        } catch (IOException | ReconcileException e) {
            problem = Optional.of(String.valueOf(e.getMessage()));
            LOG.warn("comparing with {}: {}", peer.name(), e.getMessage());
        }
        ReconcileReport report = attempt.report(problem);
        if (attempt.offered) {
            compared.put(peer.name(), new Compared(report, attempt.lackingHere));
        }
        return report;
    }

    /** One comparison, in as many steps as it takes to compare no more than fits in memory. */
    private final class Attempt {
        private final PeerConfig peer;
        private final FeedPolicy policy;
        private final Acquaintance acquaintance;
        private final Instant from;
        private final Instant until;
        private boolean offered = true;
        private int articles;
        private int lackingThere;
        private Lacking lackingHere = new Lacking();
        private int rounds;
        private long octets;

        Attempt(PeerConfig peer, Instant from) {
            this.peer = peer;
            this.policy = FeedPolicy.of(peer);
            this.acquaintance = acquaintance(peer.name());
            acquaintance.meet(feeds.declined(peer.name()));
            this.from = from;
            this.until = comparedUntil(peer);
        }

        void run() throws IOException, ReconcileException {
            try (PeerTalk talk = new PeerTalk(
                    events -> feeds.connect(peer, events), peer.link().login(), WHOLE)) {
                talking = Optional.of(talk);
                XreconClient client = new XreconClient(talk);
                offered = client.isOffered();
                if (offered) {
                    Instant horizon = Census.horizon(
                            spool.stats(), config.get().spool(), clock.instant());
                    Instant low = horizon.isAfter(from) ? horizon : from;
                    Scope fed = new Scope(low.getEpochSecond(), until.getEpochSecond(),
                            peer.feed().send(), Wildmat.ALL, peer.maxArticle());
                    compare(client, fed);
                    if (lackingHere.found() > 0 && !peer.accept().equals(Wildmat.ALL)) {
                        lackingHere = ofWhatWeTake(client, fed);
                    }
                }
            }
        }

        private void compare(XreconClient client, Scope proposed)
                throws IOException, ReconcileException {
            if (proposed.from() >= proposed.to()) {
                return; // One of the two has nothing that old.
            }
            ArticleSet mine;
            try {
                Scope scope = client.open(proposed);
                if (acquaintance.choosesAnew(client.choice())) {
                    feeds.forgetDeclined(peer.name());
                }
                mine = Census.take(spool, scope, this::isFed);
            } catch (TooManyArticlesException e) {
                long middle = (proposed.from() + proposed.to()) / 2;
                if (closing || middle - proposed.from() < SHORTEST.toSeconds()) {
                    throw e;
                }
                compare(client, proposed.until(middle));
                compare(client, proposed.since(middle));
                return;
            }
            Findings found = new Findings(this::isLacking, lackingHere);
            Asker asker = new Asker(mine, found);
            try {
                client.run(asker);
            } finally {
                articles += mine.size();
                rounds += asker.rounds();
                octets += asker.octets();
                offer(found.there);
            }
        }

        /**
         * What we lack was found by its hash alone, which does not tell its groups. So those that
         * we take from the peer are compared once more, by themselves; what is found there and was
         * not before is in other groups than are fed, and not what was asked about.
         */
        private Lacking ofWhatWeTake(XreconClient client, Scope fed)
                throws IOException, ReconcileException {
            Lacking lacking = new Lacking();
            Predicate<IdHash> before = lackingHere.known();
            Asker asker;
            try {
                asker = new Asker(Census.take(spool, client.open(fed.sending(peer.accept())),
                        entry -> true),
                        new Findings(id -> before.test(id) && isLacking(id), lacking));
            } catch (TooManyArticlesException e) {
                return lackingHere; // It can be too many, but not too few.
            }
            try {
                client.run(asker);
            } finally {
                rounds += asker.rounds();
                octets += asker.octets();
            }
            return lacking;
        }

        private boolean isLacking(IdHash id) {
            return Reconciler.this.isLacking(peer.name(), id);
        }

        /** What the feed would send, whoever it came from. */
        private boolean isFed(LogEntry entry) {
            return !acquaintance.pointless.contains(entry.sequence())
                    && policy.decide(entry.fromNobody()) == FeedPolicy.Verdict.OFFER;
        }

        private void offer(List<Long> sequences) {
            List<Long> worth = sequences.stream().filter(acquaintance::isWorthOffering).toList();
            lackingThere += worth.size();
            if (!worth.isEmpty()) {
                LOG.info("{} lacks {} articles, which are offered again", peer.name(),
                        worth.size());
                feeds.offerAgain(peer.name(), worth);
            }
        }

        ReconcileReport report(Optional<String> problem) {
            return new ReconcileReport(peer.name(), clock.instant(), from, until, articles,
                    lackingThere, lackingHere.found(), acquaintance.pointless.size(), rounds,
                    octets, problem);
        }
    }

    /** No interrupts: one would close the segment that is being read. */
    @Override
    public void close() {
        closing = true;
        worker.shutdown();
        talking.ifPresent(PeerTalk::close);
    }
}
