package net.spillway.relay.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import net.spillway.conf.AccessRule;
import net.spillway.conf.Cidr;
import net.spillway.conf.GroupConfig;
import net.spillway.conf.HostPort;
import net.spillway.conf.LimitsConfig;
import net.spillway.conf.ListenConfig;
import net.spillway.conf.ListsConfig;
import net.spillway.conf.PasswordFile;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.SpoolConfig;
import net.spillway.conf.StorageConfig;
import net.spillway.conf.UserConfig;
import net.spillway.conf.Wildmat;
import net.spillway.feed.OfferTable;
import net.spillway.protocol.NntpDate;
import net.spillway.relay.StandingClock;
import net.spillway.relay.access.AccessControl;
import net.spillway.relay.access.Allowances;
import net.spillway.relay.access.Client;
import net.spillway.relay.access.Logins;
import net.spillway.relay.intake.CancelSecret;
import net.spillway.relay.intake.Intake;
import net.spillway.relay.reconcile.Reconciliations;
import net.spillway.relay.session.Company;
import net.spillway.relay.session.Compressors;
import net.spillway.relay.session.Dialogue;
import net.spillway.relay.session.HalfSent;
import net.spillway.relay.session.RelayParts;
import net.spillway.relay.session.Traffic;
import net.spillway.relay.trace.Decisions;
import net.spillway.spool.Spool;

/**
 * The commands on a real spool, without sockets. 127/8 may read and post all but what is secret,
 * 192.0.2.1 and .2 are peers, 192.0.2.64/26 reads a.one, bob (when logged in) may do everything,
 * and others nothing.
 */
final class TestRelay implements AutoCloseable {
    static final String DATE = NntpDate.formatHeader(Instant.now());
    static final String PASSWORD = "open sesame";

    private final List<Dialogue> open = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final FillableDisk disk = new FillableDisk();
    private final Spool spool;
    private final RelayParts parts;
    private final Logins logins;
    private final AtomicReference<RelayConfig> current;
    private List<String> reloadFaults = List.of();
    private final StandingClock clock = new StandingClock(Instant.now());

    TestRelay(Path dir) throws Exception {
        this(dir, List.of());
    }

    /** @param first rules that are asked before those above */
    TestRelay(Path dir, List<AccessRule> first) throws Exception {
        this(dir, first, List.of());
    }

    TestRelay(Path dir, List<AccessRule> first, List<StorageConfig> storage) throws Exception {
        RelayConfig config = config(dir, first, storage);
        current = new AtomicReference<>(config);
        spool = Spool.open(config.spool(), config.identity(), clock, disk);
        for (GroupConfig group : config.groups()) {
            spool.createGroup(group.name(), group.status(), group.description());
        }
        AccessControl access = new AccessControl(current::get);
        logins = new Logins(clock, access::authenticates);
        parts = new RelayParts(current::get, spool,
                new Intake(config, spool, clock, CancelSecret.random(), timer,
                        new Decisions(clock)),
                new OfferTable(clock), access, new Allowances(Clock.systemUTC()), logins,
                new Traffic(clock.instant()),
                List::of, name -> { }, new Compressors(1), new HalfSent(), new Company(),
                new Reconciliations(spool, config.spool(), clock, timer), null, () -> true,
                () -> reloadFaults, clock, timer);
    }

    private static RelayConfig config(Path dir, List<AccessRule> first,
            List<StorageConfig> storage) throws Exception {
        Path password = Files.writeString(dir.resolve("password"), PASSWORD + "\n");
        AccessRule admins = new AccessRule("admins", List.of(), Set.of("bob"), false,
                Wildmat.ALL, Wildmat.ALL, true, true);
        AccessRule readers = new AccessRule("readers", List.of(Cidr.parse("127.0.0.0/8")),
                Set.of(), false, Wildmat.parse("*,!*.secret"), Wildmat.parse("*,!*.secret"),
                true, false);
        AccessRule lookers = new AccessRule("lookers", List.of(Cidr.parse("192.0.2.64/26")),
                Set.of(), false, Wildmat.parse("a.one"), Wildmat.NONE, false, false);
        List<AccessRule> rules = new ArrayList<>(first);
        rules.addAll(List.of(admins, readers, lookers));
        PeerConfig peer = PeerConfig.receivingFrom("b.example", List.of(Cidr.parse("192.0.2.1")));
        PeerConfig rival = PeerConfig.receivingFrom("c.example", List.of(Cidr.parse("192.0.2.2")));
        return new RelayConfig("us.example", dir,
                List.of(new ListenConfig(HostPort.of("127.0.0.1", 0), false)), Optional.empty(),
                List.of(new GroupConfig("a.one", 'y', "The first"),
                        new GroupConfig("a.two", 'y', ""), new GroupConfig("a.mod", 'm', "Quiet"),
                        new GroupConfig("a.secret", 'y', "Hush")),
                rules,
                List.of(new UserConfig("bob", new PasswordFile(password))), Optional.empty(),
                List.of(peer, rival), SpoolConfig.at(dir.resolve("spool")).with(storage),
                LimitsConfig.DEFAULT,
                new ListsConfig(List.of("Hello", ".dot"), List.of(), List.of(), List.of(),
                        List.of()));
    }

    Spool spool() {
        return spool;
    }

    OfferTable offers() {
        return parts.offers();
    }

    /** What loading the configuration anew is to find wrong. */
    void reloadFinds(List<String> faults) {
        reloadFaults = faults;
    }

    /** From now on of the groups with these names articles are taken from peers, and no others. */
    void take(String accept) {
        RelayConfig old = current.get();
        current.set(old.with(old.peers().stream().map(p -> new PeerConfig(p.name(), p.identity(),
                p.address(), p.from(), p.user(), p.certificates(), Wildmat.parse(accept),
                p.maxArticle(), p.feed(), p.link())).toList(), old.users()));
        parts.intake().follow(current.get());
    }

    /** By its clock, which stands still otherwise. */
    void passes(Duration time) {
        clock.pass(time);
    }

    FillableDisk disk() {
        return disk;
    }

    Dialogue from(String address, boolean tls) throws Exception {
        Dialogue dialogue = new Dialogue(new NntpCommands().table(), parts,
                new Client(InetAddress.ofLiteral(address), tls), address + "#" + open.size());
        open.add(dialogue);
        return dialogue;
    }

    /** Three articles in a.one; the second also in a.two, the third in a.secret. */
    void fill() throws Exception {
        assertEquals("239 <1@x>\n239 <2@x>\n239 <3@x>\n", from("192.0.2.1", false).ask(
                "TAKETHIS <1@x>", wire("1@x", "a.one"),
                "TAKETHIS <2@x>", wire("2@x", "a.one,a.two"),
                "TAKETHIS <3@x>", wire("3@x", "a.one,a.secret")));
    }

    static String post(String id, String groups, String body) {
        return "POST\nFrom: a@x.example\nNewsgroups: " + groups + "\nSubject: About " + id
                + "\nMessage-ID: <" + id + ">\nDate: " + DATE + "\n\n" + body + ".";
    }

    static String wire(String id, String groups) {
        return "Path: b.example!not-for-mail\nFrom: a@x.example\nNewsgroups: " + groups
                + "\nSubject: About " + id + "\nMessage-ID: <" + id + ">\nDate: " + DATE
                + "\n\nbody\n.";
    }

    @Override
    public void close() throws Exception {
        for (Dialogue dialogue : open) {
            dialogue.close();
        }
        logins.close();
        timer.shutdownNow();
        spool.close();
    }
}
