package net.spillway.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import net.spillway.conf.AccessRule;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.GroupConfig;
import net.spillway.conf.HostPort;
import net.spillway.conf.LinkConfig;
import net.spillway.conf.ListenConfig;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.TlsConfig;
import net.spillway.conf.Wildmat;
import net.spillway.relay.transport.RawClient;
import net.spillway.relay.transport.TestCertificate;
import org.apache.commons.net.nntp.ArticleInfo;
import org.apache.commons.net.nntp.NNTPClient;
import org.apache.commons.net.nntp.NewsgroupInfo;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole relay over sockets. */
class RelayTest {
    private static final HostPort ANY = HostPort.of("127.0.0.1", 0);

    @TempDir
    Path dir;

    private RelayConfig embedded() {
        return ConfigLoader.embedded(dir.resolve("data"), ANY);
    }

    private static RelayConfig listening(RelayConfig c, List<ListenConfig> listen,
            Optional<TlsConfig> tls) {
        return new RelayConfig(c.identity(), c.data(), listen, tls, c.groups(), c.access(),
                c.users(), c.usersFile(), c.peers(), c.spool(), c.limits(), c.lists());
    }

    private static RawClient client(InetSocketAddress address) throws IOException {
        RawClient client = new RawClient(address);
        assertTrue(client.line().startsWith("200 "));
        return client;
    }

    private static String article(String id, String body) {
        return "From: a@x.example\r\nNewsgroups: spill.test\r\nSubject: " + id
                + "\r\nMessage-ID: <" + id + ">\r\n\r\n" + body + ".\r\n";
    }

    @Test
    void commonsNetReadsAndPosts() throws Exception {
        try (Relay relay = Relay.start(embedded())) {
            InetSocketAddress address = relay.nntpAddresses().getFirst();
            NNTPClient client = new NNTPClient();
            client.connect(address.getAddress(), address.getPort());
            assertEquals(200, client.getReplyCode());
            NewsgroupInfo[] groups = client.listNewsgroups();
            assertEquals("spill.test", groups[0].getNewsgroup());
            try (Writer out = client.postArticle()) {
                assertNotNull(out, client.getReplyString());
                out.write("From: a@x.example\r\nNewsgroups: spill.test\r\nSubject: Hello\r\n"
                        + "Message-ID: <one@x.example>\r\n\r\n.dotted\r\nlines\r\n");
            }
            assertTrue(client.completePendingCommand(), client.getReplyString());
            NewsgroupInfo group = new NewsgroupInfo();
            assertTrue(client.selectNewsgroup("spill.test", group));
            assertEquals(1, group.getArticleCountLong());
            try (BufferedReader body = client.retrieveArticleBody("<one@x.example>",
                    new ArticleInfo())) {
                assertEquals(".dotted", body.readLine());
                assertEquals("lines", body.readLine());
                assertNull(body.readLine());
            }
            assertEquals("Hello", client.iterateArticleInfo(1, 1).iterator().next().getSubject());
            client.quit();
            client.disconnect();
        }
    }

    @Test
    void whatWasAcknowledgedIsThereAfterARestart() throws Exception {
        try (Relay relay = Relay.start(embedded());
                RawClient client = client(relay.nntpAddresses().getFirst())) {
            assertEquals("340 send the article; a dot ends it", client.ask("POST"));
            assertEquals("240 <kept@x.example> posted",
                    client.send(article("kept@x.example", "text\r\n")).line());
        }
        try (Relay relay = Relay.start(embedded());
                RawClient client = client(relay.nntpAddresses().getFirst())) {
            assertEquals("222 0 <kept@x.example>", client.ask("BODY <kept@x.example>"));
            assertEquals("text\n", client.block());
        }
    }

    @Test
    void aReloadedConfigurationHoldsForThoseWhoAreThere() throws Exception {
        RelayConfig before = embedded();
        AtomicReference<RelayConfig> file = new AtomicReference<>(before);
        try (Relay relay = Relay.start(before, file::get);
                RawClient client = client(relay.nntpAddresses().getFirst())) {
            assertTrue(client.ask("GROUP spill.test").startsWith("211 "));
            AccessRule looking = new AccessRule("looking", List.of(), Set.of(), false,
                    Wildmat.parse("new.*"), Wildmat.NONE, false, false);
            RelayConfig after = new RelayConfig(before.identity(), before.data(), before.listen(),
                    before.tls(), List.of(new GroupConfig("new.group", 'y', "")), List.of(looking),
                    before.users(), before.usersFile(), before.peers(), before.spool(),
                    before.limits(), before.lists());
            file.set(after);
            assertEquals(List.of(), relay.reload());
            assertEquals("411 no such group here", client.ask("GROUP spill.test"));
            assertTrue(client.ask("GROUP new.group").startsWith("211 "));
            assertEquals("440 you may not post here", client.ask("POST"));
            file.set(listening(before, List.of(new ListenConfig(ANY, false),
                    new ListenConfig(ANY, false)), Optional.empty()));
            assertEquals(List.of("listen has changed, which needs a restart; put it back to reload"
                    + " the rest"), relay.reload());
            assertEquals("411 no such group here", client.ask("GROUP spill.test"));
            RelayConfig moved = ConfigLoader.embedded(dir.resolve("moved"),
                    HostPort.of("127.0.0.2", 0));
            file.set(moved);
            assertEquals(List.of("data, listen have changed, which needs a restart; put them back"
                    + " to reload the rest"), relay.reload(), "spool goes where data goes");
        }
    }

    @Test
    void aReloadThatFailsMakesNoGroups() throws Exception {
        RelayConfig before = embedded();
        AtomicReference<RelayConfig> file = new AtomicReference<>(before);
        Path authorities = Files.writeString(dir.resolve("broken.pem"), "nothing");
        PeerConfig peer = PeerConfig.sendingTo("bee", HostPort.parse("nntps://127.0.0.1:9"))
                .with(new LinkConfig(false, Optional.of(authorities), Optional.empty(), false,
                        true, 1, Long.MAX_VALUE));
        try (Relay relay = Relay.start(before, file::get);
                RawClient client = client(relay.nntpAddresses().getFirst())) {
            file.set(new RelayConfig(before.identity(), before.data(), before.listen(),
                    before.tls(), List.of(new GroupConfig("new.group", 'y', "")), before.access(),
                    before.users(), before.usersFile(), List.of(peer), before.spool(),
                    before.limits(), before.lists()));
            List<String> wrong = relay.reload();
            assertTrue(wrong.getFirst().contains("peer bee: " + authorities), wrong.toString());
            assertEquals("411 no such group here", client.ask("GROUP new.group"));
            assertEquals(List.of(), relay.feeds());
        }
    }

    @Test
    void deepPipeliningKeepsOrderAgainstTheRealSpoolWithAndWithoutTls() throws Exception {
        TestCertificate certificate = TestCertificate.make(dir, "EC");
        RelayConfig config = listening(embedded(),
                List.of(new ListenConfig(ANY, false), new ListenConfig(ANY, true)),
                Optional.of(certificate.files()));
        String line = "x".repeat(98) + "\r\n";
        try (Relay relay = Relay.start(config)) {
            try (RawClient client = client(relay.nntpAddresses().getFirst())) {
                for (int i = 0; i < 20; i++) {
                    client.ask("POST");
                    assertEquals("240 <n" + i + "@x.example> posted",
                            client.send(article("n" + i + "@x.example", line.repeat(i * 100)))
                                    .line());
                }
            }
            try (RawClient plain = new RawClient(relay.nntpAddresses().getFirst());
                    RawClient tls = new RawClient(relay.nntpAddresses().getLast(),
                            certificate.trusting())) {
                for (RawClient client : List.of(plain, tls)) {
                    readDeeply(client, line);
                }
            }
        }
    }

    private static void readDeeply(RawClient client, String line) throws Exception {
        assertTrue(client.line().startsWith("200 "));
        assertEquals("211 20 1 20 spill.test", client.ask("GROUP spill.test"));
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            int n = i % 20;
            script.append(switch (i % 5) {
                case 0 -> "STAT <n" + n + "@x.example>\r\n";
                case 1 -> i % 100 == 1 ? "BODY " + (n + 1) + "\r\n" : "DATE\r\n";
                case 2 -> "HDR Subject " + (n + 1) + "\r\n";
                case 3 -> "STAT <none@x.example>\r\n";
                default -> "NONSENSE\r\n";
            });
        }
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                client.send(script + "BODY 20\r\nQUIT\r\n");
            } catch (IOException e) {
                // The reading side sees what went wrong.
            }
        });
        for (int i = 0; i < 5000; i++) {
            int n = i % 20;
            String reply = client.line();
            switch (i % 5) {
                case 0 -> assertEquals("223 0 <n" + n + "@x.example>", reply);
                case 1 -> {
                    if (i % 100 == 1) {
                        assertEquals("222 " + (n + 1) + " <n" + n + "@x.example>", reply);
                        assertEquals(n * 100 * 99, client.block().length());
                    } else {
                        assertTrue(reply.startsWith("111 "), reply);
                    }
                }
                case 2 -> {
                    assertEquals("225 headers follow", reply);
                    assertEquals((n + 1) + " n" + n + "@x.example\n", client.block());
                }
                case 3 -> assertEquals("430 no such article", reply);
                default -> assertTrue(reply.startsWith("500 "), reply);
            }
        }
        assertEquals("222 20 <n19@x.example>", client.line());
        byte[] expected = (line.repeat(19 * 100) + ".\r\n").getBytes();
        assertArrayEquals(expected, client.read(expected.length));
        assertEquals("205 bye", client.line());
        assertNull(client.line());
        sender.join();
    }

    @Test
    void statusCountsThoseWhoAreConnectedAndThoseWhoWere() throws Exception {
        try (Relay relay = Relay.start(embedded());
                RawClient asking = client(relay.nntpAddresses().getFirst())) {
            try (RawClient other = client(relay.nntpAddresses().getFirst())) {
                String status = status(asking);
                assertTrue(status.contains("\"connections\":2,\"connectionsSeen\":2,"), status);
                other.ask("QUIT");
            }
            Awaitility.await().until(() ->
                    status(asking).contains("\"connections\":1,\"connectionsSeen\":2,"));
        }
    }

    private static String status(RawClient client) throws IOException {
        assertEquals("215 status follows", client.ask("XSPILLWAY STATUS"));
        return client.block();
    }

    @Test
    void anAddressInUseIsNamedAndNothingStaysOpen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            HostPort address = HostPort.of("127.0.0.1", taken.getLocalPort());
            RelayConfig config = listening(embedded(), List.of(new ListenConfig(ANY, false),
                    new ListenConfig(address, false)), Optional.empty());
            IOException e = assertThrows(IOException.class, () -> Relay.start(config));
            assertTrue(e.getMessage().contains(address.hostAndPort()), e.getMessage());
        }
        Relay.start(embedded()).close();
    }

    @Test
    void aSecondRelayOnTheSameDataIsRefused() throws Exception {
        try (Relay relay = Relay.start(embedded())) {
            IOException e = assertThrows(IOException.class, () -> Relay.start(embedded()));
            assertTrue(e.getMessage().contains("in use"), e.getMessage());
            client(relay.nntpAddresses().getFirst()).close();
        }
    }

    @Test
    void aStopFinishesWhatIsUnderWay() throws Exception {
        Relay relay = Relay.start(embedded());
        try (RawClient client = client(relay.nntpAddresses().getFirst())) {
            client.ask("POST");
            client.send(article("last@x.example", "text\r\n"));
            assertEquals("240 <last@x.example> posted", client.line());
            relay.close();
            assertEquals("400 the relay is stopping; bye", client.line());
            assertNull(client.line());
        }
        relay.awaitStopped();
        relay.close();
    }
}
