package net.spillway.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AcceptRateTest {
    private static final int LENGTH = 2000;
    private static final Offer OFFER = new Offer(1, MemoryStore.id("a"), LENGTH, 0);
    private static final int QUESTION = ("CHECK " + OFFER.id().value() + "\r\n238 "
            + OFFER.id().value() + "\r\n").length();

    private final AcceptRate rate = new AcceptRate();

    private void taken(int count) {
        for (int i = 0; i < count; i++) {
            rate.taken(OFFER);
        }
    }

    @Test
    void eachArticleThatIsTakenLetsAsMuchBeAtRiskAsAskingWouldHaveCost() {
        assertEquals(0, rate.atRisk());
        taken(128);
        assertTrue(rate.nearlyAll());
        assertEquals(128 * QUESTION, rate.atRisk());
    }

    @Test
    void whatTheAnswerToAQuestionSparedIsTakenOffAgain() {
        taken(128);
        rate.notTaken(OFFER);
        assertTrue(rate.nearlyAll());
        assertEquals(128 * QUESTION - LENGTH, rate.atRisk());
        for (int i = 0; i < 3; i++) {
            rate.notTaken(OFFER);
        }
        assertEquals(0, rate.atRisk());
        taken(1);
        assertEquals(QUESTION, rate.atRisk());
    }

    @Test
    void whoeverSentOneInVainAsksForTheNext128() {
        taken(1000);
        rate.sentInVain(OFFER);
        assertEquals(1000 * QUESTION - LENGTH, rate.atRisk());
        taken(126);
        assertFalse(rate.nearlyAll());
        taken(1);
        assertTrue(rate.nearlyAll());
    }

    @Test
    void goodTimesDoNotLetEverMoreBeAtRisk() {
        taken((8 << 20) / QUESTION + 1);
        assertEquals(8 << 20, rate.atRisk());
        taken(1000);
        assertEquals(8 << 20, rate.atRisk());
    }
}
