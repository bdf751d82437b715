package net.spillway.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

class WindowSizeTest {
    /**
     * A peer that answers everything after the same time, but no more than so much a millisecond;
     * gives the window after that time.
     */
    private static int after(long millis, long trip, int aMilli) {
        WindowSize window = new WindowSize(0);
        ArrayDeque<Long> open = new ArrayDeque<>();
        for (long now = 0; now < millis; now++) {
            for (int i = 0; i < aMilli && !open.isEmpty() && now - open.peek() >= trip; i++) {
                window.answered(open.remove(), now);
            }
            while (open.size() < window.size()) {
                open.add(now);
            }
        }
        return window.size();
    }

    @Test
    void onAShortWayItGrowsToWhatDoesWellAnywhere() {
        assertEquals(WindowSize.SHORT_WAY, after(2_000, 1, 20));
    }

    @Test
    void onALongWayItGrowsUntilTheWayIsFull() {
        assertEquals(WindowSize.MOST, after(5_000, 200, 1_000));
        int window = after(5_000, 100, 5);
        assertTrue(window >= 500 && window <= 1_100, "twice 5 a ms times 100 ms: " + window);
    }

    @Test
    void aPeerThatIsSlowItselfDoesNotMakeItGrow() {
        assertEquals(WindowSize.SHORT_WAY, after(60_000, 20, 1));
    }

    @Test
    void itGrowsStepByStepFromASmallBeginning() {
        WindowSize window = new WindowSize(0);
        assertEquals(WindowSize.FIRST, window.size());
        window.answered(0, 0);
        assertEquals(WindowSize.FIRST + 1, window.size());
    }
}
