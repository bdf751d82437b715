package net.spillway.relay.peering;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.spillway.conf.ConfigException;
import net.spillway.conf.HostPort;
import net.spillway.conf.JoinedPeers;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.Wildmat;
import net.spillway.feed.FeedManager;
import net.spillway.feed.FeedStatus;
import net.spillway.feed.reconcile.PeerTalk;
import net.spillway.feed.reconcile.ReconcileReport;
import net.spillway.feed.reconcile.Reconciler;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;
import net.spillway.spool.Spool;
import net.spillway.spool.StoredArticle;
import net.spillway.spool.segment.SegmentDamagedException;
import net.spillway.spool.segment.SegmentUnreadableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an admin can do about peers while the relay runs, and what peers may do about themselves.
 * Most of it waits for the disk: it is for threads of {@link #worker}. What waits for a peer, which
 * may take its time, is for those of {@link #talker}.
 */
public final class PeerAdmin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerAdmin.class);
    /** So many conversations with peers at once. */
    private static final int TALKS = 4;
    /** The answer to what can be asked again later. */
    public static final int TOO_SOON = 491;
    private static final String NOT_FED = "we do not feed you";
    /** A peer may change what it is fed so often. */
    private static final Duration SUBSCRIBE_EVERY = Duration.ofMinutes(1);

    private final Supplier<RelayConfig> config;
    private final Spool spool;
    private final FeedManager feeds;
    private final Reconciler reconciler;
    private final Callable<List<String>> reload;
    private final Executor worker;
    private final Clock clock;
    private final PeerFolder folder;
    private final Joining joining;
    private final Backfills backfills;
    private final LostArticles lost;
    private final ExecutorService talker = threads(TALKS, "peer-talk-");
    private final ExecutorService reader = threads(1, "peer-reads-");
    private final AtomicBoolean asking = new AtomicBoolean();
    private final Map<String, Instant> subscribed = new ConcurrentHashMap<>();

    /**
     * Looks after the peers of this relay.
     *
     * @param listening where the relay can be reached, as far as it knows
     * @param willCome is told of articles that were lost here and may be sent again
     */
    public PeerAdmin(Supplier<RelayConfig> config, Spool spool, FeedManager feeds,
            Reconciler reconciler, Callable<List<String>> reload,
            Supplier<List<HostPort>> listening, Consumer<MessageId> willCome, Executor worker,
            Clock clock) {
        this.config = config;
        this.spool = spool;
        this.feeds = feeds;
        this.reconciler = reconciler;
        this.reload = reload;
        this.worker = worker;
        this.clock = clock;
        this.folder = new PeerFolder(JoinedPeers.folder(config.get()));
        this.joining = new Joining(config, folder, spool, clock, reload, listening,
                this::callNow, this::test);
        this.lost = new LostArticles(this::call, willCome, this::isKnown,
                () -> config.get().spool().remember(), clock);
        this.backfills = new Backfills(folder, spool, feeds::status, feeds::offerAgain);
    }

    private PeerTalk call(PeerConfig peer) throws IOException {
        return new PeerTalk(events -> feeds.connect(peer, events), peer.link().login());
    }

    /** For whoever waits: 'spillway peer' waits a minute for what comes of it. */
    private PeerTalk callNow(PeerConfig peer) throws IOException {
        return new PeerTalk(events -> feeds.connect(peer, events), peer.link().login(),
                Duration.ofSeconds(30), Duration.ofSeconds(45));
    }

    /** Within what whoever has joined waits for our answer. */
    private List<PeerStep> test(PeerConfig peer) {
        return new PeerTest(peer, spool, p -> new PeerTalk(events -> feeds.connect(p, events),
                p.link().login(), Duration.ofSeconds(8), Duration.ofSeconds(18))).run();
    }

    private static ExecutorService threads(int most, String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(most, most, 30, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), Thread.ofPlatform().daemon().name(name, 1).factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private boolean isKnown(MessageId id) {
        return switch (spool.presence(id)) {
            case STORED, REMEMBERED -> true;
            case PENDING, UNKNOWN -> false;
        };
    }

    /** May wait for the disk. */
    public Executor worker() {
        return worker;
    }

    /** May wait for a peer. */
    public Executor talker() {
        return talker;
    }

    /** May read whole articles, one after the other. */
    public Executor reader() {
        return reader;
    }

    /** How often {@link #step} is to be called. */
    public static Duration every() {
        return Backfills.every();
    }

    /** Goes on with what takes its time. */
    public void step() {
        backfills.step();
        if (asking.compareAndSet(false, true)) {
            talker.execute(() -> {
                try {
                    lost.step(fed(config.get()), this::connectedSince);
                } catch (RuntimeException e) {
                    LOG.error("lost articles could not be asked for", e);
                } finally {
                    asking.set(false);
                }
            });
        }
    }

    private Optional<Instant> connectedSince(String peer) {
        return feeds.status().stream().filter(f -> f.peer().equals(peer)).findFirst()
                .flatMap(FeedStatus::connectedSince);
    }

    /** Begins no more conversations; those under way end with the feeds' connections. */
    @Override
    public void close() {
        talker.shutdown();
        reader.shutdown();
    }

    /** An article was found damaged here. */
    public void lost(MessageId id) {
        lost.add(id);
    }

    /** A peer has lost an article and wants it again; empty if it will be offered. */
    public Optional<String> want(PeerConfig peer, MessageId id) throws IOException {
        if (!feeds.feeds(peer.name())) {
            return Optional.of(NOT_FED);
        }
        try (StoredArticle article = spool.openIntact(id).orElse(null)) {
            if (article == null) {
                return Optional.of("it is not here");
            }
            return feeds.offerAsked(peer.name(), article.sequence()) ? Optional.empty()
                    : Optional.of(NOT_FED);
        } catch (SegmentDamagedException | SegmentUnreadableException e) {
            LOG.info("{} wants {}, which is damaged here too: {}", peer.name(), id,
                    e.getMessage());
            return Optional.of("it is damaged here too");
        }
    }

    /** The peers that are fed at the moment: those that are not paused. */
    public static List<PeerConfig> fed(RelayConfig config) {
        return config.peers().stream()
                .filter(peer -> !JoinedPeers.isPaused(config, peer.name())).toList();
    }

    /** Makes a token; see {@link Joining}. Behind it stands what is probably not meant. */
    public List<String> invite(String name, Wildmat send, Wildmat accept,
            Optional<HostPort> address, Duration valid) throws PeeringException, IOException {
        String token = joining.invite(name, send, accept, address, valid);
        return spool.groups().stream().anyMatch(group -> send.matches(group.name()))
                ? List.of(token) : List.of(token, "no group that is carried here matches " + send
                        + ", so " + name + " would be sent nothing");
    }

    /** Joins whoever gave out a token. */
    public String accept(String token, Optional<Wildmat> offered, Optional<HostPort> address)
            throws PeeringException, IOException {
        return joining.accept(token, offered, address);
    }

    /** Lets the bearer of a token join. */
    public List<String> admit(String word) throws PeeringException, IOException {
        return joining.admit(word);
    }

    private PeerConfig peer(String name) throws PeeringException {
        return config.get().peers().stream().filter(peer -> peer.name().equals(name)).findFirst()
                .orElseThrow(() -> new PeeringException("there is no peer " + name
                        + "; 'spillway peer list' names them"));
    }

    /** All peers, or that one, with what is known of each, and who was invited. */
    public List<Map<String, Object>> list(Optional<String> only)
            throws PeeringException, IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        config.get().peers().stream().filter(peer -> only.orElse(peer.name()).equals(peer.name()))
                .forEach(peer -> all.add(describe(peer)));
        joining.invitations().stream()
                .filter(invited -> only.orElse(invited.name()).equals(invited.name()))
                .forEach(invited -> all.add(describe(invited)));
        if (only.isPresent() && all.isEmpty()) {
            peer(only.get());
        }
        return all;
    }

    private static Map<String, Object> describe(Joining.Invitation invited) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("peer", invited.name());
        fields.put("from", "token");
        fields.put("state", "INVITED");
        fields.put("accept", invited.accept());
        fields.put("send", invited.send());
        fields.put("until", invited.until());
        return fields;
    }

    private Map<String, Object> describe(PeerConfig peer) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("peer", peer.name());
        fields.put("identity", peer.identity());
        fields.put("from", joining.hasJoined(peer.name()) ? "token" : "configuration");
        fields.put("address", peer.address().map(HostPort::toString).orElse(null));
        fields.put("knownBy", knownBy(peer));
        fields.put("accept", peer.accept());
        fields.put("send", peer.feed().send());
        fields.put("paused", JoinedPeers.isPaused(config.get(), peer.name()));
        Optional<FeedStatus> feed = feeds.status().stream()
                .filter(f -> f.peer().equals(peer.name())).findFirst();
        fields.put("state", feed.map(f -> f.state().toString()).orElse("-"));
        fields.put("lag", feed.map(FeedStatus::lag).orElse(null));
        fields.put("waiting", feed.map(FeedStatus::waiting).orElse(null));
        fields.put("accepted", feed.map(FeedStatus::accepted).orElse(null));
        fields.put("lastError", feed.flatMap(FeedStatus::lastError).orElse(null));
        fields.put("lastErrorAt", feed.flatMap(FeedStatus::lastErrorAt).orElse(null));
        fields.put("connectedSince", feed.flatMap(FeedStatus::connectedSince).orElse(null));
        fields.put("backfillLeft", backfills.left(peer.name()).orElse(null));
        Optional<ReconcileReport> compared = reconciler.report(peer.name());
        fields.put("comparedAt", compared.map(ReconcileReport::at).orElse(null));
        fields.put("comparedFrom", compared.map(ReconcileReport::from).orElse(null));
        fields.put("lackedThere", compared.map(ReconcileReport::lackingThere).orElse(null));
        fields.put("lackedHere", compared.map(ReconcileReport::lackingHere).orElse(null));
        fields.put("comparing", compared.flatMap(ReconcileReport::problem).orElse(null));
        return fields;
    }

    private static String knownBy(PeerConfig peer) {
        List<String> ways = new ArrayList<>();
        peer.user().ifPresent(user -> ways.add("login " + user));
        if (!peer.certificates().isEmpty()) {
            ways.add("certificate");
        }
        if (!peer.from().isEmpty()) {
            ways.add("address");
        }
        return ways.isEmpty() ? "nothing: it sends us nothing" : String.join(", ", ways);
    }

    /** Tries to reach a peer, step by step, up to the first that fails. */
    public List<PeerStep> test(String name) throws PeeringException {
        return test(peer(name));
    }

    /** Stops feeding a peer, or goes on where it stood. */
    public String pause(String name, boolean pause) throws PeeringException, IOException {
        boolean fed = peer(name).address().isPresent();
        if (pause && !fed) {
            throw new PeeringException("we do not feed " + name + ": it has no address, so there is"
                    + " nothing to pause; what it sends is taken");
        }
        if (pause && JoinedPeers.isPaused(config.get(), name)) {
            return name + " is paused already, until 'spillway peer resume'";
        }
        if (pause) {
            folder.write(name + ".paused", "");
        } else if (!folder.delete(name + ".paused")) {
            throw new PeeringException(name + " is not paused");
        }
        apply();
        return name + (pause ? " is fed nothing until 'spillway peer resume'"
                : " is fed again from where it stood");
    }

    private void apply() throws PeeringException, IOException {
        try {
            List<String> wrong = reload.call();
            if (!wrong.isEmpty()) {
                throw new PeeringException("it holds after the next reload; for now: "
                        + wrong.getFirst());
            }
        } catch (PeeringException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** Takes a peer out that joined by a token, and has the tokens for it work no more. */
    public String remove(String name) throws PeeringException, IOException {
        int withdrawn = joining.withdraw(name);
        if (withdrawn > 0 && config.get().peers().stream().noneMatch(p -> p.name().equals(name))) {
            return "withdrew " + withdrawn + (withdrawn == 1 ? " token" : " tokens") + " for "
                    + name;
        }
        peer(name);
        if (!joining.hasJoined(name)) {
            throw new PeeringException(name
                    + " stands in the configuration: take it out there, and reload");
        }
        folder.forget(name);
        apply();
        return "removed " + name + "; it may still have us as its peer";
    }

    /** Has a peer offered what arrived since then, behind the live feed. */
    public String backfill(String name, Instant since, long bytesPerSecond)
            throws PeeringException, IOException {
        if (peer(name).address().isEmpty()) {
            throw new PeeringException("we do not feed " + name + ": it has no address");
        }
        if (since.isAfter(clock.instant())) {
            throw new PeeringException(since + " is yet to come; say since when in the past");
        }
        String instead = backfills.left(name).map(left -> "; the one before, with " + left
                + " left, is given up for it").orElse("");
        long count = backfills.begin(name, since, bytesPerSecond);
        return "about " + count + (count == 1 ? " article is" : " articles are")
                + " looked through for " + name + ", behind what is new" + instead;
    }

    /** Compares with a peer now. */
    public ReconcileReport compare(String name, Duration back) throws PeeringException {
        if (peer(name).address().isEmpty()) {
            throw new PeeringException("we do not feed " + name + ": it has no address");
        }
        if (JoinedPeers.isPaused(config.get(), name)) {
            throw new PeeringException(name + " is paused; 'spillway peer resume " + name
                    + "' first");
        }
        try {
            return reconciler.compare(name, back);
        } catch (IllegalArgumentException e) {
            throw new PeeringException(e.getMessage(), e);
        }
    }

    /** Asks a peer to feed us only those groups of what it would; nothing: says what it does. */
    public String subscribe(String name, Optional<Wildmat> wanted)
            throws PeeringException, IOException {
        PeerConfig peer = peer(name);
        if (peer.address().isEmpty()) {
            throw new PeeringException(name + " has no address here, so it cannot be asked");
        }
        try (PeerTalk talk = callNow(peer)) {
            Reply reply = talk.ask("XSPILLWAY SUBSCRIPTION"
                    + wanted.map(w -> " " + w).orElse(""));
            if (reply.code() == TOO_SOON) {
                throw PeeringException.temporary(name + " says: " + reply.text());
            }
            if (reply.code() / 100 != 2) {
                throw new PeeringException(name + " says: " + reply.text());
            }
            return name + ": " + reply.text();
        } catch (IOException e) {
            throw new PeeringException(name + ": " + e.getMessage(), e);
        }
    }

    /** A peer asks what it is fed, or wants only those groups of it from now on. */
    public String subscription(PeerConfig peer, Optional<Wildmat> wanted)
            throws PeeringException, IOException {
        try {
            if (wanted.isPresent()) {
                peer(peer.name());
                subscribe(peer.name(), wanted.get());
            }
            Optional<Wildmat> narrowed = JoinedPeers.subscription(config.get(), peer.name());
            Wildmat send = peer(peer.name()).feed().send();
            boolean none = !spool.groups().isEmpty() && spool.groups().stream()
                    .noneMatch(group -> send.matches(group.name()));
            return "you are fed " + (narrowed.isEmpty() ? send
                    : narrowed.get() + ", out of " + send.toString().split("; ")[0])
                    + (none ? "; no group that is carried here is among them" : "");
        } catch (ConfigException e) {
            throw new PeeringException(e.getMessage(), e);
        }
    }

    /** Each change loads the configuration anew, so there are none that change nothing. */
    private void subscribe(String peer, Wildmat wanted)
            throws ConfigException, PeeringException, IOException {
        if (wanted.equals(JoinedPeers.subscription(config.get(), peer).orElse(Wildmat.ALL))) {
            return;
        }
        Instant now = clock.instant();
        Instant before = subscribed.put(peer, now);
        if (before != null && now.isBefore(before.plus(SUBSCRIBE_EVERY))) {
            subscribed.put(peer, before);
            throw PeeringException.temporary("you have changed it a moment ago; try again in "
                    + (Duration.between(now, before.plus(SUBSCRIBE_EVERY)).toSeconds() + 1)
                    + " seconds");
        }
        if (wanted.equals(Wildmat.ALL)) {
            folder.delete(peer + ".subscription");
        } else {
            folder.write(peer + ".subscription", wanted + "\n");
        }
        apply();
    }

    /** What is not as it should be, or could soon not be. */
    public List<Map<String, Object>> doctor() {
        return new Doctor(config.get(), spool, feeds.status(), reconciler::report,
                reconciler::stillLacking, lost::example, this::callNow, clock).examine();
    }
}
