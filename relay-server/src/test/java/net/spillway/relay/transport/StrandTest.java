package net.spillway.relay.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
}
