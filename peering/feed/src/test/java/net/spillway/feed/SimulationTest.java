package net.spillway.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import net.spillway.protocol.MessageId;
import org.junit.jupiter.api.Test;

/**
 * Feeds, offers and comparisons of whole federations, simulated. {@code -Dsimulation.seeds=N} says
 * how many (150), {@code -Dsimulation.first=N} from which seed on: the one that a failure prints.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 150);
    private static final int FIRST = Integer.getInteger("simulation.first", 1);
    private static final long MINUTE = 60_000;

    /** A graph in which each relay has so many links. */
    private static Set<List<Integer>> regular(int n, int k, Random random) {
        while (true) {
            List<Integer> ends = new ArrayList<>();
            for (int i = 0; i < n * k; i++) {
                ends.add(i % n);
            }
            Collections.shuffle(ends, random);
            Set<List<Integer>> edges = new HashSet<>();
            for (int i = 0; i + 1 < ends.size(); i += 2) {
                int a = Math.min(ends.get(i), ends.get(i + 1));
                int b = Math.max(ends.get(i), ends.get(i + 1));
                for (int tries = 0; (a == b || edges.contains(List.of(a, b))) && tries < 200;
                        tries++) {
                    int other = i + 1 + random.nextInt(ends.size() - i - 1);
                    Collections.swap(ends, i + 1, other);
                    a = Math.min(ends.get(i), ends.get(i + 1));
                    b = Math.max(ends.get(i), ends.get(i + 1));
                }
                if (a != b) {
                    edges.add(List.of(a, b));
                }
            }
            if (edges.size() == n * k / 2 && isConnected(n, edges)) {
                return edges;
            }
        }
    }

    /** In two halves nothing could be everywhere; with few relays such a graph is drawn at times. */
    private static boolean isConnected(int n, Collection<List<Integer>> edges) {
        Set<Integer> reached = new TreeSet<>(Set.of(0));
        for (int before = 0; before < reached.size();) {
            before = reached.size();
            edges.stream().filter(edge -> edge.stream().anyMatch(reached::contains))
                    .forEach(reached::addAll);
        }
        return reached.size() == n;
    }

    private static SimulatedRelays network(long seed, int n, int k, double meanMillis) {
        SimulatedRelays relays = new SimulatedRelays(seed, n);
        for (List<Integer> edge : regular(n, k, relays.random)) {
            relays.connect(edge.get(0), edge.get(1), meanMillis);
        }
        return relays;
    }

    private static SimulatedRelays ring(long seed, int n) {
        SimulatedRelays relays = new SimulatedRelays(seed, n);
        for (int i = 0; i < n; i++) {
            relays.connect(i, (i + 1) % n, 50);
        }
        return relays;
    }

    @Test
    void whateverFailsEveryArticleIsEverywhereInTheEnd() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            try {
                everythingIsEverywhere(faults(seed, true));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Dsimulation.seeds=1 -Dsimulation.first=" + seed
                        + ": " + e.getMessage(), e);
            }
        }
    }

    @Test
    void withoutComparisonsWhatARelayLosesStaysLost() {
        boolean lost = false;
        for (long seed = 1; seed <= 10 && !lost; seed++) {
            Run run = faults(seed, false);
            lost = run.relays().nodes.stream()
                    .anyMatch(node -> !node.articles().equals(run.posted()));
        }
        assertTrue(lost, "the faults of the test above need comparing to be healed");
    }

    /** Relays that all feed each other over links that are as good as none. */
    private static SimulatedRelays mesh(int n) {
        SimulatedRelays relays = new SimulatedRelays(FIRST, n);
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < a; b++) {
                relays.connect(a, b, 1);
            }
        }
        relays.feedsAlone();
        relays.start();
        relays.run(MINUTE);
        return relays;
    }

    /** Posts so many everywhere in turn, and gives how many bodies were sent for each needed. */
    private static double postOnANarrowWay(SimulatedRelays relays, int articles, String after) {
        int n = relays.nodes.size();
        long begun = relays.now();
        long offers = relays.offers;
        long bodies = relays.bodies;
        long taken = relays.taken;
        for (int i = 0; i < articles; i++) {
            SimulatedRelays.Node node = relays.nodes.get(i % n);
            relays.later(5 * i, node::post);
        }
        relays.run(3 * MINUTE);
        long needed = (n - 1L) * articles;
        long sent = relays.bodies - bodies;
        System.out.printf("%d articles at %d relays over 8 Mbit/s %s: %d bodies sent, %d are"
                + " needed; %d offers; the last after %d ms%n", articles, n, after, sent, needed,
                relays.offers - offers, relays.lastTaken - begun);
        assertTrue(relays.packetsLost > articles, "the way is full");
        assertEquals(needed, relays.taken - taken);
        return (double) sent / needed;
    }

    /**
     * Whoever is sending over a narrow way has not failed, however steadily it sent before, and is
     * not helped by others.
     */
    @Test
    void whereAllShareANarrowWayFewBodiesComeTwice() {
        int n = 12;
        int articles = 300;
        SimulatedRelays relays = mesh(n);
        for (int i = 0; i < 6 * articles; i++) {
            relays.nodes.get(relays.random.nextInt(n)).post();
            relays.run(5);
        }
        relays.run(MINUTE);
        relays.narrow(1000, 4300);
        double sent = postOnANarrowWay(relays, articles, "after a wide one");
        assertTrue(sent <= 1.05, sent + " bodies for each that is needed");
    }

    /**
     * Each feed that comes back asks about all that the others have brought meanwhile, at once and
     * on the same way, where connections stand still for 40 seconds then; and those that had a peer
     * to themselves have sent without asking.
     */
    @Test
    void whereFeedsComeBackOnANarrowWayFewBodiesComeTwice() {
        int n = 12;
        int articles = 300;
        SimulatedRelays relays = mesh(n);
        BiPredicate<Integer, Integer> ring = (from, to) ->
                Math.floorMod(from - to, n) == 1 || Math.floorMod(to - from, n) == 1;
        BiPredicate<Integer, Integer> star = (from, to) -> from == 0 || to == 0;
        for (BiPredicate<Integer, Integer> shape : List.of(ring, star)) {
            relays.feedOnly(shape);
            for (int i = 0; i < articles; i++) {
                relays.nodes.get(i % n).post();
                relays.run(5);
            }
            relays.run(MINUTE);
        }
        relays.narrow(1000, 4300);
        relays.feedOnly((from, to) -> true);
        double sent = postOnANarrowWay(relays, articles, "behind a ring and a star");
        assertTrue(sent <= 1.15, sent + " bodies for each that is needed");
    }

    /** The last has what the first offers a little sooner than what the second does. */
    private static SimulatedRelays threeThatFeedEachOther() {
        SimulatedRelays relays = new SimulatedRelays(FIRST, 3);
        relays.link(0, 1, 15);
        relays.link(1, 2, 10);
        relays.link(0, 2, 20);
        relays.feedsAlone();
        relays.start();
        relays.run(MINUTE);
        return relays;
    }

    @Test
    void whereOneFallsSilentTheNextHasItsTurnInASecondAndAHalf() {
        SimulatedRelays relays = threeThatFeedEachOther();
        SimulatedRelays.Node first = relays.nodes.getFirst();
        for (int i = 0; i < 500; i++) {
            // Some come from the second, so that the first goes on asking before it sends.
            relays.nodes.get(i % 5 == 0 ? 1 : 0).post();
            relays.run(100);
        }
        // The first offers it to the last, then the second does; and then the first is silent.
        MessageId id = first.post();
        relays.later(22, () -> relays.stall(0, 2, 60_000));
        relays.run(1000);
        assertTrue(relays.nodes.get(1).has(id) && !relays.nodes.get(2).has(id), "so far");
        relays.run(600);
        assertTrue(relays.nodes.get(2).has(id), "from the second");
    }

    /** Nothing is known of any of them: the first has never sent anything. */
    @Test
    void whereOneHangsFromTheBeginningTheNextHasItsTurnInASecondAndAHalf() {
        SimulatedRelays relays = threeThatFeedEachOther();
        Set<MessageId> ids = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            ids.add(relays.nodes.getFirst().post());
        }
        relays.later(22, () -> relays.stall(0, 2, 60_000));
        relays.run(1000);
        SimulatedRelays.Node last = relays.nodes.get(2);
        assertTrue(ids.stream().allMatch(relays.nodes.get(1)::has), "so far");
        assertTrue(ids.stream().noneMatch(last::has), "so far");
        relays.run(500);
        assertTrue(ids.stream().anyMatch(last::has), "one from the second");
        relays.run(600);
        assertTrue(ids.stream().allMatch(last::has), "all from the second");
    }

    private record Run(SimulatedRelays relays, Set<String> posted) {
    }

    private static void everythingIsEverywhere(Run run) {
        for (SimulatedRelays.Node node : run.relays().nodes) {
            assertEquals(run.posted().size(), node.articles().size(), node.name);
            assertEquals(run.posted(), node.articles());
        }
        assertEquals((long) run.posted().size() * (run.relays().nodes.size() - 1),
                run.relays().taken, "each body is taken once per relay");
    }

    private static Run faults(long seed, boolean compare) {
        Random random = new Random(seed);
        int n = 3 + random.nextInt(20);
        SimulatedRelays relays = n < 5 || random.nextInt(3) == 0 ? ring(seed, n)
                : network(seed, n % 2 == 0 ? n : n + 1, 3, 50);
        if (!compare) {
            relays.feedsAlone();
        }
        relays.start();
        relays.run(MINUTE);
        Set<String> posted = new TreeSet<>();
        for (int i = 0; i < 60; i++) {
            relays.later(random.nextLong(5 * MINUTE), () -> postSomewhere(relays, posted));
        }
        for (int i = 0; i < 12; i++) {
            relays.later(random.nextLong(5 * MINUTE), () -> fault(relays));
        }
        relays.run(10 * MINUTE);
        // A quarter of an hour, a share of it by which comparisons differ, and the way.
        relays.run(60 * MINUTE);
        return new Run(relays, posted);
    }

    private static void postSomewhere(SimulatedRelays relays, Set<String> posted) {
        SimulatedRelays.Node node = relays.nodes.get(
                relays.random.nextInt(relays.nodes.size()));
        if (node.up) {
            posted.add(node.post().value());
        }
    }

    private static void fault(SimulatedRelays relays) {
        SimulatedRelays.Node node = relays.nodes.get(
                relays.random.nextInt(relays.nodes.size()));
        long during = relays.random.nextLong(2 * MINUTE);
        switch (relays.random.nextInt(5)) {
            case 0 -> relays.breakOne();
            case 1 -> relays.stallOne(relays.random.nextInt(20_000), during);
            case 2 -> {
                if (node.up) {
                    node.crash();
                    relays.later(during, node::restart);
                }
            }
            case 3 -> {
                node.diskFull = true;
                relays.later(during, () -> node.diskFull = false);
            }
            default -> {
                node.forgetful = true;
                relays.later(during, () -> node.forgetful = false);
            }
        }
    }

    @Test
    void aThousandRelaysOfferAndSpreadAsTheorySays() {
        int n = 1000;
        // Where an answer takes more than a second, another has its turn meanwhile: no links do.
        int mean = 40;
        for (int k : new int[] {4, 6}) {
            SimulatedRelays relays = network(k, n, k, mean);
            relays.feedsAlone();
            relays.start();
            relays.run(MINUTE);
            long begun = relays.now();
            MessageId id = relays.nodes.getFirst().post();
            relays.run(5 * MINUTE);
            assertTrue(relays.nodes.stream().allMatch(node -> node.has(id)));
            long bound = 2L * relays.edges() - n + 1;
            long first = relays.offers - relays.deferrals;
            // CHECK, its answer and TAKETHIS: three ways over each link.
            double theory = (1.0 / (k - 2) + 1.0 / k) * Math.log(n) * 3 * mean;
            double time = relays.lastTaken - begun;
            long offers = relays.lastArrival(true);
            long ideal = relays.lastArrival(false);
            System.out.printf("%d relays, %d links each: %d first offers (2E - n + 1 = %d), %d"
                    + " bodies, last relay after %.0f ms (theory %.0f; these links %d if whoever"
                    + " offers first sends, %d if whoever would be done first)%n", n, k, first,
                    bound, relays.bodies, time, theory, offers, ideal);
            // Why it takes longer than theory says: the first to offer is not always the fastest.
            assertEquals(offers, time, 0.01 * offers, "the way of first offers");
            assertEquals(theory, ideal, 0.25 * theory, "the shortest way");
            assertTrue(first <= bound, first + " first offers");
            assertTrue(first >= bound * 9 / 10, first + " first offers");
            assertEquals(n - 1, relays.bodies, "each body goes out once per relay");
            assertTrue(time > 0.6 * theory && time < 2 * theory, time + " ms");
        }
    }

    @Test
    void survivorsReachEachOtherAsTheorySays() {
        int n = 1000;
        int k = 4;
        for (double q : new double[] {0.2, 0.4}) {
            double u = 0;
            for (int i = 0; i < 1000; i++) {
                u = q + (1 - q) * Math.pow(u, k - 1);
            }
            double theory = 1 - Math.pow(u, k);
            SimulatedRelays relays = network(7, n, k, 100);
            relays.feedsAlone();
            relays.nodes.forEach(node -> node.up = relays.random.nextDouble() >= q);
            relays.start();
            relays.run(MINUTE);
            List<SimulatedRelays.Node> alive = relays.nodes.stream().filter(x -> x.up).toList();
            double reach = 0;
            for (int i = 0; reach < 0.25 && i < 10; i++) {
                MessageId id = alive.get(i).post();
                relays.run(5 * MINUTE);
                reach = alive.stream().filter(node -> node.has(id)).count()
                        / (double) alive.size();
            }
            System.out.printf("%d relays, %d links each, %.0f %% failed: reaches %.3f of the rest"
                    + " (theory %.3f)%n", n, k, 100 * q, reach, theory);
            assertEquals(theory, reach, 0.05);
        }
    }
}
