package net.spillway.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HousekeepingTest {
    private static final Duration OFTEN = Duration.ofMillis(1);
    private static final int TIMES = 3;

    private final Housekeeping housekeeping = new Housekeeping();
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void stop() throws Exception {
        end.countDown();
        housekeeping.threads().shutdown();
        assertTrue(housekeeping.threads().awaitTermination(1, TimeUnit.MINUTES));
    }

    private void hang() {
        try {
            end.await(2, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(1, TimeUnit.MINUTES));
    }

    @Test
    void choresThatHangKeepNoOtherWaiting() throws Exception {
        CountDownLatch done = new CountDownLatch(TIMES);
        CountDownLatch hanging = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            housekeeping.regularly("hanging", () -> {
                hanging.countDown();
                hang();
            }, Duration.ZERO, OFTEN);
        }
        await(hanging);
        housekeeping.regularly("another", done::countDown, Duration.ZERO, OFTEN);
        await(done);
    }

    @Test
    void aChoreThatFailsIsTriedAgain() throws Exception {
        CountDownLatch tried = new CountDownLatch(TIMES);
        housekeeping.regularly("failing", () -> {
            tried.countDown();
            if (tried.getCount() % 2 == 0) {
                throw new IOException("on purpose");
            }
            throw new IllegalStateException("on purpose");
        }, Duration.ZERO, OFTEN);
        await(tried);
    }

    @Test
    void aChoreIsNeverDoneTwiceAtOnce() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch others = new CountDownLatch(TIMES);
        CountDownLatch done = new CountDownLatch(TIMES);
        housekeeping.regularly("another", others::countDown, Duration.ZERO, OFTEN);
        housekeeping.regularly("slow", () -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                await(others); // There is a thread free and time enough for a second run.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            running.decrementAndGet();
            done.countDown();
        }, Duration.ZERO, OFTEN);
        await(done);
        assertEquals(1, most.get());
    }
}
