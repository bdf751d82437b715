package net.spillway.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.spillway.conf.ConfigException;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.GroupConfig;
import net.spillway.conf.HostPort;
import net.spillway.conf.JoinedPeers;
import net.spillway.conf.ListenConfig;
import net.spillway.conf.OwnCertificate;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.TlsConfig;
import net.spillway.relay.transport.RawClient;
import net.spillway.relay.transport.TestCertificate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relays that join as peers by a token, over sockets, and what can be done about peers then. */
class JoiningTest {
    private static final HostPort ANY = HostPort.of("127.0.0.1", 0);

    @TempDir
    Path dir;

    private RelayConfig config(String name, boolean tls, String... groups) throws Exception {
        RelayConfig c = ConfigLoader.embedded(dir.resolve(name), ANY);
        Optional<TlsConfig> certificate = Optional.empty();
        if (tls) {
            TestCertificate made = TestCertificate.make(
                    Files.createDirectories(dir.resolve(name + "-tls")), "EC");
            certificate = Optional.of(made.files());
        }
        List<ListenConfig> listen = tls ? List.of(new ListenConfig(ANY, false),
                new ListenConfig(ANY, true)) : c.listen();
        return new RelayConfig(name + ".example", c.data(), listen, certificate,
                Stream.of(groups).map(g -> new GroupConfig(g, 'y', "About " + g)).toList(),
                c.access(), c.users(), c.usersFile(), List.of(), c.spool(), c.limits(), c.lists());
    }

    private static Relay start(RelayConfig config) throws Exception {
        return Relay.start(JoinedPeers.addTo(config), () -> JoinedPeers.addTo(config));
    }

    private static RawClient admin(Relay relay) throws Exception {
        RawClient client = new RawClient(relay.nntpAddresses().getFirst());
        client.line();
        return client;
    }

    private static String invite(RawClient at, String name, String how) throws Exception {
        assertEquals("291 the token follows", at.ask("XSPILLWAY PEER INVITE " + name + " " + how));
        return at.block().strip();
    }

    private static String accept(RawClient at, String token) throws Exception {
        assertEquals("390 send the token", at.ask("XSPILLWAY PEER ACCEPT - -"));
        return at.ask(token);
    }

    private static void post(RawClient at, String id, String group) throws Exception {
        assertEquals("340", at.ask("POST").substring(0, 3));
        assertEquals("240", at.send("From: a@x.example\r\nNewsgroups: " + group + "\r\nSubject: "
                + id + "\r\nMessage-ID: " + id + "\r\n\r\ntext\r\n.\r\n").line().substring(0, 3));
    }

    private static void arrives(RawClient at, String id) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() ->
                at.ask("STAT " + id).startsWith("223"));
    }

    @Test
    void twoFreshRelaysFeedEachOtherAfterTwoCommandsAndARestart() throws Exception {
        RelayConfig a = config("a", true, "ours.one", "ours.two", "private.x");
        RelayConfig b = config("b", true);
        String token;
        try (Relay here = start(a); Relay there = start(b);
                RawClient atA = admin(here); RawClient atB = admin(there)) {
            token = invite(atA, "bee", "ours.* ours.* - 3600");
            String said = accept(atB, token);
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                atA.ask("XSPILLWAY PEER LIST");
                return atA.block().contains("STREAMING");
            });
            atA.ask("XSPILLWAY PEER LIST");
            String peers = atA.block();
            assertTrue(peers.contains("\"lastError\":null"), "b lets a in at once: " + peers);
            assertTrue(said.startsWith("290 a.example and this relay are peers now"), said);
            assertTrue(said.endsWith("2 groups were added here"), said);
            post(atA, "<1@a>", "ours.one");
            arrives(atB, "<1@a>");
            post(atB, "<1@b>", "ours.two");
            arrives(atA, "<1@b>");
            assertEquals("411", atB.ask("GROUP private.x").substring(0, 3));
            atA.ask("XSPILLWAY PEER TEST bee");
            String steps = atA.block();
            assertEquals(6, steps.lines().count(), steps);
            assertFalse(steps.contains("\"well\":false"), steps);
            assertTrue(steps.contains("\"step\":\"tls\""), "it goes by the TLS listener: " + steps);
            atA.ask("XSPILLWAY PEER LIST");
            assertTrue(atA.block().contains("\"from\":\"token\""));
            assertTrue(accept(atB, token).startsWith("490 there is a peer a.example already"));
        }
        try (Stream<Path> files = Files.list(a.data().resolve("peers.d"))) {
            for (Path file : files.toList()) {
                assertEquals("rw-------", PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(file)), file.toString());
                assertFalse(Files.readString(file).contains(token));
            }
        }
        try (Relay here = start(a); Relay there = start(b);
                RawClient atA = admin(here); RawClient atB = admin(there)) {
            // New ports: only what does not need the other's address is told here.
            atB.ask("XSPILLWAY PEER LIST a.example");
            assertTrue(atB.block().contains("\"send\":\"ours.*\""));
            assertTrue(atA.ask("XSPILLWAY PEER REMOVE bee").startsWith("290 "));
            atA.ask("XSPILLWAY PEER LIST");
            assertEquals("", atA.block());
            assertEquals("490", atA.ask("XSPILLWAY PEER TEST bee").substring(0, 3));
        }
    }

    @Test
    void tokensWorkOnceAndNotForLongAndNotInPieces() throws Exception {
        try (Relay here = start(config("a", false, "ours.one"));
                Relay there = start(config("b", false)); Relay third = start(config("c", false));
                RawClient atA = admin(here); RawClient atB = admin(there);
                RawClient atC = admin(third)) {
            String token = invite(atA, "bee", "ours.* !* - 3600");
            for (String cut : List.of(token.substring(0, 60), token.substring(0, 60) + "*")) {
                assertEquals("490 the token is not whole; copy all of its one line",
                        accept(atC, cut));
            }
            assertTrue(accept(atC, "no token").startsWith("490 this is no token"));
            assertTrue(accept(atA, token).contains("this relay's own identity"));
            assertTrue(accept(atB, token).startsWith("290 "));
            atA.ask("XSPILLWAY PEER TEST bee");
            assertTrue(atA.block().contains("\"step\":\"tls\",\"well\":true"),
                    "neither had a certificate, so each has made one");
            assertEquals("490 a.example says: there is no such invitation; a token works once",
                    accept(atC, token));
            atC.ask("XSPILLWAY PEER LIST");
            assertEquals("", atC.block(), "nobody is let in who does not let us in");
            String late = invite(atA, "sea", "ours.* !* - 0");
            Awaitility.await().until(() -> accept(atC, late).contains("has expired"));
            assertEquals("390", atA.ask("XSPILLWAY JOIN").substring(0, 3));
            assertEquals("490", atA.ask("AAAA").substring(0, 3));
            atA.ask("XSPILLWAY PEER LIST");
            assertEquals(1, atA.block().lines().count());
        }
    }

    @Test
    void whoJoinsIsToldIfItIsNotReached() throws Exception {
        try (Relay here = start(config("a", false, "ours.one"));
                Relay there = start(config("b", false)); Socket bound = new Socket();
                RawClient atA = admin(here); RawClient atB = admin(there)) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String nobody = "127.0.0.1:" + bound.getLocalPort();
            String token = invite(atA, "bee", "ours.* ours.* - 3600");
            atB.ask("XSPILLWAY PEER ACCEPT - " + nobody);
            String said = atB.ask(token);
            assertTrue(said.startsWith("290 a.example and this relay are peers now"), said);
            assertTrue(said.contains("; but a.example does not reach this relay at " + nobody
                    + " (--address gives another): tcp: nothing answers"), said);
        }
    }

    @Test
    void aPeerCanBePausedNarrowedAndGivenThePast() throws Exception {
        try (Relay here = start(config("a", false, "ours.one", "ours.two"));
                Relay there = start(config("b", false));
                RawClient atA = admin(here); RawClient atB = admin(there)) {
            post(atA, "<before@a>", "ours.one");
            assertTrue(accept(atB, invite(atA, "bee", "ours.* ours.* - 60")).startsWith("290 "));
            assertTrue(atA.ask("XSPILLWAY PEER PAUSE bee").startsWith("290 "));
            atA.ask("XSPILLWAY PEER LIST bee");
            assertTrue(atA.block().contains("\"paused\":true"));
            post(atA, "<paused@a>", "ours.one");
            assertTrue(atA.ask("XSPILLWAY PEER RESUME bee").startsWith("290 "));
            assertTrue(atA.ask("XSPILLWAY PEER RESUME bee").startsWith("490 bee is not paused"));
            arrives(atB, "<paused@a>");
            assertEquals("430", atB.ask("STAT <before@a>").substring(0, 3));
            assertTrue(atA.ask("XSPILLWAY PEER BACKFILL bee 1 1000000").startsWith("290 about 2"));
            arrives(atB, "<before@a>");
            assertEquals("290 a.example: you are fed ours.*",
                    atB.ask("XSPILLWAY PEER SUBSCRIBE a.example"));
            assertEquals("290 a.example: you are fed *,!ours.two, out of ours.*",
                    atB.ask("XSPILLWAY PEER SUBSCRIBE a.example *,!ours.two"));
            assertEquals("290 a.example: you are fed *,!ours.two, out of ours.*",
                    atB.ask("XSPILLWAY PEER SUBSCRIBE a.example *,!ours.two"), "no change");
            assertTrue(atB.ask("XSPILLWAY PEER SUBSCRIBE a.example ours.one").startsWith(
                    "491 a.example says: you have changed it a moment ago; try again in "));
            post(atA, "<unwanted@a>", "ours.two");
            post(atA, "<wanted@a>", "ours.one");
            arrives(atB, "<wanted@a>");
            assertEquals("430", atB.ask("STAT <unwanted@a>").substring(0, 3));
            atA.ask("XSPILLWAY DOCTOR");
            String findings = atA.block();
            assertTrue(findings.contains("\"about\":\"bee\""), findings);
            atA.ask("XSPILLWAY PEER COMPARE bee 7200");
            assertTrue(atA.block().contains("\"problem\":null"));
        }
    }

    @Test
    void aTestSaysWhatFails() throws Exception {
        RelayConfig plain = config("a", false, "ours.one");
        try (Relay there = start(config("b", false)); Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = there.nntpAddresses().getFirst().getPort();
            RelayConfig a = plain.with(List.of(
                    peer("nowhere", HostPort.of("no.such.host.invalid", 119)),
                    peer("silent", HostPort.of("127.0.0.1", bound.getLocalPort())),
                    peer("stranger", HostPort.of("127.0.0.1", port))), List.of());
            try (Relay here = Relay.start(a); RawClient atA = admin(here)) {
                failsAt(atA, "nowhere", "name", "cannot be resolved");
                failsAt(atA, "silent", "tcp", "nothing answers");
                failsAt(atA, "stranger", "feed", "does not let us feed it");
                assertTrue(atA.ask("XSPILLWAY PEER REMOVE silent").startsWith(
                        "490 silent stands in the configuration"));
            }
        }
    }

    private static PeerConfig peer(String name, HostPort address) {
        return PeerConfig.sendingTo(name, address);
    }

    private static void failsAt(RawClient at, String peer, String step, String words)
            throws Exception {
        at.ask("XSPILLWAY PEER TEST " + peer);
        String last = at.block().lines().reduce((x, y) -> y).orElseThrow();
        assertTrue(last.contains("\"step\":\"" + step + "\",\"well\":false"), last);
        assertTrue(last.contains(words), last);
    }

    @Test
    void aCertificateThatPeersKnowUsByIsMissed() throws Exception {
        RelayConfig a = config("a", false, "ours.one");
        TlsConfig own = OwnCertificate.files(a.data());
        Files.createDirectories(own.key().getParent());
        Files.writeString(own.key(), "a key");
        JoinedPeers.addTo(a);
        Path folder = Files.createDirectories(a.data().resolve("peers.d"));
        Files.writeString(folder.resolve("bee.in"), "secret\n");
        Files.writeString(folder.resolve("bee.toml"), "[[peer]]\nname = \"bee\"\nuser = \"bee\"\n"
                + "[[user]]\nname = \"bee\"\npassword_file = \"bee.in\"\n");
        ConfigException missed = assertThrows(ConfigException.class, () -> JoinedPeers.addTo(a));
        assertTrue(missed.getMessage().contains("certificate.pem"), missed.getMessage());
        assertTrue(missed.getMessage().contains("is missing, and peers that joined know"),
                missed.getMessage());
    }

    @Test
    void aFileThatContradictsTheConfigurationIsNamed() throws Exception {
        RelayConfig a = config("a", false, "ours.one");
        Path folder = Files.createDirectories(a.data().resolve("peers.d"));
        Files.writeString(folder.resolve("bee.toml"), "[[peer]]\nname = \"bee\"\nsend = \"\"\n");
        try {
            JoinedPeers.addTo(a);
            throw new AssertionError("taken");
        } catch (ConfigException e) {
            assertTrue(e.getMessage().contains("bee.toml"), e.getMessage());
        }
    }
}
