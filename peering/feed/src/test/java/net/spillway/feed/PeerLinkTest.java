package net.spillway.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import net.spillway.conf.FeedConfig;
import net.spillway.conf.LinkConfig;
import net.spillway.spool.FeedPosition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a link connects again, by a clock that the test sets. */
class PeerLinkTest implements PeerLink.Feed {
    private static final long STEADY = 60_000;

    @TempDir
    Path folder;
    private MemoryStore store;
    private OfferWindow window;
    private long now = 1000;
    private PeerLink link;
    private ConnectionEvents connection;
    private int attempts;
    private final List<String> failures = new ArrayList<>();
    private final List<String> idled = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        store = new MemoryStore(folder);
        window = new OfferWindow(store, FeedPolicyTest.sending("*", 1_000_000), FeedPosition.START,
                FeedTuning.DEFAULT, Clock.systemUTC());
        FeedCounters counters = new FeedCounters();
        link = new PeerLink(this, wire -> new PeerSession(LinkConfig.DEFAULT, 60_000,
                new OfferDesk(window, store, counters, new Pace(Long.MAX_VALUE, now)), wire, now),
                new Backoff(Duration.ofMillis(100), Duration.ofMillis(STEADY),
                        RandomGenerator.getDefault()),
                () -> now, STEADY, STEADY);
    }

    @AfterEach
    void close() throws IOException {
        link.abort(now);
        store.close();
    }

    @Override
    public Executor thread() {
        return Runnable::run;
    }

    @Override
    public void connect(ConnectionEvents events) {
        attempts++;
        connection = events;
    }

    @Override
    public void failed(String why) {
        failures.add(why);
    }

    @Override
    public void idled(String why) {
        idled.add(why);
    }

    private void connected(String... lines) {
        link.connectIfDue(now);
        assertTrue(link.busy(), "it is time to connect");
        connection.connected(new RecordingWire());
        connection.lines(List.of(lines));
    }

    private void streaming() {
        connected("200 welcome", "203 go on");
        assertTrue(link.ready());
    }

    private void offer(String name) throws IOException {
        store.add(name);
        window.refill(now);
        link.pump(now);
    }

    /** Whether it has not connected again after so long. */
    private boolean waits(long millis) {
        int before = attempts;
        link.connectIfDue(now + millis);
        return attempts == before;
    }

    @Test
    void aPeerThatIsSeenIsConnectedToAtOnceButNotInATightLoop() {
        connected("502 not you");
        assertTrue(waits(20_000));
        link.connectSoon(now);
        for (int second = 0; second < 50; second++) {
            link.connectIfDue(now);
            if (link.busy()) {
                connected("502 not you");
            }
            now += 1000;
            link.connectSoon(now);
        }
        // Whoever refuses us is asked again at once when it comes, then after half a minute.
        assertTrue(attempts <= 4, "attempts: " + attempts);
    }

    @Test
    void aPeerThatIsSeenAfterAFailureIsConnectedToOnceASecond() {
        for (int i = 0; i < 10; i++) {
            connected("nonsense");
            now += STEADY;
        }
        connected("nonsense");
        assertTrue(waits(20_000));
        link.connectSoon(now);
        assertFalse(waits(0));
        connected("nonsense");
        link.connectSoon(now);
        assertTrue(waits(999));
        assertFalse(waits(1000));
    }

    @Test
    void oneArticleASessionIsNoReasonToComeBackAtOnceForEver() throws IOException {
        for (int i = 0; i < 12; i++) {
            streaming();
            offer("a" + i);
            connection.lines(List.of("438 " + MemoryStore.id("a" + i).value()));
            connection.closed("reset");
            assertFalse(link.busy());
            now += STEADY;
        }
        streaming();
        connection.closed("reset");
        assertTrue(waits(20_000));
    }

    @Test
    void aPeerThatTookSomethingAndThenIsFullIsAskedEverLessOften() throws IOException {
        for (int i = 0; i < 12; i++) {
            streaming();
            offer("a" + i);
            offer("b" + i);
            connection.lines(List.of("438 " + MemoryStore.id("a" + i).value()));
            now += 2000;
            connection.lines(List.of("400 no space"));
            assertFalse(link.busy());
            now += STEADY;
        }
        streaming();
        connection.lines(List.of("400 no space"));
        assertTrue(waits(20_000));
    }

    @Test
    void aSessionThatWasOfUseForAWhileIsGoneOnWithSoon() throws IOException {
        for (int i = 0; i < 12; i++) {
            connected("nonsense");
            now += STEADY;
        }
        streaming();
        offer("a");
        connection.lines(List.of("438 " + MemoryStore.id("a").value()));
        now += 2000;
        connection.closed("reset");
        assertFalse(waits(100));
    }

    @Test
    void aPeerThatClosesWhatHasLongBeenIdleDoesNoWrong() {
        streaming();
        now += STEADY;
        connection.lines(List.of("400 nothing was heard for long"));
        assertEquals(List.of(), failures);
        assertEquals(1, idled.size());
        assertFalse(waits(100));
        streaming();
        connection.lines(List.of("400 go away"));
        assertEquals(1, failures.size(), "one that does so at once does");
    }
}
