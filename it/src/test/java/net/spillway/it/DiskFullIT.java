package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay on a real file system that is really full. */
class DiskFullIT {
    private static final String GROUP = "it.full";
    private static final String DATE = DateTimeFormatter.RFC_1123_DATE_TIME.format(
            OffsetDateTime.now(ZoneOffset.UTC));

    @TempDir
    Path temp;
    private long seed;

    @Test
    void fullFileSystemMeansLaterAndReadersGoOn() throws Exception {
        Path data = Files.createDirectories(temp.resolve("solo/data"));
        try (Mounts mounts = new Mounts(); Federation federation = new Federation(temp)) {
            Assumptions.assumeTrue(mounts.mount(data, "-t", "tmpfs", "-o", "size=64m",
                    "spillway-it"), "skipped: a small tmpfs cannot be mounted here (needs root)");
            RelayProcess relay = federation.add("solo", GROUP);
            federation.extra("solo", """
                    [[peer]]
                    name = "feeder.example.org"
                    from = ["127.0.0.1"]
                    """);
            federation.start();
            List<TestArticle> stored = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                stored.add(mustPost(relay));
            }
            Path ballast = fill(data);
            requireLater(relay);
            requireReadable(relay, stored);
            Files.delete(ballast);
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> post(relay, next())
                    .startsWith("240"));
            stored.add(mustPost(relay));
            requireReadable(relay, stored);
            assertEquals(0, relay.stop(), relay::log);
            relay.start();
            requireReadable(relay, stored);
            assertEquals(0, relay.stop(), relay::log);
        }
    }

    /** Every way in is told to come again, and none that an article is not wanted. */
    private void requireLater(RelayProcess relay) throws IOException {
        try (NntpWire wire = relay.connect()) {
            String posted = wire.post(next().wire());
            assertTrue(posted.startsWith("441") || posted.startsWith("440"), posted);
            TestArticle offered = next();
            String ihave = wire.ihave(offered.id(), offered.relayedWire("x!not-for-mail", DATE));
            assertTrue(ihave.startsWith("436"), ihave);
            String check = wire.ask("CHECK " + offered.id());
            assertTrue(check.startsWith("431") || check.startsWith("238"), check);
            TestArticle sent = next();
            wire.send("TAKETHIS " + sent.id());
            wire.send(sent.relayedWire("x!not-for-mail", DATE));
            String reply = wire.readLine();
            assertTrue(reply.startsWith("400"), reply);
            assertThrows(EOFException.class, wire::readLine);
        }
    }

    private void requireReadable(RelayProcess relay, List<TestArticle> stored) throws IOException {
        try (NntpWire wire = relay.connect()) {
            assertTrue(wire.ask("GROUP " + GROUP).startsWith("211"));
            for (TestArticle article : stored) {
                byte[] received = wire.askBlock("ARTICLE " + article.id());
                assertEquals("", article.differenceFrom(received));
            }
            assertEquals(50, wire.askLines("OVER 1-50").size());
        }
    }

    private TestArticle next() {
        return TestArticle.seeded(++seed, GROUP, 5000);
    }

    private TestArticle mustPost(RelayProcess relay) throws IOException {
        TestArticle article = next();
        String reply = post(relay, article);
        assertTrue(reply.startsWith("240"), reply);
        return article;
    }

    private static String post(RelayProcess relay, TestArticle article) throws IOException {
        try (NntpWire wire = relay.connect()) {
            return wire.post(article.wire());
        }
    }

    /** Leaves not an octet. */
    private static Path fill(Path folder) throws IOException {
        Path ballast = folder.resolve("ballast");
        try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "rw")) {
            byte[] octets = new byte[4096];
            while (true) {
                file.write(octets);
            }
        } catch (IOException full) {
            return ballast;
        }
    }
}
