package net.spillway.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60)
class BacklogTest {
    private static final long LONG_MILLIS = 600_000;
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(LONG_MILLIS);

    private final Backlog backlog = new Backlog(1 << 20);

    private static Work work() {
        return new Work.Note(List.of(), new CompletableFuture<>());
    }

    private void add(int works) {
        for (int i = 0; i < works; i++) {
            assertTrue(backlog.add(work(), 0));
        }
    }

    /** Somebody who takes, and waits already; tells how much was taken at once. */
    private FutureTask<Integer> taker(long patienceNanos) {
        var taken = new FutureTask<>(() -> backlog.take(1 << 20, LONG_NANOS, patienceNanos)
                .map(List::size).orElse(-1));
        awaitWaiting(Thread.ofPlatform().daemon().start(taken));
        return taken;
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(thread.isAlive());
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsLargeBesideTheBacklogHasToBePreparedToWait() {
        Backlog small = new Backlog(1000);
        assertTrue(small.hasRoomForSome(250));
        assertFalse(small.hasRoomForSome(251));
    }

    @Test
    void aBundleIsTakenTogetherWhenItIsClosed() throws Exception {
        FutureTask<Integer> taken = taker(0);
        try (Spool.Bundle bundle = backlog.bundle()) {
            add(5);
        }
        assertEquals(5, taken.get());
    }

    @Test
    void aLargeBundleIsTakenBeforeItIsClosed() throws Exception {
        FutureTask<Integer> taken = taker(0);
        try (Spool.Bundle bundle = backlog.bundle()) {
            add(16);
            assertEquals(16, taken.get());
        }
    }

    @Test
    void fewOfABundleAreLeftWaitingWhereMoreAreAskedFor() throws Exception {
        var taken = new FutureTask<>(() -> backlog.take(1 << 20, LONG_NANOS, 0, 20)
                .map(List::size).orElse(-1));
        awaitWaiting(Thread.ofPlatform().daemon().start(taken));
        try (Spool.Bundle bundle = backlog.bundle()) {
            add(18);
        }
        try (Spool.Bundle bundle = backlog.bundle()) {
            add(1);
        }
        assertFalse(taken.isDone());
        try (Spool.Bundle bundle = backlog.bundle()) {
            add(1);
        }
        assertEquals(20, taken.get());
    }

    @Test
    void fewAreTakenWhenTheTimeIsOver() throws Exception {
        try (Spool.Bundle bundle = backlog.bundle()) {
            add(3);
        }
        assertEquals(3, backlog.take(1 << 20, 1, 0, 20).orElseThrow().size());
    }

    @Test
    void whatComesOutsideABundleIsTakenAtOnceWithWhatWaits() throws Exception {
        FutureTask<Integer> taken = taker(0);
        try (Spool.Bundle bundle = backlog.bundle()) {
            add(1);
            assertTrue(backlog.addAlways(work()));
            assertEquals(2, taken.get());
        }
    }

    @Test
    void whoWaitsForRoomInABundleHasItMade() throws Exception {
        Backlog small = new Backlog(1024);
        var taken = new FutureTask<>(() -> {
            Optional<List<Work>> first = small.take(1 << 20, LONG_NANOS, 0);
            small.release(first.orElseThrow());
            return first.get().size();
        });
        awaitWaiting(Thread.ofPlatform().daemon().start(taken));
        try (Spool.Bundle bundle = small.bundle()) {
            for (int i = 0; i < 3; i++) {
                assertTrue(small.add(work(), LONG_MILLIS));
            }
        }
        assertEquals(2, taken.get());
    }

    @Test
    void whatIsJustComingIsWaitedFor() throws Exception {
        backlog.coming(1);
        add(1);
        FutureTask<Integer> taken = taker(LONG_NANOS);
        add(1);
        backlog.coming(-1);
        assertEquals(2, taken.get());
    }

    @Test
    void nobodyWaitsForWhatIsComingIfNothingIsWonByIt() throws Exception {
        backlog.coming(1);
        add(1);
        assertEquals(1, backlog.take(1 << 20, LONG_NANOS, 0).orElseThrow().size());
    }

    @Test
    void whoIsLateIsWaitedForEverLessOften() throws Exception {
        backlog.coming(1);
        for (int late = 1; late <= 3; late++) {
            add(1);
            assertEquals(1, backlog.take(1 << 20, LONG_NANOS, 1).orElseThrow().size());
            for (int i = 1; i < 1 << late; i++) {
                add(1);
                assertEquals(1, backlog.take(1 << 20, LONG_NANOS, LONG_NANOS)
                        .orElseThrow().size());
            }
        }
        add(1);
        FutureTask<Integer> taken = taker(LONG_NANOS);
        backlog.coming(-1);
        assertEquals(1, taken.get());
    }

    @Test
    void closingEndsTheWaitForWhatIsComing() throws Exception {
        backlog.coming(1);
        add(1);
        FutureTask<Integer> taken = taker(LONG_NANOS);
        backlog.close();
        assertEquals(1, taken.get());
    }
}
