package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two relays for all tests; each has a group of its own. */
class PeerDownAndBackIT {
    private static final int TESTS = 7;

    @TempDir
    static Path temp;
    private static Federation federation;
    private static RelayProcess a;
    private static RelayProcess b;
    private static FaultyLink link;
    private static int tests;
    private final List<TestArticle> posted = new ArrayList<>();
    private String group;

    @BeforeAll
    static void startTwoRelays() throws Exception {
        String[] groups = new String[TESTS];
        for (int i = 0; i < TESTS; i++) {
            groups[i] = "it.talk" + i;
        }
        federation = new Federation(temp);
        a = federation.add("a", groups);
        b = federation.add("b", groups);
        link = federation.feed("a", "b");
        federation.start();
    }

    @AfterAll
    static void stop() {
        federation.close();
    }

    @BeforeEach
    void chooseGroup() {
        group = "it.talk" + tests++;
        // What a test before this one left to be told.
        Awaitility.await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() ->
                Copies.feedFigure(a, "b", "lag") + Copies.feedFigure(a, "b", "waiting") == 0);
    }

    private void post(int count) throws Exception {
        posted.addAll(Copies.post(a, group, 1000 * tests + posted.size(), count));
    }

    private static void awaitAccepted(long count) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() ->
                assertEquals(count, Copies.feedFigure(a, "b", "accepted")));
    }

    @Test
    void peerThatWasAwayGetsEverythingItMissedOnce() throws Exception {
        long before = Copies.feedFigure(a, "b", "accepted");
        post(20);
        Copies.awaitAll(federation, b, group, posted);
        assertEquals(0, b.stop(), b::log);
        post(60);
        b.start();
        Copies.awaitAll(federation, b, group, posted);
        awaitAccepted(before + 80);
    }

    @Test
    void peerThatWasKilledWhileBeingFedGetsEverythingOnce() throws Exception {
        long before = Copies.feedFigure(a, "b", "accepted");
        post(150);
        Awaitility.await().atMost(Duration.ofMinutes(1))
                .until(() -> Copies.feedFigure(a, "b", "accepted") > before);
        b.kill();
        post(50);
        b.start();
        Copies.awaitAll(federation, b, group, posted);
    }

    @Test
    void feederThatWasKilledGoesOnWhereItWas() throws Exception {
        link.refuse();
        post(80);
        a.kill();
        link.restore();
        a.start();
        post(20);
        Copies.awaitAll(federation, b, group, posted);
    }

    @Test
    void feederThatIsStoppedAndStartedOffersNothingAgain() throws Exception {
        post(40);
        Copies.awaitAll(federation, b, group, posted);
        assertEquals(0, a.stop(), a::log);
        a.start();
        post(10);
        Copies.awaitAll(federation, b, group, posted);
        assertEquals(10, Copies.feedFigure(a, "b", "offered"));
    }

    @Test
    void linkThatIsCutAgainAndAgainLosesNothing() throws Exception {
        for (int i = 0; i < 5; i++) {
            post(40);
            link.cut();
        }
        Copies.awaitAll(federation, b, group, posted);
    }

    @Test
    void linkThatStallsForAWhileLosesNothing() throws Exception {
        post(10);
        link.stall();
        post(40);
        link.restore();
        post(10);
        Copies.awaitAll(federation, b, group, posted);
    }

    /** What is cancelled while a peer is away is gone there too, and does not come back. */
    @Test
    void cancelReachesThePeerThatWasAway() throws Exception {
        // The lock is the hash of the key, which is "key" (RFC 8315).
        String locked = "Cancel-Lock: sha256:LHDhK3oGRvkiefQnx7OOczTY5Tic/xZ6HcMOc/gmtoM=\r\n";
        String known = "<known." + group + "@example.org>";
        String missed = "<missed." + group + "@example.org>";
        postAs(known, locked);
        awaitPresence(b, known, true);
        link.refuse();
        link.cut();
        postAs(missed, locked);
        for (String id : List.of(known, missed)) {
            postAs("<cancel-of-" + id.substring(1), "Control: cancel " + id
                    + "\r\nCancel-Key: sha256:key\r\n");
            awaitPresence(a, id, false);
        }
        awaitPresence(b, known, true);
        link.restore();
        for (String id : List.of(known, missed)) {
            awaitPresence(b, "<cancel-of-" + id.substring(1), true);
            awaitPresence(b, id, false);
        }
        // What it had is known to have been taken back; what it never had is taken back again.
        assertTrue(postTo(b, known, locked).startsWith("441"));
        assertTrue(postTo(b, missed, locked).startsWith("240"));
        awaitPresence(b, missed, false);
    }

    private String postTo(RelayProcess relay, String id, String field) throws Exception {
        try (NntpWire wire = relay.connect()) {
            return wire.post(article(id, field));
        }
    }

    private byte[] article(String id, String field) {
        return ("From: a@example.org\r\nNewsgroups: " + group + "\r\nSubject: x\r\nMessage-ID: "
                + id + "\r\n" + field + "\r\ntext\r\n.\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private void postAs(String id, String field) throws Exception {
        String said = postTo(a, id, field);
        assertTrue(said.startsWith("240"), said);
    }

    private static void awaitPresence(RelayProcess relay, String id, boolean there) {
        Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            try (NntpWire wire = relay.connect()) {
                assertEquals(there, wire.ask("STAT " + id).startsWith("223"),
                        relay.name() + " has " + id);
            }
        });
    }
}
