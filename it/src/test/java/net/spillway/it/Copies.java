package net.spillway.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Posts articles to relays and looks whether they are where they should be, whole and once. */
final class Copies {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Copies() {
    }

    /** Posts that many new articles one after the other; all must be acknowledged. */
    static List<TestArticle> post(RelayProcess relay, String group, long seed, int count)
            throws IOException {
        List<TestArticle> articles = new ArrayList<>();
        try (NntpWire wire = relay.connect()) {
            for (int i = 0; i < count; i++) {
                TestArticle article = TestArticle.seeded(seed + i, group, 500 + 400 * (i % 20));
                String reply = wire.post(article.wire());
                if (!reply.startsWith("240")) {
                    throw new AssertionError(relay.name() + " answered a post: " + reply);
                }
                articles.add(article);
            }
        }
        return articles;
    }

    /**
     * Waits until a relay has every one of these articles, and checks that each is what was
     * posted and that the group holds nothing besides.
     */
    static void awaitAll(Federation federation, RelayProcess relay, String group,
            Collection<TestArticle> articles) throws IOException {
        try {
            Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100))
                    .ignoreExceptions()
                    .until(() -> lacking(relay, articles).isEmpty());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(relay.name() + " lacks " + lacking(relay, articles) + "\n"
                    + federation.logs(), e);
        }
        checkWhole(relay, articles);
        checkCount(relay, group, articles.size());
    }

    private static List<String> lacking(RelayProcess relay, Collection<TestArticle> articles)
            throws IOException {
        List<String> lacking = new ArrayList<>();
        try (NntpWire wire = relay.connect()) {
            for (TestArticle article : articles) {
                if (!wire.ask("STAT " + article.id()).startsWith("223")) {
                    lacking.add(article.id());
                }
            }
        }
        return lacking;
    }

    /** Checks that a relay has each of these as it was posted. */
    static void checkWhole(RelayProcess relay, Collection<TestArticle> articles)
            throws IOException {
        try (NntpWire wire = relay.connect()) {
            for (TestArticle article : articles) {
                String difference =
                        article.differenceFrom(wire.askBlock("ARTICLE " + article.id()));
                if (!difference.isEmpty()) {
                    throw new AssertionError(
                            relay.name() + " has another " + article.id() + ": " + difference);
                }
            }
        }
    }

    /** Checks how many articles a group holds: what was stored twice would show. */
    static void checkCount(RelayProcess relay, String group, int count) throws IOException {
        try (NntpWire wire = relay.connect()) {
            wire.ask("GROUP " + group);
            int listed = wire.askLines("LISTGROUP").size();
            if (listed != count) {
                throw new AssertionError(relay.name() + " lists " + listed + " articles in " + group
                        + " instead of " + count);
            }
        }
    }

    /** The Path header of an article at a relay. */
    static String path(RelayProcess relay, TestArticle article) throws IOException {
        try (NntpWire wire = relay.connect()) {
            String head = new String(wire.askBlock("HEAD " + article.id()), StandardCharsets.UTF_8);
            return head.lines().filter(line -> line.startsWith("Path: ")).findFirst()
                    .orElseThrow().substring("Path: ".length());
        }
    }

    /** A figure that a relay tells of its feed to a peer. */
    static long feedFigure(RelayProcess relay, String peer, String figure) throws IOException {
        try (NntpWire wire = relay.connect()) {
            String line = wire.askLines("XSPILLWAY STATUS").stream()
                    .filter(each -> each.contains("\"feed\":\"" + peer + ".example"))
                    .findFirst().orElseThrow();
            return number(line, figure);
        }
    }

    /** A figure that a relay tells of itself. */
    static long figure(RelayProcess relay, String figure) throws IOException {
        try (NntpWire wire = relay.connect()) {
            return number(wire.askLines("XSPILLWAY STATUS").getFirst(), figure);
        }
    }

    private static long number(String line, String figure) {
        Matcher matcher = Pattern.compile("\"" + figure + "\":(\\d+)").matcher(line);
        if (!matcher.find()) {
            throw new AssertionError("no " + figure + " in " + line);
        }
        return Long.parseLong(matcher.group(1));
    }
}
