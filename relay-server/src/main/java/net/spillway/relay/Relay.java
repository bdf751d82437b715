package net.spillway.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import net.spillway.conf.AdminConfig;
import net.spillway.conf.ConfigException;
import net.spillway.conf.ConfigProblem;
import net.spillway.conf.GroupConfig;
import net.spillway.conf.HostPort;
import net.spillway.conf.ListenConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.feed.FeedManager;
import net.spillway.feed.FeedStatus;
import net.spillway.feed.OfferTable;
import net.spillway.feed.reconcile.ReconcileReport;
import net.spillway.feed.reconcile.Reconciler;
import net.spillway.relay.access.AccessControl;
import net.spillway.relay.access.Allowances;
import net.spillway.relay.access.Client;
import net.spillway.relay.access.Logins;
import net.spillway.relay.admin.AdminServer;
import net.spillway.relay.command.NntpCommands;
import net.spillway.relay.intake.CancelSecret;
import net.spillway.relay.intake.Intake;
import net.spillway.relay.peering.PeerAdmin;
import net.spillway.relay.reconcile.Reconciliations;
import net.spillway.relay.session.CommandTable;
import net.spillway.relay.session.Company;
import net.spillway.relay.session.Compressors;
import net.spillway.relay.session.Conversation;
import net.spillway.relay.session.HalfSent;
import net.spillway.relay.session.NntpSession;
import net.spillway.relay.session.Outlet;
import net.spillway.relay.session.RelayParts;
import net.spillway.relay.session.SessionExecutor;
import net.spillway.relay.session.Traffic;
import net.spillway.relay.status.History;
import net.spillway.relay.status.StatusReader;
import net.spillway.relay.trace.Decisions;
import net.spillway.relay.transport.Listeners;
import net.spillway.relay.transport.ServerTls;
import net.spillway.spool.Spool;
import net.spillway.spool.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running relay. */
public final class Relay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    /** How long clients have to take the answers they wait for when the relay stops. */
    private static final Duration FAREWELL = Duration.ofSeconds(3);
    private static final Duration EXPIRY_EVERY = Duration.ofMinutes(1);
    /** How often it is asked whether it is time to compare with a peer. */
    private static final Duration COMPARE_EVERY = Duration.ofSeconds(2);
    /** Soon: a relay that was away for long has much to drop. */
    private static final Duration FIRST_EXPIRY = Duration.ofMillis(500);
    /** Sessions wait for the disk now and then, so more threads than cores. */
    private static final int THREADS = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());

    private final AtomicReference<RelayConfig> current;
    private final ConfigSource source;
    private final Clock clock = Clock.systemUTC();
    private final CommandTable table = new NntpCommands().table();
    private final AtomicLong sessions = new AtomicLong();
    /** What our feeds show to peers that ask who we are. */
    private final AtomicReference<KeyManager[]> shown = new AtomicReference<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    /** What has been opened, newest first: closed in this order. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private Listeners listeners;
    private FeedManager feeds;
    private Reconciler reconciler;
    private Spool spool;
    private RelayParts parts;
    private volatile Optional<ServerTls> certificate = Optional.empty();
    private Optional<AdminServer> adminPage = Optional.empty();
    private volatile boolean running;
    private boolean closing;

    private Relay(RelayConfig config, ConfigSource source) {
        this.current = new AtomicReference<>(config);
        this.source = source;
    }

    /** Where the configuration comes from when it is to be loaded anew. */
    @FunctionalInterface
    public interface ConfigSource {
        /** @throws ConfigException with all that is wrong with it */
        RelayConfig load() throws ConfigException;
    }

    /**
     * Opens the spool, starts the feeds and listens. When it returns, clients are served.
     *
     * @throws IOException with a message for the admin: the spool is locked or too new, an address
     *     is in use, a certificate cannot be read. Nothing is left open then
     */
    public static Relay start(RelayConfig config) throws IOException {
        return start(config, () -> config);
    }

    /** As {@link #start(RelayConfig)}, with a configuration that {@link #reload} can load anew. */
    public static Relay start(RelayConfig config, ConfigSource source) throws IOException {
        Relay relay = new Relay(config, source);
        try {
            relay.open();
            return relay;
        } catch (IOException | RuntimeException e) {
            relay.close();
            throw e;
        }
    }

    private void open() throws IOException {
        RelayConfig config = current.get();
        if (config.tls().isEmpty() && config.listen().stream().anyMatch(ListenConfig::tls)) {
            throw new IOException("a TLS listener needs a certificate: set [tls]");
        }
        Optional<ServerTls> tls = config.tls().isEmpty() ? Optional.empty()
                : Optional.of(ServerTls.load(config.tls().get(), asksForCertificates(config)));
        certificate = tls;
        config.tls().flatMap(shown -> ConfigTrial.expiry(shown, clock.instant()))
                .ifPresent(LOG::warn);
        ConfigTrial.requireUsers(config);
        spool = Spool.open(config.spool(), config.identity(), clock);
        opened.push(spool);
        makeGroups(config);
        ExecutorService threads = threads();
        opened.push(() -> stop(threads));
        Housekeeping housekeeping = new Housekeeping();
        opened.push(() -> stop(housekeeping.threads()));
        ExecutorService gatherer = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("reconcile-answer").factory());
        opened.push(gatherer::shutdown);
        ScheduledExecutorService timer = timer();
        opened.push(timer::shutdownNow);
        tls.ifPresent(t -> shown.set(t.keys()));
        Decisions decisions = new Decisions(clock);
        feeds = new FeedManager(spool, config.with(PeerAdmin.fed(config), config.users()),
                shown::get, decisions::said);
        opened.push(feeds);
        Intake intake = new Intake(config, spool, clock,
                CancelSecret.load(config.data().resolve("cancel.secret")), threads, decisions);
        reconciler = new Reconciler(current::get, spool, intake::isUnwanted, feeds, clock);
        PeerAdmin peering = new PeerAdmin(current::get, spool, feeds, reconciler, this::reload,
                this::reachableAt, intake::want, threads, clock);
        opened.push(peering);
        Subscription damage = spool.onDamage(peering::lost);
        opened.push(damage::close);
        AccessControl access = new AccessControl(current::get);
        Logins logins = new Logins(clock, access::authenticates);
        opened.push(logins);
        parts = new RelayParts(current::get, spool, intake, new OfferTable(Relay::uptime), access,
                new Allowances(clock), logins,
                new Traffic(clock.instant()), feeds, feeds::peerSeen,
                new Compressors(Compressors.MOST), new HalfSent(), new Company(),
                new Reconciliations(spool, config.spool(), clock, gatherer), peering,
                () -> current.get().tls().isPresent(),
                this::reload, clock, timer);
        feeds.start();
        opened.push(reconciler);
        housekeeping.regularly("looking after peers", peering::step, PeerAdmin.every(),
                PeerAdmin.every());
        timer.scheduleWithFixedDelay(reconciler::look, COMPARE_EVERY.toMillis(),
                COMPARE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        listeners = new Listeners(config.limits(), threads, this::session);
        opened.push(listeners);
        listeners.bind(config.listen(), tls);
        openAdminPage(config, housekeeping);
        housekeeping.regularly("expiry", this::expire, FIRST_EXPIRY, EXPIRY_EVERY);
        running = true;
        LOG.info("{} listens on {}", config.identity(), listeners.addresses().stream()
                .map(a -> HostPort.of(a.getAddress().getHostAddress(), a.getPort()).hostAndPort())
                .collect(Collectors.joining(", ")));
    }

    private void openAdminPage(RelayConfig config, Housekeeping housekeeping)
            throws IOException {
        if (config.admin().isEmpty()) {
            return;
        }
        History history = new History(parts);
        adminPage = Optional.of(new AdminServer(config.admin().get(),
                () -> certificate.map(ServerTls::context), new StatusReader(parts), history,
                () -> current.get().admin().map(AdminConfig::metricsFrom).orElse(List.of())));
        opened.push(adminPage.get());
        housekeeping.regularly("the charts' next sample", history::sample, History.EVERY,
                History.EVERY);
    }

    /** Where the admin page is; empty if there is none. */
    public Optional<String> adminPage() {
        return adminPage.map(AdminServer::url);
    }

    /** What goes on when somebody sets the clock. */
    private static Instant uptime() {
        return Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    private static boolean asksForCertificates(RelayConfig config) {
        return config.access().stream().anyMatch(rule -> !rule.certificates().isEmpty())
                || config.peers().stream().anyMatch(peer -> !peer.certificates().isEmpty());
    }

    /** All at once, so that they share the disk's writes: there may be thousands. */
    private void makeGroups(RelayConfig config) throws IOException {
        List<Future<Void>> made = new ArrayList<>();
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            for (GroupConfig group : config.groups()) {
                made.add(each.submit(() -> {
                    spool.createGroup(group.name(), group.status(), group.description());
                    return null;
                }));
            }
            for (Future<Void> one : made) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while groups were made", e);
        }
    }

    /**
     * Loads the configuration anew and applies it whole, or not at all. Nobody is disconnected but
     * who has become one too many; rights hold from each client's next command on.
     *
     * @return what is wrong with it, a line each; nothing has changed then, but that some groups
     *     it adds may be there if the disk failed. Empty: it holds now
     */
    public List<String> reload() {
        synchronized (current) {
            List<String> wrong = reloadNow();
            if (wrong.isEmpty()) {
                LOG.info("the configuration was loaded anew");
            } else {
                LOG.error("the configuration was not loaded anew, the old one holds: {}",
                        String.join("; ", wrong));
            }
            return wrong;
        }
    }

    private List<String> reloadNow() {
        RelayConfig old = current.get();
        try {
            RelayConfig wanted = source.load();
            List<String> fixed = ConfigChange.needingRestart(old, wanted);
            if (!fixed.isEmpty()) {
                return fixed;
            }
            Optional<ServerTls> tls = wanted.tls().isEmpty() ? Optional.empty()
                    : Optional.of(ServerTls.load(wanted.tls().get(), asksForCertificates(wanted)));
            ConfigTrial.requireUsers(wanted);
            feeds.apply(PeerAdmin.fed(wanted));
            try {
                makeGroups(wanted); // Last of what can fail, since it cannot be undone.
            } catch (IOException e) {
                feeds.apply(PeerAdmin.fed(old));
                throw e;
            }
            tls.ifPresent(t -> shown.set(t.keys()));
            tls.ifPresent(listeners::show);
            certificate = tls;
            listeners.limits(wanted.limits());
            current.set(wanted);
            parts.intake().follow(wanted);
            return List.of();
        } catch (ConfigException e) {
            return e.problems().stream().map(ConfigProblem::toString).toList();
        } catch (IOException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private NntpSession session(Client client, Outlet outlet, SessionExecutor strand) {
        String name = client.address().getHostAddress() + "#" + sessions.incrementAndGet();
        return new NntpSession(table, new Conversation(parts, client, name), outlet, strand,
                current.get().limits().pipelineBytes());
    }

    private void expire() throws IOException {
        spool.expire(clock.instant()); // It tells the log what it has dropped.
    }

    /** Where it listens, in the order of the configuration; ports that were 0 are the real ones. */
    public List<InetSocketAddress> nntpAddresses() {
        return listeners.addresses();
    }

    /** Addresses of this machine only help who is on it, so they come last. */
    private List<HostPort> reachableAt() {
        List<HostPort> reachable = new ArrayList<>();
        List<ListenConfig> wanted = current.get().listen();
        List<InetSocketAddress> bound = listeners.addresses();
        for (int i = 0; i < Math.min(wanted.size(), bound.size()); i++) {
            InetAddress address = bound.get(i).getAddress();
            String host = address.isAnyLocalAddress() ? current.get().identity()
                    : address.getHostAddress();
            HostPort at = HostPort.parse((wanted.get(i).tls() ? "nntps://" : "nntp://")
                    + (host.contains(":") ? "[" + host + "]" : host) + ":"
                    + bound.get(i).getPort());
            reachable.add(at);
        }
        reachable.sort(Comparator.comparing((HostPort at) -> at.host().startsWith("127.")
                || at.host().equals("0:0:0:0:0:0:0:1")).thenComparing(at -> !at.tls()));
        return reachable;
    }

    /** What can be done about its peers. */
    public PeerAdmin peers() {
        return parts.peering();
    }

    /** How its feeds are. */
    public List<FeedStatus> feeds() {
        return feeds.status();
    }

    /**
     * Compares with a peer that we feed what it has with what we have, so far back, and has what it
     * lacks offered again. Waits for the comparison.
     *
     * @throws IllegalArgumentException if there is no such peer
     */
    public ReconcileReport compare(String peer, Duration back) {
        return reconciler.compare(peer, back);
    }

    /** Waits until the relay has been closed. */
    public void awaitStopped() throws InterruptedException {
        stopped.await();
    }

    /** Stops cleanly: no new connections, replies under way are finished, feeds, then spool. */
    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
        }
        if (listeners != null) {
            listeners.shutDown();
            awaitQuiet();
        }
        for (AutoCloseable part : opened) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("something could not be closed properly", e);
            }
        }
        if (running) {
            LOG.info("{} has stopped", current.get().identity());
        }
        stopped.countDown();
    }

    private void awaitQuiet() {
        long end = System.nanoTime() + FAREWELL.toNanos();
        try {
            while (!listeners.isQuiet() && System.nanoTime() < end) {
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ExecutorService threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), Thread.ofPlatform().name("session-", 1).factory());
        threads.allowCoreThreadTimeOut(true);
        // A connection's last words may come after the stop; nobody waits for them any more.
        threads.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return threads;
    }

    private static ScheduledExecutorService timer() {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("timer").factory());
    }

    private static void stop(ExecutorService threads) throws InterruptedException {
        // Not shutdownNow: an interrupt closes whatever segment its thread is reading.
        threads.shutdown();
        if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
            LOG.warn("something that was under way did not stop in time");
        }
    }
}
