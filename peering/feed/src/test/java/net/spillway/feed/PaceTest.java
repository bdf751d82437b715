package net.spillway.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
    /** How many octets go out in that time if there is always more, looked at every 100 ms. */
    private static long sent(Pace pace, int article, long millis) {
        long sent = 0;
        for (long now = 0; now <= millis; now += 100) {
            while (pace.allows(now)) {
                pace.spend(article);
                sent += article;
            }
        }
        return sent;
    }

    @Test
    void overAMinuteTheRateIsKeptWhateverTheSizeOfArticles() {
        for (int article : new int[] {100, 2000, 700_000, 5_000_000}) {
            long sent = sent(new Pace(1_000_000, 0), article, 60_000);
            assertTrue(sent >= 60_000_000 && sent <= 60_250_000 + article, article + ": " + sent);
        }
    }

    @Test
    void aPauseSavesUpNoMoreThanAQuarterOfASecond() {
        Pace pace = new Pace(1_000_000, 0);
        sent(pace, 1000, 1000);
        long sent = 0;
        while (pace.allows(3_600_000)) {
            pace.spend(1000);
            sent += 1000;
        }
        assertEquals(250_000, sent);
    }

    @Test
    void whatThePeerDoesNotWantIsNotCounted() {
        Pace pace = new Pace(1000, 0);
        pace.spend(100_000);
        assertFalse(pace.allows(1));
        pace.giveBack(100_000);
        assertTrue(pace.allows(1));
    }

    @Test
    void withoutALimitThereIsNone() {
        Pace pace = new Pace(Long.MAX_VALUE, 0);
        for (int i = 0; i < 1000; i++) {
            pace.spend(Integer.MAX_VALUE);
            assertTrue(pace.allows(0));
        }
    }
}
