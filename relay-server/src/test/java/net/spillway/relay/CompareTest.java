package net.spillway.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import net.spillway.conf.Cidr;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.FeedConfig;
import net.spillway.conf.GroupConfig;
import net.spillway.conf.HostPort;
import net.spillway.conf.LinkConfig;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.Wildmat;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.NntpDate;
import net.spillway.relay.transport.RawClient;
import net.spillway.spool.FeedPosition;
import net.spillway.spool.NewArticle;
import net.spillway.spool.Spool;
import net.spillway.spool.StoreOutcome;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two relays that compare what they have (XRECON), over sockets. */
class CompareTest {
    private static final HostPort ANY = HostPort.of("127.0.0.1", 0);
    private static final int ARTICLES = 200;
    private static final Instant BEGIN =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofMinutes(100));

    @TempDir
    Path dir;

    private RelayConfig relay(String name, List<PeerConfig> peers) {
        RelayConfig c = ConfigLoader.embedded(dir.resolve(name), ANY);
        return new RelayConfig(name + ".example", c.data(), c.listen(), c.tls(), c.groups(),
                c.access(), c.users(), c.usersFile(), peers, c.spool(), c.limits(), c.lists());
    }

    private static MessageId id(int number) {
        return MessageId.of("<" + number + "@x.example>");
    }

    /** One every 20 seconds. */
    private static NewArticle article(int i) {
        Instant date = BEGIN.plusSeconds(i * 20L);
        byte[] head = ("Path: x.example!not-for-mail\r\nFrom: a@x.example\r\n"
                + "Newsgroups: spill.test\r\nSubject: " + i + "\r\nMessage-ID: " + id(i)
                + "\r\nDate: " + NntpDate.formatHeader(date) + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] body = "text\r\n".getBytes(StandardCharsets.UTF_8);
        return new NewArticle(id(i), head, body, 0, body.length, 1, head.length + body.length,
                List.of("spill.test"), date, Optional.of(date), "");
    }

    /** Fills a spool; the feed to that peer, if any, is through with all of it. */
    private void fill(RelayConfig config, IntPredicate which, String fed) throws Exception {
        try (Spool spool = Spool.open(config.spool(), config.identity(), Clock.systemUTC())) {
            spool.createGroup("spill.test", 'y', "");
            for (int i : IntStream.range(0, ARTICLES).filter(which).toArray()) {
                assertTrue(spool.store(article(i)).get() instanceof StoreOutcome.Stored);
            }
            spool.saveFeedPosition(fed, new FeedPosition(spool.committed(), new long[0]));
        }
    }

    private static String asked(RawClient client, MessageId id) throws Exception {
        return client.ask("STAT " + id).substring(0, 3);
    }

    @Test
    void whatAPeerLacksThoughItsFeedIsThroughIsOfferedAgain() throws Exception {
        RelayConfig b = relay("b", List.of(
                PeerConfig.receivingFrom("a.example", List.of(Cidr.parse("127.0.0.0/8")))));
        fill(b, i -> i % 50 != 7, "nobody");
        try (Relay there = Relay.start(b)) {
            InetSocketAddress address = there.nntpAddresses().getFirst();
            RelayConfig a = relay("a", List.of(PeerConfig.sendingTo("b.example",
                    HostPort.of("127.0.0.1", address.getPort()))));
            fill(a, i -> i != 99, "b.example");
            try (RawClient client = new RawClient(address)) {
                client.line();
                assertEquals("430", asked(client, id(7)));
                try (Relay here = Relay.start(a)) {
                    Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                        for (int i = 7; i < ARTICLES; i += 50) {
                            assertEquals("223", asked(client, id(i)), "article " + i);
                        }
                    });
                    assertEquals(4, here.feeds().getFirst().accepted());
                    assertEquals(4, here.feeds().getFirst().offered(), "and nothing else");
                    var again = here.compare("b.example", Duration.ofHours(2));
                    assertEquals(Optional.empty(), again.problem());
                    assertEquals(0, again.lackingThere());
                    assertEquals(1, again.lackingHere(), "99, which that side would offer");
                    assertEquals(ARTICLES - 1, again.articles());
                    assertEquals("[it has 1 article that we lack]", lacking(here));
                    post(here, id(99));
                    assertEquals("[it had 1 article that we lacked]", lacking(here),
                            "without another comparison");
                }
            }
        }
    }

    private static String lacking(Relay relay) {
        return relay.peers().doctor().stream().map(finding -> finding.get("what"))
                .filter(what -> what.toString().contains("that we lack")).toList().toString();
    }

    private static void post(Relay relay, MessageId id) throws Exception {
        try (RawClient client = new RawClient(relay.nntpAddresses().getFirst())) {
            client.line();
            assertTrue(client.ask("POST").startsWith("340"));
            String said = client.ask("From: a@x.example\r\nNewsgroups: spill.test\r\nSubject: x"
                    + "\r\nMessage-ID: " + id + "\r\n\r\ntext\r\n.");
            assertTrue(said.startsWith("240"), said);
        }
    }

    @Test
    void whatAPeerTookOutDoesNotComeBackAndIsSoonNoMoreAskedAbout() throws Exception {
        RelayConfig b = relay("b", List.of(
                PeerConfig.receivingFrom("a.example", List.of(Cidr.parse("127.0.0.0/8")))));
        fill(b, i -> true, "nobody");
        try (Spool spool = Spool.open(b.spool(), b.identity(), Clock.systemUTC())) {
            assertTrue(spool.remove(id(50)));
        }
        try (Relay there = Relay.start(b)) {
            InetSocketAddress address = there.nntpAddresses().getFirst();
            RelayConfig a = relay("a", List.of(PeerConfig.sendingTo("b.example",
                    HostPort.of("127.0.0.1", address.getPort()))));
            fill(a, i -> true, "b.example");
            try (Relay here = Relay.start(a); RawClient client = new RawClient(address)) {
                client.line();
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() ->
                        here.feeds().getFirst().refused() == 1);
                assertEquals("430", asked(client, id(50)));
                assertEquals(1, here.compare("b.example", Duration.ofHours(2)).pointless());
                var third = here.compare("b.example", Duration.ofHours(2));
                assertEquals(0, third.lackingThere());
                assertEquals(1, third.rounds(), "both sets look the same from now on");
                assertEquals(1, here.feeds().getFirst().offered());
            }
        }
    }

    @Test
    void whatAPeerRefusedForWantOfTheGroupComesOnceItHasTheGroup() throws Exception {
        RelayConfig b = with(relay("b", List.of(
                PeerConfig.receivingFrom("a.example", List.of(Cidr.parse("127.0.0.0/8"))))),
                new GroupConfig("spill.other", 'y', ""));
        fill(b, i -> i == 0, "nobody");
        try (Spool spool = Spool.open(b.spool(), b.identity(), Clock.systemUTC())) {
            assertTrue(spool.removeGroup("spill.test"));
        }
        AtomicReference<RelayConfig> changing = new AtomicReference<>(b);
        try (Relay there = Relay.start(b, changing::get)) {
            InetSocketAddress address = there.nntpAddresses().getFirst();
            RelayConfig a = relay("a", List.of(PeerConfig.sendingTo("b.example",
                    HostPort.of("127.0.0.1", address.getPort()))));
            fill(a, i -> i < 20, "b.example");
            try (Relay here = Relay.start(a); RawClient client = new RawClient(address)) {
                client.line();
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() ->
                        here.feeds().getFirst().rejected() == 19);
                var before = here.compare("b.example", Duration.ofHours(2));
                assertEquals(0, before.lackingThere(), "it would only be refused once more");
                assertEquals(19, before.pointless());
                assertEquals("430", asked(client, id(7)));
                changing.set(with(b, new GroupConfig("spill.test", 'y', "")));
                assertEquals(List.of(), there.reload());
                var after = here.compare("b.example", Duration.ofHours(2));
                assertEquals(19, after.lackingThere());
                assertEquals(0, after.pointless());
                Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                    for (int i = 1; i < 20; i++) {
                        assertEquals("223", asked(client, id(i)), "article " + i);
                    }
                });
                assertEquals(38, here.feeds().getFirst().offered(), "each twice, and no more");
            }
        }
    }

    private static PeerConfig accepting(PeerConfig p, String accept) {
        return new PeerConfig(p.name(), p.identity(), p.address(), p.from(), p.user(),
                p.certificates(), Wildmat.parse(accept), p.maxArticle(), p.feed(), p.link());
    }

    @Test
    void whatWeDoNotTakeFromAPeerIsNotLackingAndComesOnceItIsTaken() throws Exception {
        PeerConfig fromA = PeerConfig.receivingFrom("a.example",
                List.of(Cidr.parse("127.0.0.0/8")));
        RelayConfig b = relay("b", List.of(accepting(fromA, "*,!spill.test")));
        fill(b, i -> i < 10, "nobody");
        AtomicReference<RelayConfig> changing = new AtomicReference<>(b);
        try (Relay there = Relay.start(b, changing::get)) {
            PeerConfig toB = PeerConfig.sendingTo("b.example", HostPort.of("127.0.0.1",
                    there.nntpAddresses().getFirst().getPort()));
            RelayConfig a = relay("a", List.of(accepting(toB, "*,!spill.test")));
            fill(a, i -> i >= 7 && i < 12, "nobody");
            try (Spool spool = Spool.open(a.spool(), a.identity(), Clock.systemUTC())) {
                spool.saveFeedPosition("b.example", FeedPosition.START);
            }
            try (Relay here = Relay.start(a)) {
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() ->
                        here.feeds().getFirst().rejected() == 2);
                var refusing = here.compare("b.example", Duration.ofHours(2));
                assertEquals(Optional.empty(), refusing.problem());
                assertEquals(0, refusing.lackingHere(), "what it has is in a group not taken");
                assertEquals("[]", lacking(here));
                changing.set(b.with(List.of(fromA), List.of()));
                assertEquals(List.of(), there.reload());
                assertEquals(2, here.compare("b.example", Duration.ofHours(2)).lackingThere());
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() ->
                        here.feeds().getFirst().accepted() == 2);
            }
        }
    }

    /** What is not compared at first does not come in when that is compared which we take. */
    @Test
    void whatIsInOtherGroupsThanAreFedIsNotLacking() throws Exception {
        RelayConfig b = relay("b", List.of(PeerConfig.receivingFrom("a.example",
                List.of(Cidr.parse("127.0.0.0/8")))));
        fill(b, i -> i < 10, "nobody");
        try (Spool spool = Spool.open(b.spool(), b.identity(), Clock.systemUTC())) {
            spool.createGroup("spill.other", 'y', "");
            for (int i = 10; i < 13; i++) {
                spool.store(in("spill.other", i)).get();
            }
        }
        try (Relay there = Relay.start(b)) {
            PeerConfig toB = PeerConfig.sendingTo("b.example", HostPort.of("127.0.0.1",
                    there.nntpAddresses().getFirst().getPort()));
            RelayConfig a = relay("a", List.of(new PeerConfig(toB.name(), toB.identity(),
                    toB.address(), toB.from(), toB.user(), toB.certificates(),
                    Wildmat.parse("spill.*"), toB.maxArticle(),
                    new FeedConfig(Wildmat.parse("spill.test"), 0, Wildmat.ALL, Integer.MAX_VALUE,
                            Integer.MAX_VALUE, List.of(), Duration.ZERO, Duration.ZERO),
                    toB.link())));
            fill(a, i -> i < 8, "b.example");
            try (Relay here = Relay.start(a)) {
                assertEquals(2, here.compare("b.example", Duration.ofHours(2)).lackingHere());
            }
        }
    }

    private static NewArticle in(String group, int i) {
        NewArticle one = article(i);
        byte[] head = new String(one.head(), StandardCharsets.UTF_8)
                .replace("spill.test", group).getBytes(StandardCharsets.UTF_8);
        return new NewArticle(one.id(), head, one.body(), 0, one.body().length, 1,
                head.length + one.body().length, List.of(group), one.arrival(), one.posted(), "");
    }

    private static RelayConfig with(RelayConfig c, GroupConfig group) {
        return new RelayConfig(c.identity(), c.data(), c.listen(), c.tls(), List.of(group),
                c.access(), c.users(), c.usersFile(), c.peers(), c.spool(), c.limits(), c.lists());
    }

    @Test
    void whatIsOlderThanAPeersSpoolIsNotCompared() throws Exception {
        RelayConfig b = relay("b", List.of(
                PeerConfig.receivingFrom("a.example", List.of(Cidr.parse("127.0.0.0/8")))));
        fill(b, i -> i >= 150, "nobody");
        try (Relay there = Relay.start(b)) {
            RelayConfig a = relay("a", List.of(PeerConfig.sendingTo("b.example", HostPort.of(
                    "127.0.0.1", there.nntpAddresses().getFirst().getPort()))));
            fill(a, i -> true, "b.example");
            try (Relay here = Relay.start(a)) {
                var report = here.compare("b.example", Duration.ofHours(2));
                assertEquals(Optional.empty(), report.problem());
                assertEquals(0, report.lackingThere());
                assertTrue(report.articles() <= 51, report.toString());
            }
        }
    }

    @Test
    void aLostArticleComesBackFromAPeerThatHadItFromUsAndWasDownWhenItWasMissed() throws Exception {
        RelayConfig a = relay("a", List.of());
        fill(a, i -> i < 20 && i != 7, "b.example");
        RelayConfig b = relay("b", List.of());
        fill(b, i -> i < 20 && i != 7, "a.example");
        try (Spool spool = Spool.open(b.spool(), b.identity(), Clock.systemUTC())) {
            NewArticle lost = article(7);
            byte[] head = new String(lost.head(), StandardCharsets.UTF_8)
                    .replace("Path: ", "Path: b.example!a.example!")
                    .getBytes(StandardCharsets.UTF_8);
            spool.store(new NewArticle(lost.id(), head, lost.body(), 0, lost.body().length, 1,
                    head.length + lost.body().length, lost.groups(), lost.arrival(), lost.posted(),
                    "a.example")).get();
            spool.saveFeedPosition("a.example",
                    new FeedPosition(spool.committed(), new long[0]));
        }
        List<Cidr> anywhere = List.of(Cidr.parse("127.0.0.0/8"));
        try (Gate gate = new Gate();
                Relay here = Relay.start(a.with(
                        List.of(peer("b.example", gate.port(), anywhere)), List.of()));
                RawClient client = new RawClient(here.nntpAddresses().getFirst())) {
            client.line();
            assertEquals("430", asked(client, id(7)));
            here.peers().lost(id(7));
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() ->
                    here.peers().doctor().toString().contains("1 article was damaged here and has"
                            + " not come back, <7@x.example>: b.example could not be reached ("));
            try (Relay there = Relay.start(b.with(List.of(peer("a.example",
                    here.nntpAddresses().getFirst().getPort(), anywhere)), List.of()))) {
                gate.open(there.nntpAddresses().getFirst());
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() ->
                        asked(client, id(7)).equals("223"));
                assertFalse(here.peers().doctor().toString().contains("damaged here"));
            }
        }
    }

    /** Holds a port for a relay that is not there yet: until then connections end at once. */
    private static final class Gate implements AutoCloseable {
        private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private volatile Optional<InetSocketAddress> behind = Optional.empty();

        Gate() throws IOException {
            Thread.startVirtualThread(this::run);
        }

        int port() {
            return door.getLocalPort();
        }

        void open(InetSocketAddress relay) {
            behind = Optional.of(relay);
        }

        private void run() {
            while (!door.isClosed()) {
                try {
                    Socket in = door.accept();
                    if (behind.isEmpty()) {
                        in.close();
                        continue;
                    }
                    Socket out = new Socket(behind.get().getAddress(), behind.get().getPort());
                    Thread.startVirtualThread(() -> pass(in, out));
                    Thread.startVirtualThread(() -> pass(out, in));
                } catch (IOException e) {
                    // The relay is not there, or the gate is closed.
                }
            }
        }

        private static void pass(Socket from, Socket to) {
            try (from; to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                // One of them is gone, and with it the other.
            }
        }

        @Override
        public void close() throws IOException {
            door.close();
        }
    }

    private static PeerConfig peer(String name, int port, List<Cidr> from) {
        return new PeerConfig(name, name, Optional.of(HostPort.of("127.0.0.1", port)), from,
                Optional.empty(), Set.of(), Wildmat.ALL, PeerConfig.DEFAULT_MAX_ARTICLE,
                FeedConfig.ALL, LinkConfig.DEFAULT);
    }

    @Test
    void onlyPeersCompareAndOnlyTwoTimesAtOnce() throws Exception {
        RelayConfig b = relay("b", List.of(PeerConfig.receivingFrom("a.example",
                List.of(Cidr.parse("127.0.0.2/32")))));
        try (Relay there = Relay.start(b)) {
            InetSocketAddress address = there.nntpAddresses().getFirst();
            try (RawClient reader = new RawClient(address)) {
                reader.line();
                reader.ask("CAPABILITIES");
                assertFalse(reader.block().contains("XRECON"));
                assertEquals("502", reader.ask("XRECON CLOSE").substring(0, 3));
            }
        }
        RelayConfig peers = relay("b", List.of(PeerConfig.receivingFrom("a.example",
                List.of(Cidr.parse("127.0.0.0/8")))));
        fill(peers, i -> i < 20, "nobody");
        try (Relay there = Relay.start(peers)) {
            InetSocketAddress address = there.nntpAddresses().getFirst();
            try (RawClient one = new RawClient(address); RawClient two = new RawClient(address);
                    RawClient three = new RawClient(address)) {
                for (RawClient client : List.of(one, two, three)) {
                    client.line();
                }
                assertEquals("490 we do not feed you", one.ask("XSPILLWAY WANT " + id(3)));
                assertEquals("490 we do not feed you", one.ask("XSPILLWAY WANT <no@x>"),
                        "it was not even looked for");
                one.ask("CAPABILITIES");
                assertTrue(one.block().contains("XRECON"));
                String open = "XRECON OPEN 1 99999999999\r\n*\r\n.";
                assertEquals("291", one.ask(open).substring(0, 3));
                assertEquals("*\n", one.block());
                assertEquals("291", two.ask(open).substring(0, 3));
                two.block();
                assertEquals("490", three.ask(open).substring(0, 3));
                assertEquals("290", two.ask("XRECON CLOSE").substring(0, 3));
                assertEquals("291", three.ask(open).substring(0, 3));
                three.block();
                assertEquals("490", two.ask("XRECON FRAME\r\nAAAA\r\n.").substring(0, 3));
                assertEquals("490", three.ask("XRECON FRAME\r\n!!\r\n.").substring(0, 3));
                assertEquals("501", one.ask("XRECON OPEN a b\r\n*\r\n.").substring(0, 3));
                assertEquals("501", one.ask("XRECON NONSENSE").substring(0, 3));
            }
        }
    }
}
