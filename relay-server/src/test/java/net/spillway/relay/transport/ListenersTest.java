package net.spillway.relay.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocket;
import net.spillway.conf.HostPort;
import net.spillway.conf.LimitsConfig;
import net.spillway.conf.ListenConfig;
import net.spillway.conf.TlsConfig;
import net.spillway.relay.session.FlowTable;
import net.spillway.relay.session.NntpSession;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenersTest {
    private static final HostPort ANY = HostPort.of("127.0.0.1", 0);
    private static final int FILE_OCTETS = 700_000;

    @TempDir
    static Path certificates;
    private static TestCertificate certificate;

    @TempDir
    Path dir;

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private FlowTable commands;
    private Listeners listeners;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = TestCertificate.make(certificates, "EC");
    }

    @BeforeEach
    void writeArticle() throws Exception {
        String line = "x".repeat(98) + "\r\n";
        commands = new FlowTable(Optional.of(Files.writeString(dir.resolve("article"),
                line.repeat(FILE_OCTETS / 100) + ".\r\n")));
    }

    @AfterEach
    void stop() {
        listeners.close();
        threads.shutdown();
    }

    private void listen(LimitsConfig limits) throws IOException {
        listeners = new Listeners(limits, threads, (client, outlet, strand) -> new NntpSession(
                commands.table(), FlowTable.conversation(client), outlet, strand, 100_000));
        listeners.bind(List.of(new ListenConfig(ANY, false), new ListenConfig(ANY, true)),
                Optional.of(ServerTls.load(certificate.files(), false)));
    }

    @Test
    void anIpv4AddressIsNotIpv6Too() throws Exception {
        listeners = new Listeners(LimitsConfig.DEFAULT, threads, (client, outlet, strand) ->
                new NntpSession(commands.table(), FlowTable.conversation(client), outlet, strand,
                        100_000));
        listeners.bind(List.of(new ListenConfig(HostPort.of("0.0.0.0", 0), false)),
                Optional.empty());
        InetSocketAddress address = listeners.addresses().getFirst();
        assertEquals("0.0.0.0", address.getAddress().getHostAddress());
        greeted(new RawClient(new InetSocketAddress("127.0.0.1", address.getPort()))).close();
        assertThrows(IOException.class, () ->
                new RawClient(new InetSocketAddress("::1", address.getPort())));
    }

    private RawClient plain() throws Exception {
        return greeted(new RawClient(listeners.addresses().getFirst()));
    }

    private RawClient tls() throws Exception {
        return greeted(new RawClient(listeners.addresses().getLast(), certificate.trusting()));
    }

    private static RawClient greeted(RawClient client) throws IOException {
        assertTrue(client.line().startsWith("200 "));
        return client;
    }

    @Test
    void thousandsOfPipelinedCommandsAreAnsweredInOrderWithAndWithoutTls() throws Exception {
        listen(LimitsConfig.DEFAULT);
        for (RawClient client : List.of(plain(), tls())) {
            try (client) {
                Thread sender = Thread.ofVirtual().start(() -> {
                    StringBuilder script = new StringBuilder();
                    for (int i = 0; i < 5000; i++) {
                        script.append(i % 500 == 7 ? "FILE\r\n" : "ECHO " + i + "\r\n");
                    }
                    send(client, script + "LIST 3\r\nQUIT\r\n");
                });
                for (int i = 0; i < 5000; i++) {
                    if (i % 500 == 7) {
                        assertEquals("220 file", client.line());
                        assertEquals(FILE_OCTETS / 100 * 99, client.block().length());
                    } else {
                        assertEquals("200 " + i, client.line());
                    }
                }
                assertEquals("215 list", client.line());
                assertEquals("line 1\nline 2\nline 3\n", client.block());
                assertEquals("205 bye", client.line());
                assertNull(client.line());
                sender.join();
            }
        }
        Awaitility.await().untilAsserted(() -> assertEquals(0, commands.openFiles()));
    }

    @Test
    void articlesOfManySizesComeInWithAndWithoutTls() throws Exception {
        listen(LimitsConfig.DEFAULT);
        for (RawClient client : List.of(plain(), tls())) {
            try (client) {
                for (int i = 0; i < 200; i++) {
                    client.send("TAKETHIS n" + i + "\r\nA: b\r\n\r\n" + "y".repeat(i * 37)
                            + "\r\n.\r\nECHO " + i + "\r\n");
                }
                for (int i = 0; i < 200; i++) {
                    int octets = 13 + i * 37;
                    assertEquals(octets > 1000 ? "439 n" + i + " too large: the article has "
                            + octets + " octets, and 1000 are allowed here"
                            : "239 n" + i + " " + octets,
                            client.line());
                    assertEquals("200 " + i, client.line());
                }
            }
        }
    }

    @Test
    void clientThatNeverReadsHoldsUpOnlyItself() throws Exception {
        listen(LimitsConfig.DEFAULT);
        try (RawClient stuck = plain(); RawClient stuckTls = tls(); RawClient good = plain()) {
            for (RawClient client : List.of(stuck, stuckTls)) {
                Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < 50_000; i++) {
                        send(client, "FILE\r\n");
                    }
                });
            }
            for (int i = 0; i < 1000; i++) {
                assertEquals("200 " + i, good.ask("ECHO " + i));
            }
            assertTrue(commands.openFiles() < 2000, "what waits is bounded");
        }
        Awaitility.await().untilAsserted(() -> assertEquals(0, commands.openFiles()));
    }

    @Test
    void aReplyOnItsWayGoesOnAfterReadingWasSuspended() throws Exception {
        // More than the sockets of both sides hold.
        int octets = 24 << 20;
        try (var file = new RandomAccessFile(dir.resolve("article").toFile(), "rw")) {
            file.setLength(octets);
        }
        listen(pipelineBytes(1000));
        try (RawClient client = plain()) {
            client.send("FILE\r\n");
            assertEquals("220 file", client.line());
            assertEquals(1, client.read(1).length, "a part is here, the rest cannot be sent yet");
            // So much at once, and no whole command: reading is suspended, then resumed.
            client.send("ECHO " + "x".repeat(3000));
            assertEquals(octets - 1, client.read(octets - 1).length);
            assertEquals("200 " + "x".repeat(3000), client.ask(""));
        }
    }

    @Test
    void everythingIsAnsweredWhileBothDirectionsAreHeldUpTimeAndAgain() throws Exception {
        listen(pipelineBytes(3000));
        int rounds = 40;
        List<RawClient> clients = List.of(plain(), plain(), tls(), tls());
        List<Thread> senders = clients.stream().map(client -> Thread.ofVirtual().start(() -> {
            for (int i = 0; i < rounds; i++) {
                send(client, "FILE\r\n" + "TAKETHIS n\r\nA: b\r\n\r\n" + "y".repeat(i * 7)
                        + "\r\n.\r\n" + ("ECHO " + "z".repeat(i) + "\r\n").repeat(5));
            }
        })).toList();
        for (int i = 0; i < rounds; i++) {
            for (RawClient client : clients) {
                assertEquals("220 file", client.line());
                assertEquals(FILE_OCTETS + 3, client.read(FILE_OCTETS + 3).length);
                assertTrue(client.line().matches("[24]39 n .*"));
                for (int n = 0; n < 5; n++) {
                    assertEquals(("200 " + "z".repeat(i)).stripTrailing(),
                            client.line().stripTrailing());
                }
            }
        }
        for (Thread sender : senders) {
            sender.join();
        }
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void connectionsOverTheLimitAreToldSo() throws Exception {
        listen(new LimitsConfig(100, 2, 1000, 1000, 1000, Duration.ofMinutes(3)));
        try (RawClient one = plain(); RawClient two = plain()) {
            try (RawClient three = new RawClient(listeners.addresses().getFirst())) {
                assertEquals("400 too many connections from your address", three.line());
                assertNull(three.line());
            }
            assertEquals("200 x", two.ask("ECHO x"));
            one.close();
            Awaitility.await().ignoreExceptions().untilAsserted(() -> {
                try (RawClient again = plain()) {
                    assertEquals("200 y", again.ask("ECHO y"));
                }
            });
        }
    }

    /** Whether the other end has closed already. */
    private static boolean isClosedByPeer(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void silentConnectionsToTheTlsPortDoNotTakeThePlacesOfOthers() throws Exception {
        listen(new LimitsConfig(100, 2, 1000, 1000, 1000, Duration.ofMinutes(3)));
        InetSocketAddress address = listeners.addresses().getLast();
        List<Socket> silent = new ArrayList<>();
        try (RawClient one = tls(); RawClient two = tls()) {
            try (RawClient three = new RawClient(address, certificate.trusting())) {
                assertEquals("400 too many connections from your address", three.line());
            }
            for (int i = 0; i < 200; i++) {
                silent.add(new Socket(address.getAddress(), address.getPort()));
            }
            Awaitility.await().until(() -> silent.stream()
                    .filter(ListenersTest::isClosedByPeer).count() > 120);
            assertEquals("200 x", one.ask("ECHO x"));
            assertEquals("200 x", two.ask("ECHO x"));
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void aTlsHandshakeThatNeverEndsIsCutOffThoughOctetsKeepComing() throws Exception {
        listen(new LimitsConfig(100, 100, 1000, 1000, 1000, Duration.ofSeconds(1)));
        InetSocketAddress address = listeners.addresses().getLast();
        try (Socket slow = new Socket(address.getAddress(), address.getPort())) {
            slow.getOutputStream().write(new byte[] {22, 3, 1, 64, 0});
            Awaitility.await().pollInterval(Duration.ofMillis(100)).until(() -> {
                try {
                    slow.getOutputStream().write(1);
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
        }
    }

    @Test
    void clientsThatNegotiateAnewAmidADownloadHarmNobodyElse() throws Exception {
        listen(LimitsConfig.DEFAULT);
        InetSocketAddress address = listeners.addresses().getLast();
        for (int i = 0; i < 6; i++) {
            try (SSLSocket socket = (SSLSocket) certificate.trusting().getSocketFactory()
                    .createSocket(address.getAddress(), address.getPort())) {
                socket.setSoTimeout(20_000);
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                socket.getOutputStream().write("FILE\r\n".repeat(50)
                        .getBytes(StandardCharsets.US_ASCII));
                assertTrue(socket.getInputStream().read() >= 0);
                assertThrows(IOException.class, () -> {
                    socket.startHandshake();
                    socket.getInputStream().skipNBytes(40L * FILE_OCTETS);
                });
            }
        }
        try (RawClient good = tls()) {
            assertEquals("200 x", good.ask("ECHO x"));
            assertTrue(good.ask("FILE").startsWith("2"));
            for (String line = good.line(); !line.equals("."); line = good.line()) {
                assertEquals(98, line.length());
            }
        }
    }

    @Test
    void silentClientsAreClosedAfterAWhile() throws Exception {
        listen(new LimitsConfig(100, 100, 1000, 1000, 1000, Duration.ofSeconds(1)));
        try (RawClient plain = plain(); RawClient tls = tls()) {
            for (RawClient client : List.of(plain, tls)) {
                assertTrue(client.line().startsWith("400 "));
                assertNull(client.line());
            }
        }
    }

    @Test
    void aStopIsToldToThoseWhoAreThere() throws Exception {
        listen(LimitsConfig.DEFAULT);
        InetSocketAddress address = listeners.addresses().getFirst();
        try (RawClient client = plain()) {
            listeners.shutDown();
            assertEquals("400 the relay is stopping; bye", client.line());
            assertNull(client.line());
            assertThrows(IOException.class, () -> new RawClient(address));
        }
        Awaitility.await().until(listeners::isQuiet);
    }

    @Test
    void anAddressInUseIsNamed() throws Exception {
        listen(LimitsConfig.DEFAULT);
        try (ServerSocket taken = new ServerSocket(0)) {
            HostPort address = HostPort.of("127.0.0.1", taken.getLocalPort());
            IOException e = assertThrows(IOException.class, () -> listeners.bind(
                    List.of(new ListenConfig(address, false)), Optional.empty()));
            assertEquals("cannot listen on " + address.hostAndPort() + ": another program listens"
                    + " there already; stop it, or choose another port", e.getMessage());
        }
    }

    @Test
    void anAddressThatIsNotOursIsCalledThat() throws Exception {
        listen(LimitsConfig.DEFAULT);
        IOException e = assertThrows(IOException.class, () -> listeners.bind(
                List.of(new ListenConfig(HostPort.of("192.0.2.1", 1119), false)),
                Optional.empty()));
        assertEquals("cannot listen on 192.0.2.1:1119: this machine has no such address;"
                + " correct it", e.getMessage());
    }

    @Test
    void aPlainConnectionChangesToTlsAndWhatWasInjectedIsNotHeard() throws Exception {
        listen(LimitsConfig.DEFAULT);
        for (int round = 0; round < 50; round++) {
            try (RawClient client = plain()) {
                // In one packet: what stands behind STARTTLS comes before the handshake.
                client.send("ECHO a\r\nSTARTTLS\r\nECHO injected\r\n");
                assertEquals("200 a", client.line());
                assertEquals("382 begin", client.line());
                try (RawClient tls = client.underTls(certificate.trusting())) {
                    assertEquals("200 b", tls.ask("ECHO b"));
                    assertEquals("220 file", tls.ask("FILE"));
                    assertEquals(FILE_OCTETS / 100 * 99, tls.block().length());
                    assertEquals("205 bye", tls.ask("QUIT"));
                    assertNull(tls.line());
                }
            }
        }
    }

    @Test
    void clientsAreKnownByTheirCertificates() throws Exception {
        TestCertificate member = TestCertificate.make(
                Files.createDirectory(dir.resolve("m")), "EC", "member.example", "-0d");
        TestCertificate stranger = TestCertificate.make(
                Files.createDirectory(dir.resolve("s")), "EC", "member.example", "-0d");
        TestCertificate expired = TestCertificate.make(
                Files.createDirectory(dir.resolve("e")), "EC", "member.example", "-9d");
        listen(LimitsConfig.DEFAULT);
        TlsConfig files = certificate.files();
        listeners.show(ServerTls.load(new TlsConfig(files.certificate(), files.key(),
                Optional.of(member.files().certificate())), true));
        InetSocketAddress plain = listeners.addresses().getFirst();
        InetSocketAddress tls = listeners.addresses().getLast();
        assertEquals("200 member.example " + member.fingerprint(), who(tls, member));
        assertEquals("200 " + stranger.fingerprint(), who(tls, stranger),
                "nobody vouches for its name");
        assertEquals("200", who(tls, expired));
        try (RawClient client = new RawClient(tls, certificate.trusting())) {
            client.line();
            assertEquals("200", client.ask("WHO"));
        }
        try (RawClient client = greeted(new RawClient(plain))) {
            assertEquals("382 begin", client.ask("STARTTLS"));
            assertEquals("200 " + stranger.fingerprint(),
                    client.underTls(certificate.trusting(stranger)).ask("WHO"));
        }
    }

    private static LimitsConfig pipelineBytes(long octets) {
        return new LimitsConfig(100, 100, 1000, 1000, octets, Duration.ofMinutes(3));
    }

    private static String who(InetSocketAddress address, TestCertificate shown) throws Exception {
        try (RawClient client = greeted(
                new RawClient(address, certificate.trusting(shown)))) {
            return client.ask("WHO");
        }
    }

    @Test
    void plainTextOnTheTlsPortHarmsNobody() throws Exception {
        listen(LimitsConfig.DEFAULT);
        try (RawClient wrong = new RawClient(listeners.addresses().getLast());
                RawClient good = tls()) {
            wrong.send("CAPABILITIES\r\n".repeat(100));
            List<Integer> read = new ArrayList<>();
            try {
                read.add(wrong.read(1000).length);
            } catch (IOException e) {
                // Closed at once, with or without an alert: both are fine.
                assertTrue(e.getMessage() != null);
            }
            assertEquals("200 x", good.ask("ECHO x"));
        }
    }

    private static void send(RawClient client, String text) {
        try {
            client.send(text);
        } catch (IOException e) {
            // The test has closed the client: nothing more to send.
        }
    }
}
