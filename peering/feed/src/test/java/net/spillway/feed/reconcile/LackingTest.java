package net.spillway.feed.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.spillway.spool.segment.IdHash;
import org.junit.jupiter.api.Test;

class LackingTest {
    private final Lacking lacking = new Lacking();

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            lacking.add(new IdHash(i, 0));
        }
    }

    @Test
    void whatHasComeSinceIsNoLongerLacking() {
        add(7);
        assertEquals(7, lacking.left(id -> true));
        assertEquals(2, lacking.left(id -> id.high() < 2));
        assertEquals(2, lacking.left(id -> {
            assertTrue(id.high() < 2, "what has come is looked up again");
            return true;
        }));
        assertEquals(0, lacking.left(id -> false));
        assertEquals(7, lacking.found());
    }

    @Test
    void whatIsTooMuchToBeRememberedCountsAsLacking() {
        add(Lacking.MOST + 3);
        assertEquals(Lacking.MOST + 3, lacking.found());
        assertEquals(3, lacking.left(id -> false));
    }
}
