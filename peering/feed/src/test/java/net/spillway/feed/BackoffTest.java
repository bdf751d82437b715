package net.spillway.feed;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static void between(long low, long high, long actual) {
        assertTrue(low <= actual && actual <= high, actual + " is not in " + low + ".." + high);
    }

    @Test
    void waitsDoubleUpToTheBoundWithJitterAndStartAgainAfterASuccess() {
        Backoff backoff =
                new Backoff(Duration.ofMillis(100), Duration.ofMillis(350), new Random(1));
        between(50, 100, backoff.afterFailure());
        between(100, 200, backoff.afterFailure());
        between(175, 350, backoff.afterFailure());
        between(175, 350, backoff.afterFailure());
        backoff.reset();
        between(50, 100, backoff.afterFailure());
        between(175, 350, backoff.afterRefusal());
        between(175, 350, backoff.afterFailure());
    }
}
