package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.fetch.FetchRequest;
import net.spillway.tools.fetch.FetchResult;
import net.spillway.tools.fetch.Fetcher;
import net.spillway.tools.post.PostRequest;
import net.spillway.tools.post.PostResult;
import net.spillway.tools.post.Poster;
import net.spillway.tools.progress.Progress;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Relays of ours and a real INN, each the other's peer: one relay streams, the other is told not
 * to.
 */
class InnPeerIT {
    private static final String GROUP = "it.shared";
    private static final List<String> OURS = List.of("stream", "plain");
    /** Octets of bodies: from articles of 2 KB to 700 KB, more of the small ones. */
    private static final int[] SIZES = {1_500, 2_000, 2_000, 2_000, 3_000, 5_000, 12_000, 30_000,
        33_000, 64_000, 64_000, 128_000, 700_000};
    private static final int ROUNDS = 4;

    @TempDir
    static Path temp;
    private static Inn inn;
    private static Federation federation;

    @BeforeAll
    static void start() throws Exception {
        String obstacle = Inn.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        inn = Inn.start(Files.createDirectories(temp.resolve("inn")), GROUP);
        federation = new Federation(temp.resolve("ours"));
        for (String name : OURS) {
            federation.add(name, GROUP);
            federation.extra(name, """
                    [[peer]]
                    name = "inn.example"
                    address = "nntp://127.0.0.1:%d"
                    from = ["127.0.0.1"]
                    streaming = %b
                    """.formatted(inn.port(), name.equals("stream")));
        }
        federation.start();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (federation != null) {
            federation.close();
        }
        if (inn != null) {
            inn.close();
        }
    }

    private static List<TestArticle> articles(int seed) {
        List<TestArticle> articles = new ArrayList<>();
        for (int i = 0; i < ROUNDS * SIZES.length; i++) {
            articles.add(TestArticle.seeded(seed + i, GROUP, SIZES[i % SIZES.length]));
        }
        return articles;
    }

    private static InetSocketAddress innAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), inn.port());
    }

    @Test
    void whatIsPostedHereIsAtInnWholeAndOnce() throws Exception {
        for (String name : OURS) {
            RelayProcess relay = federation.relay(name);
            List<TestArticle> posted = articles(name.length() * 1000);
            try (NntpWire wire = relay.connect()) {
                for (TestArticle article : posted) {
                    String reply = wire.post(article.wire());
                    assertTrue(reply.startsWith("240"), reply);
                }
            }
            Awaitility.await("INN has everything").atMost(Duration.ofMinutes(1))
                    .until(() -> lacking(posted) == 0);
            assertWholeAtInn(posted, name + ".example.org");
            assertEquals(posted.size(), figure(relay, "accepted"), relay::log);
            assertEquals(posted.size(), figure(relay, "offered"), relay::log);
        }
    }

    private static int lacking(List<TestArticle> articles) throws IOException {
        int lacking = 0;
        try (NntpWire wire = new NntpWire(innAddress())) {
            for (TestArticle article : articles) {
                lacking += wire.ask("STAT " + article.id()).startsWith("223") ? 0 : 1;
            }
        }
        return lacking;
    }

    private static void assertWholeAtInn(List<TestArticle> articles, String from)
            throws IOException {
        try (NntpWire wire = new NntpWire(innAddress())) {
            // innd hands us over to nnrpd, which serves readers.
            assertTrue(wire.ask("MODE READER").startsWith("20"));
            for (TestArticle article : articles) {
                byte[] there = wire.askBlock("ARTICLE " + article.id());
                assertEquals("", article.differenceFrom(there), article.id());
                assertTrue(header(there, "Path").startsWith("inn.example!" + from + "!"),
                        () -> header(there, "Path"));
                assertTrue(header(there, "Xref").matches("inn\\.example it\\.shared:\\d+"),
                        () -> header(there, "Xref"));
            }
        }
    }

    private static String header(byte[] article, String name) {
        String head = new String(article, StandardCharsets.ISO_8859_1).split("\r\n\r\n", 2)[0];
        return head.lines().filter(line -> line.startsWith(name + ": ")).findFirst().orElseThrow()
                .substring(name.length() + 2);
    }

    private static long figure(RelayProcess relay, String figure) throws IOException {
        return Copies.feedFigure(relay, "inn", figure);
    }

    @Test
    void whatWePostToInnByFeedAndByPostComesBackFromThere() throws Exception {
        Path file = Folders.file(temp.resolve("in/data.bin"), 1, 1_000_000);
        ServerAddress address = ServerAddress.plain("127.0.0.1", inn.port());
        for (PostRequest.Method method
                : List.of(PostRequest.Method.TAKETHIS, PostRequest.Method.POST)) {
            Path nzb = temp.resolve(method + ".nzb");
            PostResult posted = new Poster(PostRequest.of(
                            List.of(file), List.of(address), List.of(GROUP))
                    .withPartSize(50_000).withConnections(2).withMethod(method).withNzb(nzb),
                    Progress.none()).post();
            assertEquals(0, posted.retries());
            FetchResult fetched = new Fetcher(FetchRequest.of(nzb, List.of(address),
                    temp.resolve("out-" + method)), Progress.none()).fetch();
            assertEquals(0, fetched.missingArticles());
            assertEquals(Folders.contents(file.getParent()),
                    Folders.contents(temp.resolve("out-" + method)));
        }
    }

    @Test
    void whatInnSendsIsHereWholeAndOnceHoweverOftenItIsOffered() throws Exception {
        List<TestArticle> theirs = articles(9000);
        inn.takeBatch(); // Whatever it has of others.
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC));
        try (NntpWire wire = new NntpWire(innAddress())) {
            for (TestArticle article : theirs) {
                String reply = wire.ihave(article.id(),
                        article.relayedWire("elsewhere.example!not-for-mail", date));
                assertTrue(reply.startsWith("235"), reply);
            }
        }
        Path batch = inn.takeBatch();
        for (String name : OURS) {
            RelayProcess relay = federation.relay(name);
            long before = Copies.figure(relay, "received");
            int port = relay.address().getPort();
            String[] options = name.equals("stream") ? new String[] {"-c"} : new String[] {"-s"};
            inn.send(batch, port, options);
            inn.send(batch, port, options);
            assertEquals(before + theirs.size(), Copies.figure(relay, "received"), relay::log);
            assertWholeHere(relay, theirs, name + ".example.org");
        }
    }

    private static void assertWholeHere(RelayProcess relay, List<TestArticle> articles, String us)
            throws IOException {
        try (NntpWire wire = relay.connect()) {
            for (TestArticle article : articles) {
                byte[] here = wire.askBlock("ARTICLE " + article.id());
                assertEquals("", article.differenceFrom(here), article.id());
                assertTrue(header(here, "Path").matches(us.replace(".", "\\.")
                        + "!(\\.[A-Z]+\\.?[^!]*!|!)*inn\\.example!(\\.[A-Z]+\\.?[^!]*!|!)*"
                        + "elsewhere\\.example!not-for-mail"), () -> header(here, "Path"));
                assertTrue(header(here, "Xref").matches(us.replace(".", "\\.")
                        + " it\\.shared:\\d+"), () -> header(here, "Xref"));
            }
        }
    }
}
