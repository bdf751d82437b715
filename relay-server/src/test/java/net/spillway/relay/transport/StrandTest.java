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
            Strand strand = new Strand(threads, threads);
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

    @Test
    void aStrandThatHasTakenLongLetsOthersOfItsLoopHaveTheirTurn() {
        Queue<Runnable> loop = new ArrayDeque<>();
        AtomicLong nanos = new AtomicLong();
        List<String> ran = new ArrayList<>();
        Strand busy = new Strand(loop::add, loop::add, nanos::get);
        Strand other = new Strand(loop::add, loop::add, nanos::get);
        for (int i = 0; i < 10; i++) {
            busy.execute(() -> {
                ran.add("busy");
                nanos.addAndGet(200_000);
            });
        }
        other.execute(() -> ran.add("other"));
        loop.remove().run();
        assertEquals(List.of("busy", "busy", "busy"), ran);
        loop.remove().run();
        assertEquals("other", ran.getLast());
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
        assertEquals(11, ran.size());
    }
}
