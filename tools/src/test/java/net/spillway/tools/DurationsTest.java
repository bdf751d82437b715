package net.spillway.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationsTest {
    @Test
    void arithmeticIsThatOfDurations() {
        Duration some = Duration.ofSeconds(31, 7);
        assertEquals(some.multipliedBy(3), Durations.times(some, 3));
        assertEquals(some.dividedBy(6), Durations.dividedBy(some, 6));
        assertThrows(ArithmeticException.class, () -> Durations.times(Duration.ofDays(100_000), 2));
    }

    @Test
    void doublingStopsAtTheLongest() {
        assertEquals(Duration.ofSeconds(10),
                Durations.doubled(Duration.ofSeconds(5), Duration.ofSeconds(60)));
        assertEquals(Duration.ofSeconds(60),
                Durations.doubled(Duration.ofSeconds(40), Duration.ofSeconds(60)));
    }
}
