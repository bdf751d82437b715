package net.spillway.tools.post;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who posts beside it hears of its failure, and ends it. */
class ParityBesideTest {
    @Test
    void aFailureIsThrownAtWhoeverAsksBeforeItIsOver() {
        try (ParityBeside parity = new ParityBeside(() -> {
            throw new IOException("the disk is full");
        })) {
            Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertEquals(
                    "the disk is full",
                    assertThrows(IOException.class, parity::requireGoing).getMessage()));
        }
    }

    @Test
    void closingItEndsIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        try (ParityBeside parity = new ParityBeside(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                ended.set(true);
            }
        })) {
            begun.await();
            parity.requireGoing();
        }
        assertTrue(ended.get());
    }
}
