package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a {@code [[peer]]} says of a feed holds for the feed. */
class FeedChoiceIT {
    private static final String OPEN = "it.open";
    private static final String LOCAL = "it.local";
    private static final String SECRET = "it.secret";

    @TempDir
    Path temp;

    @Test
    void onlyWhatIsMeantForAPeerIsFedAndByIhaveIfItWantsThat() throws Exception {
        try (Federation federation = new Federation(temp)) {
            RelayProcess a = federation.add("a", OPEN, LOCAL);
            RelayProcess b = federation.add("b", OPEN, LOCAL);
            federation.feed("a", "b", """
                    send = "*,!it.local"
                    streaming = false
                    max_article = "20K"
                    """);
            federation.start();
            Copies.post(a, LOCAL, 100, 5);
            TestArticle large = TestArticle.seeded(200, OPEN, 30_000);
            try (NntpWire wire = a.connect()) {
                assertTrue(wire.post(large.wire()).startsWith("240"));
            }
            // Posted last, they arrive last: what should not be there would have come by then.
            List<TestArticle> small = Copies.post(a, OPEN, 1, 20);
            Copies.awaitAll(federation, b, OPEN, small);
            Copies.checkCount(b, LOCAL, 0);
            Copies.checkCount(a, OPEN, 21);
            assertEquals(20, Copies.feedFigure(a, "b", "accepted"));
            assertEquals(20, Copies.feedFigure(a, "b", "offered"));
        }
    }

    /** With what is usual, and with what is slowest: one connection, one article at a time. */
    @Test
    void aBurstIsRelayedWholeWithNothingLeftBehindWhateverTheSettings() throws Exception {
        int articles = 2000;
        byte[] body = TestArticle.seeded(1, OPEN, 64_000).body();
        try (Federation federation = new Federation(temp.resolve("burst"))) {
            RelayProcess a = federation.add("a", OPEN);
            List<RelayProcess> fed = List.of(federation.add("b", OPEN), federation.add("c", OPEN));
            federation.feed("a", "b");
            federation.feed("a", "c", """
                    streaming = false
                    connections = 1
                    compress = true
                    """);
            federation.start();
            List<TestArticle> some = new ArrayList<>();
            try (NntpWire wire = a.connect()) {
                for (int i = 0; i < articles; i++) {
                    TestArticle small = TestArticle.seeded(i, OPEN, 100);
                    TestArticle article = new TestArticle(small.id(), small.head(), body);
                    String said = wire.post(article.wire());
                    assertTrue(said.startsWith("240"), said);
                    if (i % 100 == 0) {
                        some.add(article);
                    }
                }
            }
            for (RelayProcess relay : fed) {
                Awaitility.await().atMost(Duration.ofMinutes(3)).until(() ->
                        Copies.feedFigure(a, relay.name(), "accepted") == articles
                        && Copies.feedFigure(a, relay.name(), "lag") == 0
                        && Copies.feedFigure(a, relay.name(), "waiting") == 0);
                Copies.checkWhole(relay, some);
                Copies.checkCount(relay, OPEN, articles);
            }
        }
    }

    /** Neither side has a password: each knows the other by what it shows under TLS. */
    @Test
    void twoRelaysFeedEachOtherByTheirCertificatesAloneOnPlainPortsCompressed() throws Exception {
        TestAuthority certificate = TestAuthority.in(temp.resolve("certificate"));
        String pin = certificate.fingerprint();
        try (Federation federation = new Federation(temp.resolve("pinned"))) {
            RelayProcess a = federation.add("a", OPEN, LOCAL, SECRET);
            RelayProcess b = federation.add("b", OPEN);
            FaultyLink toB = new FaultyLink();
            b.addLink(toB);
            FaultyLink toA = new FaultyLink();
            a.addLink(toA);
            String peer = """
                    [[peer]]
                    name = "%s.example.org"
                    address = "%s"
                    starttls = true
                    compress = true
                    certificates = ["%s"]
                    """;
            federation.extra("a", certificate.tls() + peer.formatted("b", toB.address(), pin) + """
                    send = "*,@it.secret"
                    distributions = "*,!local"
                    max_crossposts = 1
                    min_article = 700
                    """);
            federation.extra("b", certificate.tls() + peer.formatted("a", toA.address(), pin));
            federation.start();
            try (NntpWire wire = a.connect()) {
                for (String kept : List.of(
                        with(OPEN + "," + SECRET, "", 1000), with(OPEN, "local", 1000),
                        with(OPEN + "," + LOCAL, "", 1000), with(OPEN, "", 10))) {
                    assertTrue(wire.post(kept.getBytes(StandardCharsets.US_ASCII))
                            .startsWith("240"), kept);
                }
            }
            List<TestArticle> there = Copies.post(a, OPEN, 1, 20);
            List<TestArticle> back = Copies.post(b, OPEN, 500, 20);
            List<TestArticle> both = new ArrayList<>(there);
            both.addAll(back);
            Copies.awaitAll(federation, b, OPEN, both);
            assertEquals(20, Copies.feedFigure(a, "b", "offered"));
            Awaitility.await().atMost(Duration.ofMinutes(1))
                    .until(() -> Copies.feedFigure(b, "a", "accepted") == 20);
            toA.close();
            toB.close();
        }
    }

    private static String with(String groups, String distribution, int octets) {
        return "From: a@b.example\r\nNewsgroups: " + groups + "\r\nSubject: stays\r\n"
                + (distribution.isEmpty() ? "" : "Distribution: " + distribution + "\r\n")
                + "\r\n" + "x".repeat(octets % 900) + "\r\n" + "y".repeat(octets / 2)
                + "\r\n.\r\n";
    }
}
