package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay of ours and a real INN, each the other's peer. */
class InnPeerIT {
    private static final String GROUP = "it.shared";
    private static final int ARTICLES = 200;

    @TempDir
    Path temp;

    @Test
    void articlesPostedHereReachInnAndThoseFedToInnReachUs() throws Exception {
        String obstacle = Inn.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path folder = Files.createDirectories(temp.resolve("inn"));
        try (Inn inn = Inn.start(folder, GROUP);
                Federation federation = new Federation(temp.resolve("ours"))) {
            RelayProcess relay = federation.add("ours", GROUP);
            federation.extra("ours", """
                    [[peer]]
                    name = "inn.example"
                    address = "nntp://127.0.0.1:%d"
                    from = ["127.0.0.1"]
                    """.formatted(inn.port()));
            federation.start();
            List<TestArticle> posted = post(relay);
            InetSocketAddress innAddress =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), inn.port());
            Awaitility.await("INN has everything").atMost(Duration.ofMinutes(1))
                    .until(() -> readable(innAddress, posted) == posted.size());

            List<TestArticle> theirs = feed(innAddress);
            inn.sendBatchTo(relay.address().getPort());
            assertEquals(theirs.size(), readable(relay.address(), theirs), relay::log);
        }
    }

    private static List<TestArticle> post(RelayProcess relay) throws Exception {
        List<TestArticle> articles = new ArrayList<>();
        try (NntpWire wire = relay.connect()) {
            for (int i = 0; i < ARTICLES; i++) {
                TestArticle article = TestArticle.seeded(1000 + i, GROUP, 3000);
                String reply = wire.post(article.wire());
                assertTrue(reply.startsWith("240"), reply);
                articles.add(article);
            }
        }
        return articles;
    }

    private static List<TestArticle> feed(InetSocketAddress inn) throws Exception {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        List<TestArticle> articles = new ArrayList<>();
        try (NntpWire wire = new NntpWire(inn)) {
            for (int i = 0; i < ARTICLES; i++) {
                TestArticle article = TestArticle.seeded(5000 + i, GROUP, 3000);
                String reply = wire.ihave(article.id(),
                        article.relayedWire("elsewhere.example!not-for-mail", date));
                assertTrue(reply.startsWith("235"), reply);
                articles.add(article);
            }
        }
        return articles;
    }

    /** How many of them are there, octet for octet; innd itself serves HEAD and BODY no more. */
    private static int readable(InetSocketAddress server, List<TestArticle> articles)
            throws Exception {
        int there = 0;
        try (NntpWire wire = new NntpWire(server)) {
            for (TestArticle article : articles) {
                if (wire.ask("STAT " + article.id()).startsWith("223")) {
                    there++;
                }
            }
        }
        return there;
    }
}
