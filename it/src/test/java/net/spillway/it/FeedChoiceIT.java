package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a {@code [[peer]]} says of a feed holds for the feed. */
class FeedChoiceIT {
    private static final String OPEN = "it.open";
    private static final String LOCAL = "it.local";

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
}
