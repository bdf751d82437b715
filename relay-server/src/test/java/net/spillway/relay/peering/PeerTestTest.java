package net.spillway.relay.peering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.spillway.conf.Credentials;
import net.spillway.conf.HostPort;
import net.spillway.conf.PasswordFile;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.SpoolConfig;
import net.spillway.feed.reconcile.PeerTalk;
import net.spillway.spool.MemorySpool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the steps of a test end, with a peer whose part is a script. */
class PeerTestTest {
    @TempDir
    Path dir;
    private Optional<Credentials> login = Optional.empty();
    private String greeting = "200 hello";
    private List<String> active = List.of("ours.one");
    /** What the peer takes from us; empty: it does not tell. */
    private String takes = "";

    private List<String> answer(String line) {
        return switch (line.split(" ")[0]) {
            case "AUTHINFO" -> List.of("481 no such login, says the certificate");
            case "CAPABILITIES" -> List.of("101 follows", "VERSION 2", "STREAMING",
                    takes.isEmpty() ? "HDR" : "XRECON", ".");
            case "XRECON" -> line.endsWith("CLOSE") ? List.of("290 closed") : List.of();
            case "*" -> List.of();
            case "." -> List.of("291 1 2 3 is compared", takes, ".");
            case "MODE" -> List.of("203 go on");
            case "CHECK" -> List.of("238 " + line.split(" ")[1]);
            case "LIST" -> ScriptedPeer.listing(active);
            default -> List.of("205 bye");
        };
    }

    /** The last step of a test of a peer at which something listens. */
    private PeerStep last(boolean tls, Joining.Caller caller) throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                MemorySpool spool = new MemorySpool(SpoolConfig.at(dir.resolve("spool")),
                        "us.example", Clock.systemUTC())) {
            spool.createGroup("ours.one", 'y', "");
            spool.createGroup("ours.two", 'y', "");
            HostPort address = HostPort.parse((tls ? "nntps://127.0.0.1:" : "nntp://127.0.0.1:")
                    + socket.getLocalPort());
            return new PeerTest(PeerConfig.sendingTo("bee", address), spool, caller).run()
                    .getLast();
        }
    }

    private PeerStep last() throws Exception {
        return last(false, peer -> ScriptedPeer.talk(greeting, this::answer, Optional.empty(),
                login));
    }

    private static void assertFails(String step, String words, PeerStep last) {
        assertEquals(step, last.step(), last.toString());
        assertTrue(!last.well() && last.words().contains(words), last.toString());
    }

    @Test
    void aLoginThatIsNotTakenIsTheLogin() throws Exception {
        login = Optional.of(new Credentials("us", new PasswordFile(
                Files.writeString(dir.resolve("password"), "secret\n"))));
        PeerStep refused = last();
        assertFails("login", "does not take our login: 481", refused);
        assertTrue(refused.words().endsWith("ask whether it still has us as a peer"));
    }

    @Test
    void aHandshakeThatFailsIsTlsWhateverTheReasonSays() throws Exception {
        String why = "the peer's certificate is not trusted: no login.example in it";
        assertFails("tls", why, last(true, peer -> new PeerTalk(
                events -> events.closed(why), Optional.empty())));
    }

    @Test
    void aGreetingThatTurnsUsAwayIsTheGreeting() throws Exception {
        greeting = "502 no login from you";
        assertFails("greeting", "502", last());
    }

    @Test
    void aPeerThatConnectsAndHangsIsSaidToSayNothing() throws Exception {
        assertFails("greeting", "connected, but it says nothing for 0 s", last(false,
                peer -> new PeerTalk(events -> events.connected(new ScriptedPeer(events,
                        this::answer, Optional.empty())), Optional.empty(), Duration.ofMillis(20),
                        Duration.ofSeconds(60))));
    }

    @Test
    void groupsInCommonAreCounted() throws Exception {
        PeerStep some = last();
        assertEquals("groups", some.step());
        assertTrue(some.well() && some.words().startsWith("1 of the 2 groups"), some.toString());
        assertTrue(some.words().endsWith("it does not tell which of them it takes from us"));
        active = List.of("theirs.x");
        assertFails("groups", "none of the 2 groups", last());
    }

    @Test
    void whatIsCarriedThereAndNotTakenFromUsIsNotCounted() throws Exception {
        active = List.of("ours.one", "ours.two");
        takes = "*,!ours.two";
        PeerStep one = last();
        assertEquals("2 of the 2 groups we send it are carried there; it takes 1 of these from us"
                + " (*,!ours.two)", one.words());
        assertTrue(one.well());
        takes = "theirs.*";
        assertFails("groups", "it takes none of these from us (theirs.*)", last());
    }
}
