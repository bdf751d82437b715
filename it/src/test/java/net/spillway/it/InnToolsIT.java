package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** INN's programs against the built relay: inews posts, rnews and innxmit feed. */
class InnToolsIT {
    private static final String GROUP = "it.tools";
    private static final String ELSEWHERE = "elsewhere.example!not-for-mail";

    @TempDir
    static Path temp;
    private static Federation federation;
    private static RelayProcess relay;
    private static RelayProcess stranger;
    private static InnTools tools;

    @BeforeAll
    static void start() throws Exception {
        String obstacle = InnTools.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        tools = InnTools.in(Files.createDirectories(temp.resolve("tools")));
        federation = new Federation(temp.resolve("ours"));
        relay = federation.add("ours", GROUP);
        federation.extra("ours", "[[peer]]\nname = \"tools.example\"\nfrom = [\"127.0.0.1\"]\n");
        stranger = federation.add("stranger", GROUP);
        federation.start();
    }

    @AfterAll
    static void stop() {
        if (federation != null) {
            federation.close();
        }
    }

    private static List<TestArticle> articles(int seed, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> TestArticle.seeded(seed + i, GROUP, 500 + 3000 * i)).toList();
    }

    private static String now() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    }

    private static void assertHas(List<TestArticle> articles) throws IOException {
        try (NntpWire wire = relay.connect()) {
            for (TestArticle article : articles) {
                assertEquals("", article.differenceFrom(wire.askBlock("ARTICLE " + article.id())));
            }
        }
    }

    @Test
    void inewsPosts() throws Exception {
        tools.inews(relay.address().getPort(), """
                From: Somebody <somebody@tools.example>
                Newsgroups: it.tools
                Subject: posted by inews
                Message-ID: <inews.1@tools.example>

                A line,
                .and one that begins with a dot.
                """);
        try (NntpWire wire = relay.connect()) {
            List<String> lines = wire.askLines("ARTICLE <inews.1@tools.example>");
            assertTrue(lines.contains("Subject: posted by inews"), lines::toString);
            assertTrue(lines.contains(".and one that begins with a dot."), lines::toString);
        }
    }

    @Test
    void inewsIsToldWhyAnArticleIsRefused() {
        IOException refused = assertThrows(IOException.class, () -> tools.inews(
                relay.address().getPort(), """
                        From: Somebody <somebody@tools.example>
                        Newsgroups: it.tools
                        Subject: no message-ID to speak of
                        Message-ID: nonsense

                        Body
                        """));
        assertTrue(refused.getMessage().contains("Message-ID"), refused::getMessage);
    }

    @Test
    void rnewsFeedsABatch() throws Exception {
        List<TestArticle> articles = articles(100, 5);
        String date = now();
        tools.rnews(relay.address().getPort(), articles.stream()
                .map(article -> article.relayedWire(ELSEWHERE, date)).toList());
        assertHas(articles);
    }

    @Test
    void innxmitFeedsInAStreamAndWithoutOneAndSendsNothingTwice() throws Exception {
        for (String[] options : List.of(new String[] {"-c"}, new String[] {"-s"})) {
            List<TestArticle> articles = articles(options[0].equals("-c") ? 200 : 300, 20);
            int port = relay.address().getPort();
            String first = tools.innxmit(port, articles, ELSEWHERE, now(), options);
            assertTrue(first.contains("accepted 20"), first);
            assertHas(articles);
            String second = tools.innxmit(port, articles, ELSEWHERE, now(), options);
            // In a stream it does not ask before it sends.
            assertTrue(second.contains("accepted 0")
                    && second.matches("(?s).*(refused|rejected) 20.*"), second);
        }
    }

    @Test
    void aFeederThatIsNoPeerIsToldSoInWords() throws Exception {
        IOException refused = assertThrows(IOException.class, () -> tools.innxmit(
                stranger.address().getPort(), articles(400, 1), ELSEWHERE, now()));
        assertTrue(refused.getMessage().contains("no peer is configured here for 127.0.0.1"),
                refused::getMessage);
        try (NntpWire wire = stranger.connect()) {
            assertEquals("502 no peer is configured here for 127.0.0.1", wire.ask("MODE STREAM"));
            assertEquals("502 no peer is configured here for 127.0.0.1",
                    wire.ask("IHAVE <x@y.example>"));
        }
    }
}
