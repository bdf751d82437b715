package net.spillway.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.conf.Cidr;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.HostPort;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.feed.OfferTable;
import net.spillway.protocol.NntpDate;
import net.spillway.relay.transport.RawClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Of several peers that offer an article the first fails, in each way a connection can, or hangs.
 * By the order of what happens; NextTurnTest has the times.
 */
class FirstOfferFailsTest {
    /** What becomes of the first. */
    enum Failure { CLOSES, IS_RESET, CLOSES_HALF_WAY, IS_RESET_HALF_WAY, SAYS_QUIT, SENDS_JUNK,
        SENDS_ANOTHER, IS_NO_NNTP }

    /** Where the first hangs and its connection does not end. */
    enum Hang { BEFORE_IT_SENDS, BEFORE_IT_SENDS_BY_IHAVE, HALF_WAY, HALF_WAY_BY_IHAVE }

    private static final List<String> PEERS = List.of("127.0.0.1", "127.0.0.2", "127.0.0.3");

    @TempDir
    static Path dir;
    private static Relay relay;

    @BeforeAll
    static void start() throws Exception {
        RelayConfig c = ConfigLoader.embedded(dir.resolve("data"), HostPort.of("127.0.0.1", 0));
        relay = Relay.start(new RelayConfig(c.identity(), c.data(), c.listen(), c.tls(),
                c.groups(), c.access(), c.users(), c.usersFile(), PEERS.stream().map(host -> PeerConfig.receivingFrom(
                        host + ".example", List.of(Cidr.parse(host + "/32")))).toList(), c.spool(),
                c.limits(), c.lists()));
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
    }

    private static RawClient connect() throws IOException {
        return connect(PEERS.getFirst());
    }

    private static RawClient connect(String from) throws IOException {
        InetSocketAddress address = relay.nntpAddresses().getFirst();
        RawClient client = new RawClient(address, InetAddress.ofLiteral(from));
        assertTrue(client.line().startsWith("200 "));
        return client;
    }

    /**
     * The claim of one that only says nothing is older, and still stands when the next has its
     * turn: it has that because the first failed, and not because its time was up.
     */
    @ParameterizedTest
    @EnumSource
    void theNextHasItsTurnAsSoonAsTheRelayKnows(Failure failure) throws Exception {
        String id = "<" + failure + "@x.example>";
        String silent = "<silent." + failure + "@x.example>";
        try (RawClient says = connect(); RawClient first = connect();
                RawClient next = connect()) {
            long asked = System.nanoTime();
            assertEquals("238 " + silent, says.ask("CHECK " + silent));
            assertEquals("238 " + id, first.ask("CHECK " + id));
            assertEquals("431 " + id, next.ask("CHECK " + id));
            fail(first, failure, id);
            Awaitility.await().until(() -> next.ask("CHECK " + id).equals("238 " + id));
            String answer = next.ask("CHECK " + silent);
            if (System.nanoTime() - asked < OfferTable.DEFAULT_TIME.toNanos()) {
                assertEquals("431 " + silent, answer);
            }
        }
    }

    /**
     * A third that goes on offering keeps for a quarter of a minute what it was granted before: the
     * next has its turn because the first is silent, and not because its time is up.
     */
    @ParameterizedTest
    @EnumSource
    void theNextHasItsTurnAlsoIfTheFirstHangs(Hang hang) throws Exception {
        String id = "<" + hang + "@x.example>";
        String kept = "<kept." + hang + "@x.example>";
        try (RawClient first = connect(PEERS.get(0)); RawClient next = connect(PEERS.get(1));
                RawClient talks = connect(PEERS.get(2))) {
            long asked = System.nanoTime();
            assertEquals("238 " + kept, talks.ask("CHECK " + kept));
            hang(first, hang, id);
            AtomicInteger more = new AtomicInteger();
            Awaitility.await().until(() -> {
                talks.ask("CHECK <" + hang + "." + more.incrementAndGet() + "@x.example>");
                return next.ask("CHECK " + id).equals("238 " + id);
            });
            String answer = next.ask("CHECK " + kept);
            if (System.nanoTime() - asked < OfferTable.DEFAULT_TIME.toNanos()) {
                assertEquals("431 " + kept, answer);
            }
            assertEquals("239 " + id, next.send("TAKETHIS " + id + "\r\n" + article(id)).line());
        }
    }

    private static void hang(RawClient first, Hang hang, String id) throws IOException {
        String article = article(id);
        String half = article.substring(0, article.indexOf("body"));
        switch (hang) {
            case BEFORE_IT_SENDS -> assertEquals("238 " + id, first.ask("CHECK " + id));
            case BEFORE_IT_SENDS_BY_IHAVE ->
                    assertTrue(first.ask("IHAVE " + id).startsWith("335 "));
            case HALF_WAY -> {
                assertEquals("238 " + id, first.ask("CHECK " + id));
                first.send("TAKETHIS " + id + "\r\n" + half);
            }
            case HALF_WAY_BY_IHAVE -> {
                assertTrue(first.ask("IHAVE " + id).startsWith("335 "));
                first.send(half);
            }
        }
    }

    private static String article(String id) {
        return "Path: x!y\r\nFrom: a@x.example\r\nNewsgroups: spill.test\r\nSubject: x\r\n"
                + "Message-ID: " + id + "\r\nDate: " + NntpDate.formatHeader(Instant.now())
                + "\r\n\r\nbody\r\n.\r\n";
    }

    private static void fail(RawClient first, Failure failure, String id) throws IOException {
        String half = "TAKETHIS " + id + "\r\nPath: first.example!not-for-mail\r\nSubject: half";
        switch (failure) {
            case CLOSES -> first.close();
            case IS_RESET -> reset(first);
            case CLOSES_HALF_WAY -> first.send(half).close();
            case IS_RESET_HALF_WAY -> reset(first.send(half));
            case SAYS_QUIT -> first.send("QUIT\r\n");
            case SENDS_JUNK -> first.send("TAKETHIS " + id + "\r\nno article\r\n.\r\n");
            case SENDS_ANOTHER ->
                    first.send("TAKETHIS " + id + "\r\n" + article("<another@x.example>"));
            case IS_NO_NNTP -> first.send("GET / HTTP/1.1\r\n".repeat(200));
        }
    }

    private static void reset(RawClient client) throws IOException {
        client.socket().setSoLinger(true, 0);
        client.close();
    }
}
