package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever waits for a crew goes on only when nobody works in the memory that was lent. */
@Timeout(60)
class CrewTest {
    private final Thread caller = Thread.currentThread();
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final AtomicBoolean goesOn = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Works on when it is interrupted, as a kernel does, until it is waited for again. */
    private void kernel() {
        caller.interrupt();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            interrupted.set(true);
        }
        while (caller.getState() == Thread.State.RUNNABLE && !goesOn.get()) {
            Thread.onSpinWait();
        }
        ended.set(!goesOn.get());
    }

    @Test
    void whoIsInterruptedWaitsAllTheSameUntilNobodyWorks() throws Exception {
        try (Crew crew = new Crew(2)) {
            List<Future<?>> tasks = List.of(crew.begin(this::kernel), crew.begin(() -> {}));
            assertThrows(CancellationException.class, () -> crew.awaitAll(tasks));
            boolean waited = ended.get();
            goesOn.set(true);
            assertTrue(Thread.interrupted(), "the caller is told of it");
            assertTrue(interrupted.get(), "and so is who works");
            assertTrue(waited, "the caller went on while there was work");
        } finally {
            Thread.interrupted();
        }
    }
}
