package net.spillway.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.spillway.conf.FeedConfig;
import net.spillway.spool.FeedPosition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfferWindowTest {
    private static final FeedPolicy POLICY =
            FeedPolicyTest.sending("spill.*", 1_000_000);

    @TempDir
    Path folder;
    private MemoryStore store;
    private Instant time = Instant.EPOCH;
    private final InstantSource clock = () -> time;

    @BeforeEach
    void open() throws IOException {
        store = new MemoryStore(folder);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private OfferWindow window(FeedPosition start, int maxDeferred, int maxOpen) {
        FeedTuning d = FeedTuning.DEFAULT;
        return new OfferWindow(store, POLICY, start, new FeedTuning(d.replyTimeout(),
                d.reconnectFirst(), d.reconnectMax(), Duration.ofMillis(500), Duration.ofSeconds(4),
                d.saveEvery(), d.drain(), maxDeferred, maxOpen), clock);
    }

    private OfferWindow window() {
        return window(FeedPosition.START, 100, 1000);
    }

    private static List<Offer> takeAll(OfferWindow window, long now) throws IOException {
        List<Offer> taken = new ArrayList<>();
        boolean more = true;
        while (more) {
            more = window.refill(now);
            Optional<Offer> next = window.take();
            while (next.isPresent()) {
                taken.add(next.get());
                next = window.take();
            }
        }
        return taken;
    }

    private static List<Long> sequences(List<Offer> offers) {
        return offers.stream().map(Offer::sequence).toList();
    }

    @Test
    void theCursorStandsBelowTheFirstUnsettledArticle() throws IOException {
        IntStream.range(0, 5).forEach(i -> store.add("a" + i));
        OfferWindow window = window();
        List<Offer> offers = takeAll(window, 0);
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), sequences(offers));
        assertEquals(0, window.cursor());
        window.settled(offers.get(1));
        window.settled(offers.get(0));
        assertEquals(2, window.cursor());
        window.settled(offers.get(3));
        window.settled(offers.get(4));
        assertEquals(2, window.cursor());
        window.settled(offers.get(2));
        assertEquals(5, window.cursor());
        assertEquals(List.of(), takeAll(window, 0));
    }

    @Test
    void whatThePeerDoesNotWantMovesTheCursorByItself() throws IOException {
        byte[] wire = MemoryStore.article("x", 10);
        IntStream.range(0, 700).forEach(i -> store.add("x" + i, wire, "other.test", "", "x!y"));
        store.add("own", wire, "spill.test", "peer", "x!origin!y");
        store.add("seen", wire, "spill.test", "", "x!peer.example!y");
        OfferWindow window = window();
        assertEquals(List.of(), takeAll(window, 0));
        assertEquals(702, window.cursor());
    }

    @Test
    void deferredArticlesDoNotHoldUpTheCursorAndComeBackEverLater() throws IOException {
        IntStream.range(0, 3).forEach(i -> store.add("a" + i));
        OfferWindow window = window();
        List<Offer> offers = takeAll(window, 0);
        window.deferred(offers.get(0), 0);
        window.settled(offers.get(1));
        window.settled(offers.get(2));
        assertEquals(new FeedPosition(3, new long[] {1}), window.position());
        // Half a minute, in which another peer may fail to send it at any time.
        long now = 0;
        for (int i = 0; i < 30; i++) {
            now = assertComesBackAfter(window, now, 500);
        }
        now = assertComesBackAfter(window, now, 500);
        now = assertComesBackAfter(window, now, 1000);
        now = assertComesBackAfter(window, now, 2000);
        now = assertComesBackAfter(window, now, 4000);
        now = assertComesBackAfter(window, now, 4000);
        List<Offer> again = takeAll(window, now + 4000);
        window.settled(again.getFirst());
        assertEquals(new FeedPosition(3, new long[0]), window.position());
    }

    private static long assertComesBackAfter(OfferWindow window, long now, long wait)
            throws IOException {
        assertEquals(List.of(), takeAll(window, now + wait - 1));
        List<Offer> again = takeAll(window, now + wait);
        assertEquals(List.of(1L), sequences(again));
        window.deferred(again.getFirst(), now + wait);
        return now + wait;
    }

    @Test
    void thousandsThatArePutOffAllHaveTheirTurnWithinASecondAndThenEverLater()
            throws IOException {
        int many = 10_000;
        IntStream.range(0, many).forEach(i -> store.add("a" + i));
        OfferWindow window = window(FeedPosition.START, many, many);
        List<Offer> offers = takeAll(window, 0);
        assertEquals(many, offers.size());
        offers.forEach(o -> window.deferred(o, 0));
        assertEquals(many, sequences(takeAll(window, 999)).stream().distinct().count());
        offers.forEach(o -> window.deferred(o, 999));
        long asked = 0;
        for (long now = 1000; now <= 60_000; now += 100) {
            for (Offer offer : takeAll(window, now)) {
                asked++;
                window.deferred(offer, now);
            }
        }
        assertTrue(asked >= 20 * many && asked <= 48 * many, "in a minute: " + asked);
    }

    @Test
    void aFullListOfDeferredArticlesStopsTheCursorButLosesNothing() throws IOException {
        IntStream.range(0, 20).forEach(i -> store.add("a" + i));
        OfferWindow window = window(FeedPosition.START, 2, 6);
        List<Offer> first = takeAll(window, 0);
        first.forEach(o -> window.deferred(o, 0));
        assertEquals(new FeedPosition(2, new long[] {1, 2}), window.position());
        assertEquals(20, sequences(takeAll(window, 500)).stream().distinct().count());
    }

    @Test
    void readingAheadIsBounded() throws IOException {
        IntStream.range(0, 3000).forEach(i -> store.add("a" + i));
        OfferWindow window = window(FeedPosition.START, 2, 500);
        assertTrue(takeAll(window, 0).size() < 1000);
    }

    @Test
    void aSavedPositionIsGoneOnFromAndArticlesThatWentMeanwhileAreSkipped() throws IOException {
        IntStream.range(0, 6).forEach(i -> store.add("a" + i));
        store.remove(2);
        store.remove(5);
        OfferWindow window = window(new FeedPosition(4, new long[] {1, 2, 3}), 100, 1000);
        List<Offer> offers = takeAll(window, 0);
        assertEquals(List.of(1L, 3L, 6L), offers.stream().map(Offer::sequence).sorted().toList());
        offers.forEach(window::settled);
        assertEquals(6, window.position().cursor());
        assertArrayEquals(new long[0], window.position().deferred());
    }

    @Test
    void articlesRemovedAtTheEndOfTheLogLeaveNoLag() throws IOException {
        store.add("a");
        store.remove(store.add("b"));
        OfferWindow window = window();
        takeAll(window, 0).forEach(window::settled);
        assertEquals(2, window.cursor());
    }

    @Test
    void aPositionBeyondTheEndOfTheLogMissesNothingNew() throws IOException {
        store.add("a");
        OfferWindow window = window(new FeedPosition(40, new long[0]), 100, 1000);
        store.add("b");
        assertEquals(List.of(2L), sequences(takeAll(window, 0)));
    }

    @Test
    void returnedArticlesGoFirst() throws IOException {
        store.add("a");
        OfferWindow window = window();
        Offer first = takeAll(window, 0).getFirst();
        store.add("b");
        window.refill(0);
        window.returned(first);
        assertEquals(1, window.take().orElseThrow().sequence());
        assertEquals(2, window.take().orElseThrow().sequence());
    }

    /** Three articles of which the feed has to read the second to decide about it. */
    private OfferWindow withAnUnreadableOne() throws IOException {
        byte[] wire = MemoryStore.article("x", 10);
        store.add("a");
        store.headless.add(store.add("b", wire, "other.test", "", "us.example!x"));
        store.add("c");
        OfferWindow window = window();
        List<Offer> offers = takeAll(window, 0);
        assertEquals(List.of(1L, 3L), sequences(offers));
        offers.forEach(window::settled);
        assertEquals(new FeedPosition(3, new long[] {2}), window.position());
        assertEquals("an article cannot be read, which is tried again: Input/output error",
                window.takeProblem().orElseThrow());
        assertTrue(window.takeProblem().isEmpty());
        return window;
    }

    @Test
    void anArticleThatCannotBeReadHoldsUpNobodyAndIsOfferedWhenItCan() throws IOException {
        OfferWindow window = withAnUnreadableOne();
        store.alsoIn(2, "spill.far");
        assertEquals(List.of(), takeAll(window, 4000));
        store.headless.clear();
        assertEquals(List.of(2L), sequences(takeAll(window, 8000)));
    }

    @Test
    void anArticleThatCanNeverBeReadIsDecidedAboutByItsGroupsHereInTheEnd() throws IOException {
        OfferWindow window = withAnUnreadableOne();
        for (int i = 1; i <= 10; i++) {
            assertEquals(1, window.deferredCount());
            assertEquals(List.of(), takeAll(window, i * 4000));
        }
        assertEquals(new FeedPosition(3, new long[0]), window.position());
    }

    @Test
    void whatThePeerDeclinesIsRememberedOnlyIfItWasSaidToLackIt() throws IOException {
        IntStream.range(0, 3).forEach(i -> store.add("a" + i));
        OfferWindow window = window();
        takeAll(window, 0).forEach(window::declined);
        assertEquals(Set.of(), window.declinedThoughLacking());
        assertTrue(window.again(1, false));
        assertTrue(window.again(2, true));
        assertTrue(window.again(3, false));
        List<Offer> offers = takeAll(window, 0);
        assertEquals(3, offers.size());
        offers.stream().filter(o -> o.sequence() < 3).forEach(window::declined);
        offers.stream().filter(o -> o.sequence() == 3).forEach(window::settled);
        assertEquals(Set.of(1L), window.declinedThoughLacking());
    }

    private OfferWindow delayed(Duration delay) {
        FeedConfig all = FeedConfig.ALL;
        FeedConfig feed = new FeedConfig(all.send(), 0, all.distributions(), all.maxHops(),
                all.maxCrossposts(), List.of(), delay, Duration.ZERO);
        return new OfferWindow(store, new FeedPolicy("peer", Set.of(), feed, 1000),
                FeedPosition.START, FeedTuning.DEFAULT, clock);
    }

    @Test
    void withADelayArticlesAreOfferedWhenTheyHaveBeenHereForSoLong() throws IOException {
        OfferWindow window = delayed(Duration.ofSeconds(30));
        store.add("a");
        store.arrival = time.plusSeconds(10);
        store.add("b");
        assertEquals(List.of(), takeAll(window, 0));
        time = time.plusMillis(29_999);
        assertEquals(List.of(), takeAll(window, 0));
        assertEquals(0, window.cursor(), "what was not offered is not settled");
        time = time.plusMillis(1);
        assertEquals(List.of(1L), sequences(takeAll(window, 0)));
        time = time.plusSeconds(10);
        assertEquals(List.of(2L), sequences(takeAll(window, 0)));
    }

    @Test
    void poisonInAGroupThatIsNotCarriedHereKeepsAnArticle() throws IOException {
        store.alsoIn(store.add("a"), "far.away");
        store.alsoIn(store.add("b"), "secret.far");
        OfferWindow window = new OfferWindow(store,
                FeedPolicyTest.sending("*,@secret.*", 1_000_000), FeedPosition.START,
                FeedTuning.DEFAULT, clock);
        assertEquals(List.of(1L), sequences(takeAll(window, 0)));
    }
}
