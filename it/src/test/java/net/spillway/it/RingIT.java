package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingIT {
    private static final String GROUP = "it.talk";
    private static final List<String> RING = List.of("a", "b", "c");
    private static final int EACH = 30;

    @TempDir
    Path temp;

    @Test
    void ringCarriesEverythingEverywhereAndNothingInCircles() throws Exception {
        try (Federation federation = new Federation(temp)) {
            for (String name : RING) {
                federation.add(name, GROUP);
            }
            federation.feed("a", "b");
            federation.feed("b", "c");
            federation.feed("c", "a");
            federation.start();
            List<TestArticle> all = new ArrayList<>();
            for (String name : RING) {
                all.addAll(Copies.post(federation.relay(name), GROUP, name.charAt(0) * 1000, EACH));
            }
            for (RelayProcess relay : federation.relays()) {
                Copies.awaitAll(federation, relay, GROUP, all);
            }
            checkFigures(federation);
            for (RelayProcess relay : federation.relays()) {
                checkPaths(relay, all);
            }
        }
    }

    /** What was posted at a relay comes by the two others and is not offered to it again. */
    private static void checkFigures(Federation federation) throws Exception {
        for (int i = 0; i < RING.size(); i++) {
            RelayProcess from = federation.relay(RING.get(i));
            String to = RING.get((i + 1) % RING.size());
            assertEquals(2 * EACH, Copies.feedFigure(from, to, "accepted"), from.name());
            assertEquals(2 * EACH, Copies.feedFigure(from, to, "offered"), from.name());
            assertEquals(0, Copies.feedFigure(from, to, "refused"), from.name());
        }
    }

    private static void checkPaths(RelayProcess relay, List<TestArticle> all) throws Exception {
        for (int i = 0; i < all.size(); i += 10) {
            String path = Copies.path(relay, all.get(i));
            List<String> relays = Arrays.stream(path.split("!"))
                    .filter(entry -> entry.endsWith(".example.org") && !entry.startsWith("."))
                    .toList();
            assertEquals(relays.size(), relays.stream().distinct().count(), path);
            assertEquals(relay.name() + ".example.org", relays.getFirst(), path);
            assertTrue(relays.size() <= RING.size(), path);
        }
    }
}
