package net.spillway.feed.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ReadShareTest {
    private static final int MOST = 256 * 1024;
    private static final int LIMIT = 1 << 20;
    private static final long LONG = 5_000_000;
    private static final long SHORT = 20_000;

    private final ReadShare share = new ReadShare(MOST);

    private int now() {
        return share.octets(LIMIT);
    }

    @Test
    void whoeverTakesTheLoopForLongIsReadLessOfAtATime() {
        share.took(MOST, LONG);
        assertEquals(MOST / 2, now());
        for (int i = 0; i < 20; i++) {
            share.took(now(), LONG);
        }
        assertEquals(ReadShare.LEAST_OCTETS, now());
    }

    @Test
    void whoeverIsQuickAndHasMuchIsReadMoreOfAgain() {
        share.took(MOST, LONG);
        share.took(100, SHORT);
        assertEquals(MOST / 2, now(), "a short read says nothing");
        for (int i = 0; i < 20; i++) {
            share.took(now(), SHORT);
        }
        assertEquals(MOST, now());
    }

    @Test
    void whoeverHasLittleForSomeTimeIsTrustedAgain() {
        share.took(MOST, LONG);
        for (int i = 0; i < 7; i++) {
            share.took(100, SHORT);
        }
        assertEquals(MOST / 2, now());
        share.took(100, SHORT);
        assertEquals(MOST, now());
    }

    @Test
    void fewOctetsThatTakeLongAreNoReasonToReadStillFewer() {
        share.took(2000, LONG);
        assertEquals(MOST, now());
    }

    @Test
    void noMoreIsReadThanTheConnectionAllows() {
        assertEquals(64 * 1024, share.octets(64 * 1024));
    }
}
