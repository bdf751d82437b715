package net.spillway.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is half sent is bounded, at the cost of those that stand still. */
class HalfSentTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int LIMIT = 1 << 20;

    private long now;
    private final List<String> givenUp = new ArrayList<>();
    private final HalfSent all = new HalfSent(LIMIT, () -> now);

    @Test
    void theOneThatComesSlowestIsGivenUpWhenTooMuchIsHalfSent() {
        var still = share("still");
        still.takes(400 << 10);
        now += 60 * SECOND;
        var fresh = share("fresh");
        fresh.takes(100 << 10);
        now += SECOND;
        fresh.takes(600 << 10);
        assertEquals(List.of(), givenUp, "it is not too much yet");
        fresh.takes(700 << 10);
        assertEquals(List.of("still"), givenUp);
        assertTrue(still.isGivenUp());
        fresh.takes(1000 << 10);
        assertEquals(List.of("still"), givenUp, "what is given up counts as free");
        still.takes(0);
        assertEquals(1000 << 10, all.taken());
    }

    @Test
    void anArticleThatEndsIsNotGivenUpAnyMore() {
        var one = share("one");
        one.takes(LIMIT);
        now += SECOND;
        one.takes(LIMIT + 1);
        assertTrue(one.isGivenUp());
        one.takes(0);
        assertFalse(one.isGivenUp());
        assertEquals(0, all.taken());
    }

    @Test
    void smallArticlesAreNotCounted() {
        for (int i = 0; i < 1000; i++) {
            share("small").takes(16 << 10);
        }
        assertEquals(0, all.taken());
        assertEquals(List.of(), givenUp);
    }

    private HalfSent.Share share(String name) {
        return all.share(() -> givenUp.add(name));
    }
}
