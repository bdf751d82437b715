package net.spillway.relay.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StrandTest {
    @Test
    void tasksRunOneByOneInOrderAndAFailingOneStopsNothing() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Strand strand = new Strand(threads, threads, threads);
            List<Integer> ran = new ArrayList<>();
            CountDownLatch done = new CountDownLatch(1);
            for (int i = 0; i < 10_000; i++) {
                int n = i;
                strand.execute(() -> {
                    ran.add(n);
                    if (n == 77) {
                        throw new IllegalStateException("on purpose");
                    }
                });
            }
            strand.execute(done::countDown);
            done.await(10, TimeUnit.SECONDS);
            assertEquals(IntStream.range(0, 10_000).boxed().toList(), ran);
        }
    }

    /** A loop on which time passes only when a task says so. */
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final AtomicLong nanos = new AtomicLong();
    private final List<String> ran = new ArrayList<>();

    private Strand strand() {
        return new Strand(loop::add, later::add, loop::add, nanos::get);
    }

    private Runnable task(String name, long takes) {
        return () -> {
            ran.add(name);
            nanos.addAndGet(takes);
        };
    }

    @Test
    void aStrandThatHasTakenLongLetsOthersOfItsLoopHaveTheirTurn() {
        Strand busy = strand();
        for (int i = 0; i < 10; i++) {
            busy.execute(task("busy", 200_000));
        }
        strand().execute(task("other", 0));
        loop.remove().run();
        assertEquals(List.of("busy", "busy", "busy"), ran);
        loop.remove().run();
        assertEquals("other", ran.getLast());
        assertEquals(List.of(), List.copyOf(loop), "it goes on only behind others");
        while (!later.isEmpty()) {
            later.remove().run();
        }
        assertEquals(11, ran.size());
    }

    @Test
    void aStrandThatTookLongWaitsBehindOthersUntilItHasBeenQuickForSomeTime() {
        Strand strand = strand();
        strand.runNow(task("long", 600_000));
        for (int i = 0; i < 8; i++) {
            strand.execute(task("short", 1_000));
            assertEquals(0, loop.size());
            later.remove().run();
        }
        strand.execute(task("short", 1_000));
        assertEquals(1, loop.size());
        loop.remove().run();
        assertEquals(10, ran.size());
    }
}
