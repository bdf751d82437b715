package net.spillway.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import net.spillway.conf.Cidr;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.HostPort;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.feed.OfferTable;
import net.spillway.relay.transport.RawClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of several peers that offer an article the first fails, in each way a connection can. */
class FirstOfferFailsTest {
    /** What becomes of the first. */
    enum Failure { CLOSES, IS_RESET, CLOSES_HALF_WAY, IS_RESET_HALF_WAY, SAYS_QUIT, SENDS_JUNK,
        SENDS_ANOTHER, IS_NO_NNTP }

    @TempDir
    static Path dir;
    private static Relay relay;

    @BeforeAll
    static void start() throws Exception {
        RelayConfig c = ConfigLoader.embedded(dir.resolve("data"), HostPort.of("127.0.0.1", 0));
        relay = Relay.start(new RelayConfig(c.identity(), c.data(), c.listen(), c.tls(),
                c.groups(), c.access(), c.users(), c.usersFile(), List.of(PeerConfig.receivingFrom(
                        "first.example", List.of(Cidr.parse("127.0.0.0/8")))), c.spool(),
                c.limits(), c.lists()));
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
    }

    private static RawClient connect() throws IOException {
        InetSocketAddress address = relay.nntpAddresses().getFirst();
        RawClient client = new RawClient(address);
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

    private static void fail(RawClient first, Failure failure, String id) throws IOException {
        String half = "TAKETHIS " + id + "\r\nPath: first.example!not-for-mail\r\nSubject: half";
        switch (failure) {
            case CLOSES -> first.close();
            case IS_RESET -> reset(first);
            case CLOSES_HALF_WAY -> first.send(half).close();
            case IS_RESET_HALF_WAY -> reset(first.send(half));
            case SAYS_QUIT -> first.send("QUIT\r\n");
            case SENDS_JUNK -> first.send("TAKETHIS " + id + "\r\nno article\r\n.\r\n");
            case SENDS_ANOTHER -> first.send("TAKETHIS " + id + "\r\nPath: x!y\r\n"
                    + "From: a@x.example\r\nNewsgroups: spill.test\r\nSubject: x\r\n"
                    + "Message-ID: <another@x.example>\r\nDate: Sun, 1 Mar 2026 12:00:00 +0000\r\n"
                    + "\r\nbody\r\n.\r\n");
            case IS_NO_NNTP -> first.send("GET / HTTP/1.1\r\n".repeat(200));
        }
    }

    private static void reset(RawClient client) throws IOException {
        client.socket().setSoLinger(true, 0);
        client.close();
    }
}
