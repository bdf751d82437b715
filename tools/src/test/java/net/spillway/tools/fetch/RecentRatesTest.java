package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecentRatesTest {
    @Test
    void aMirrorThatHasStoppedIsSeenToHaveStopped() {
        RecentRates rates = new RecentRates();
        long second = 1_000_000_000;
        assertEquals(List.of("-", "-"), rates.of(List.of(5_000_000L, 0L), 0));
        assertEquals(List.of("5.0 MB/s", "2.0 MB/s"),
                rates.of(List.of(10_000_000L, 2_000_000L), second));
        for (int i = 2; i < 10; i++) {
            rates.of(List.of(10_000_000L, 2_000_000L * i), i * second);
        }
        assertEquals(List.of("-", "2.0 MB/s"),
                rates.of(List.of(10_000_000L, 20_000_000L), 10 * second));
    }
}
