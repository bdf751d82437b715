package net.spillway.relay.peering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.spillway.conf.HostPort;
import net.spillway.conf.PeerConfig;
import net.spillway.feed.reconcile.PeerTalk;
import net.spillway.protocol.MessageId;
import org.junit.jupiter.api.Test;

/** Peers are asked for what was damaged here, until it is here again. */
class LostArticlesTest {
    private static final PeerConfig BEE =
            PeerConfig.sendingTo("bee", HostPort.of("127.0.0.1", 1));
    private static final PeerConfig CEE =
            PeerConfig.sendingTo("cee", HostPort.of("127.0.0.1", 1));
    private static final MessageId ONE = MessageId.of("<1@x.example>");
    private static final MessageId TWO = MessageId.of("<2@x.example>");

    private final Set<MessageId> here = new HashSet<>();
    private final List<MessageId> expected = new ArrayList<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> down = new HashSet<>();
    private final Map<String, Instant> connected = new HashMap<>();
    /** What is done while one that is down is called. */
    private Runnable calls = () -> { };
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private List<PeerConfig> peers = List.of(BEE);
    private final LostArticles lost =
            new LostArticles(this::call, expected::add, here::contains,
                    () -> Duration.ofDays(9), () -> now);

    /** Each has the first article and no other. */
    private PeerTalk call(PeerConfig peer) throws IOException {
        if (down.contains(peer.name())) {
            calls.run();
            throw new IOException("connection refused");
        }
        return ScriptedPeer.talk("200 hello", line -> {
            if (line.startsWith("XSPILLWAY WANT ")) {
                String id = line.substring("XSPILLWAY WANT ".length());
                asked.add(peer.name() + " " + id.charAt(1));
                return List.of(id.equals(ONE.value()) ? "290 it comes" : "490 it is not here");
            }
            return List.of("205 bye");
        }, Optional.empty(), Optional.empty());
    }

    private void step() {
        lost.step(peers, peer -> Optional.ofNullable(connected.get(peer)));
    }

    private void assertAsked(String... all) {
        assertEquals(List.of(all), asked);
        asked.clear();
    }

    private void connect(String peer) {
        down.remove(peer);
        now = now.plusSeconds(1);
        connected.put(peer, now);
        now = now.plusSeconds(1);
    }

    private String answers() {
        return lost.example().orElseThrow().answers();
    }

    @Test
    void whatWasPromisedIsWantedUntilItIsHere() {
        lost.add(ONE);
        assertEquals(List.of(ONE), expected, "it is taken again, whoever brings it");
        step();
        assertAsked("bee 1");
        assertEquals("bee has promised it", answers());
        now = now.plusSeconds(59);
        step();
        assertAsked();
        now = now.plusSeconds(1);
        step();
        assertAsked("bee 1");
        here.add(ONE);
        now = now.plus(Duration.ofDays(1));
        step();
        assertAsked();
        assertEquals(Optional.empty(), lost.example());
    }

    @Test
    void aPeerThatCannotBeAskedForAFaultOfOursIsNotedAsSuch() {
        lost.add(ONE);
        down.add("bee");
        calls = () -> {
            throw new IllegalStateException("a fault");
        };
        step();
        assertEquals("bee could not be reached (java.lang.IllegalStateException: a fault)",
                answers());
    }

    @Test
    void whatNobodyHasIsAskedForAfterGrowingWaitsAndHoldsUpNothingElse() {
        lost.add(TWO);
        step();
        lost.add(ONE);
        step();
        assertAsked("bee 2", "bee 1");
        here.add(ONE);
        assertEquals("bee says: it is not here", answers());
        for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            now = now.plus(Duration.ofMinutes(minutes)).minusSeconds(1);
            step();
            assertAsked();
            now = now.plusSeconds(1);
            step();
            assertAsked("bee 2");
        }
    }

    @Test
    void aPeerThatWasDownIsAskedAsSoonAsItIsConnected() {
        peers = List.of(BEE, CEE);
        down.add("bee");
        lost.add(TWO);
        step();
        assertAsked("cee 2");
        assertEquals("bee could not be reached (connection refused); cee says: it is not here",
                answers());
        now = now.plusSeconds(5);
        step();
        assertAsked();
        connect("bee");
        step();
        step();
        assertAsked("bee 2");
        assertEquals("bee says: it is not here; cee says: it is not here", answers());
        connect("cee");
        step();
        assertAsked(); // It has said that it has it not; that can wait.
    }

    @Test
    void aPeerThatCameToBeOneSinceIsAskedTooWhenItIsConnected() {
        lost.add(TWO);
        step();
        peers = List.of(BEE, CEE);
        step();
        assertAsked("bee 2");
        connect("cee");
        step();
        assertAsked("cee 2");
    }

    @Test
    void whoDidNotKeepAPromiseIsAskedAfterTheOthers() {
        peers = List.of(BEE, CEE);
        connect("bee");
        connect("cee");
        lost.add(ONE);
        step();
        assertAsked("bee 1");
        now = now.plus(LostArticles.FIRST_WAIT);
        step();
        assertAsked("cee 1");
        assertEquals("bee has promised it; cee has promised it", answers());
    }

    @Test
    void whatIsNotRememberedAnyMoreIsWantedNoMore() {
        lost.add(TWO);
        step();
        assertAsked("bee 2");
        now = now.plus(Duration.ofDays(9));
        step();
        assertAsked("bee 2");
        now = now.plusMillis(1);
        assertEquals(Optional.empty(), lost.example());
        now = now.plus(Duration.ofDays(1));
        step();
        assertAsked();
    }

    @Test
    void thoseThatLetUsWaitForAConnectionAreCalledAllAtOnceAfterWhoIsThere() {
        peers = List.of(BEE, CEE, PeerConfig.sendingTo("dee", HostPort.of("127.0.0.1", 1)));
        connect("dee");
        down.addAll(List.of("bee", "cee"));
        CyclicBarrier both = new CyclicBarrier(2);
        calls = () -> {
            assertEquals(List.of("dee 2"), List.copyOf(asked));
            try {
                both.await(1, TimeUnit.MINUTES);
            } catch (Exception e) {
                throw new AssertionError("nobody else is called meanwhile", e);
            }
        };
        lost.add(TWO);
        step();
        assertEquals("bee could not be reached (connection refused); cee could not be reached"
                + " (connection refused); dee says: it is not here",
                Stream.of(answers().split("; ")).sorted().collect(Collectors.joining("; ")));
    }

    @Test
    void moreThanOneStepTakesAreAskedForInTurn() {
        for (int n = 1; n <= 250; n++) {
            lost.add(MessageId.of("<2" + n + "@x.example>"));
        }
        step();
        assertEquals(100, asked.size());
        step();
        step();
        assertEquals(250, asked.size());
        down.add("bee");
        now = now.plus(LostArticles.FIRST_WAIT);
        step();
        step();
        step();
        assertEquals(250, asked.size());
        connect("bee");
        step();
        step();
        step();
        step();
        assertEquals(500, asked.size());
    }
}
