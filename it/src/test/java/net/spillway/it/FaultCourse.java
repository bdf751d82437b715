package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;

/**
 * Relays of which each could feed each other. A cell of the matrix has some of them do so, in one
 * shape, through links with one fault, while articles are posted everywhere. Then every relay must
 * have every article, once, and few may have been sent to a relay that had them.
 */
final class FaultCourse {
    /** Which relays feed which. */
    enum Shape {
        RING, STAR, MESH;

        boolean joins(int from, int to, int relays) {
            return from != to && switch (this) {
                case RING -> Math.floorMod(from - to, relays) == 1
                        || Math.floorMod(to - from, relays) == 1;
                case STAR -> from == 0 || to == 0;
                case MESH -> true;
            };
        }
    }

    /** What happens to links. */
    enum Fault { DELAY, STALL, HALF_CLOSE, RESET, SLICES, FLIP, NARROW, LOSS }

    /** From relay to relay. */
    private record Edge(int from, int to) {
    }

    private static final Duration DELAY = Duration.ofMillis(40);
    private static final int SLICED_OCTETS = 4_000;
    /** So many articles are posted between two faults. */
    private static final int STEP = 5;
    private static final double SENT_AGAIN = 0.05;
    private static final int TOLD = 5;
    private static final Duration COUNTED = Duration.ofMinutes(1);

    private final Federation federation;
    private final int relays;
    private final boolean linked;
    private final Random random = new Random(1);
    private final Set<Edge> feeding = new HashSet<>();

    /** @param linked whether feeds go through {@link FaultyLink}s that show what is sent */
    FaultCourse(Federation federation, int relays, boolean linked) {
        this.federation = federation;
        this.relays = relays;
        this.linked = linked;
        feeding.addAll(edges(Shape.MESH));
    }

    static String name(int relay) {
        return "r" + relay;
    }

    private List<Edge> edges(Shape shape) {
        List<Edge> edges = new ArrayList<>();
        for (int from = 0; from < relays; from++) {
            for (int to = 0; to < relays; to++) {
                if (shape.joins(from, to, relays)) {
                    edges.add(new Edge(from, to));
                }
            }
        }
        return edges;
    }

    private FaultyLink link(Edge edge) {
        return federation.link(name(edge.from()), name(edge.to()));
    }

    /** Articles that came from peers, sent to a relay that had them or not. */
    private record Taken(long stored, long again) {
        Taken since(Taken before) {
            return new Taken(stored - before.stored, again - before.again);
        }
    }

    private Taken taken() throws IOException {
        long stored = 0;
        long again = 0;
        for (RelayProcess relay : federation.relays()) {
            stored += Copies.figure(relay, "received");
            again += Copies.figure(relay, "duplicates");
        }
        return new Taken(stored, again);
    }

    /** One cell: posts so many articles at each relay, to a group that is still empty. */
    void run(Shape shape, Fault fault, String group, int each) throws Exception {
        join(edges(shape));
        List<Edge> edges = List.copyOf(feeding);
        if (linked) {
            for (Edge edge : edges) {
                link(edge).delay(fault == Fault.DELAY ? DELAY : Duration.ZERO);
                link(edge).slice(fault == Fault.SLICES ? SLICED_OCTETS : 0);
            }
            if (fault == Fault.SLICES) {
                for (Edge edge : edges) {
                    link(edge).cut(); // Only connections made from now on are sliced.
                }
            }
        }
        Taken before = taken();
        List<TestArticle> all = post(group, each, fault, edges);
        if (linked) {
            for (Edge edge : edges) {
                link(edge).restore();
                link(edge).flip(0);
            }
        }
        for (RelayProcess relay : federation.relays()) {
            Copies.awaitAll(federation, relay, group, all);
        }
        checkTaken(before, all);
        if (linked && fault != Fault.FLIP) {
            checkSentAgain(all, edges);
        }
    }

    private void join(List<Edge> wanted) throws IOException {
        for (Edge edge : edges(Shape.MESH)) {
            boolean now = feeding.contains(edge);
            if (now != wanted.contains(edge)) {
                federation.feeding(name(edge.from()), name(edge.to()), !now);
            }
        }
        feeding.clear();
        feeding.addAll(wanted);
    }

    private List<TestArticle> post(String group, int each, Fault fault, List<Edge> edges)
            throws Exception {
        List<TestArticle> all = new ArrayList<>();
        List<NntpWire> wires = new ArrayList<>();
        try {
            for (RelayProcess relay : federation.relays()) {
                wires.add(relay.connect());
            }
            for (int i = 0; i < each * relays; i++) {
                TestArticle article = TestArticle.seeded(
                        group.hashCode() * 1000L + i, group, 500 + 400 * (i % 20));
                String said = wires.get(i % relays).post(article.wire());
                assertTrue(said.startsWith("240"), said);
                all.add(article);
                if (linked && i % STEP == STEP - 1) {
                    strike(fault, edges.get(random.nextInt(edges.size())));
                }
            }
            return all;
        } finally {
            for (NntpWire wire : wires) {
                wire.close();
            }
        }
    }

    private void strike(Fault fault, Edge edge) throws IOException {
        FaultyLink link = link(edge);
        switch (fault) {
            case STALL -> {
                // The one that stalled before goes on.
                for (Edge other : feeding) {
                    link(other).restore();
                }
                link.stall();
            }
            case HALF_CLOSE -> link.halfClose();
            case RESET -> link.reset();
            case FLIP -> link.flip(1);
            default -> { }
        }
    }

    /** By what the relays have counted: of bodies that came whole. */
    private void checkTaken(Taken before, List<TestArticle> all) throws IOException {
        long expected = all.size() * (relays - 1L);
        // An article can be read a moment before it is counted.
        Awaitility.await().atMost(COUNTED).ignoreExceptions()
                .until(() -> taken().since(before).stored() >= expected);
        Taken taken = taken().since(before);
        System.out.printf("%d articles at %d relays: %d stored that came from peers, %d came again%n",
                all.size(), relays, taken.stored(), taken.again());
        assertEquals(expected, taken.stored());
        if (taken.again() > SENT_AGAIN * taken.stored()) {
            throw new AssertionError(taken + ", such as " + cameAgain(all));
        }
    }

    /** What the relays remember of a few articles that came more than once. */
    private String cameAgain(List<TestArticle> all) throws IOException {
        StringBuilder told = new StringBuilder();
        int found = 0;
        for (RelayProcess relay : federation.relays()) {
            try (NntpWire wire = relay.connect()) {
                for (TestArticle article : all) {
                    List<String> trace = wire.askLines("XSPILLWAY TRACE " + article.id());
                    if (trace.stream().anyMatch(line -> line.contains("\"duplicate\""))
                            && found++ < TOLD) {
                        told.append("\n--- ").append(relay.name()).append('\n')
                                .append(String.join("\n", trace));
                    }
                }
            }
        }
        return told.toString();
    }

    /** By what went through the links: also of bodies that were cut off behind them. */
    private void checkSentAgain(List<TestArticle> all, List<Edge> edges) {
        Set<String> ids = new HashSet<>();
        all.forEach(article -> ids.add(article.id()));
        int sent = 0;
        Set<String> needed = new HashSet<>();
        for (Edge edge : edges) {
            for (String id : link(edge).bodies()) {
                if (ids.contains(id)) {
                    sent++;
                    needed.add(edge.to() + " " + id);
                }
            }
        }
        int again = sent - needed.size();
        System.out.printf("%d articles at %d relays: %d bodies sent, %d of them again%n",
                all.size(), relays, sent, again);
        assertTrue(again <= SENT_AGAIN * needed.size(), again + " of " + sent + " sent again");
    }
}
