package net.spillway.spool;

import static net.spillway.spool.UnreadablePlaces.Failure.LASTING;
import static net.spillway.spool.UnreadablePlaces.Failure.NEW;
import static net.spillway.spool.UnreadablePlaces.Failure.PASSING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import net.spillway.spool.segment.Location;
import org.junit.jupiter.api.Test;

/** What failed long ago says nothing of today, and takes no room. */
class UnreadablePlacesTest {
    private final UnreadablePlaces places = new UnreadablePlaces();
    private final Set<Integer> segments = new HashSet<>(Set.of(1, 2));
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    private UnreadablePlaces.Failure fails(int segment, long offset) {
        return places.failed(Location.of(segment, offset), now, segments::contains);
    }

    @Test
    void aFailureLastsWhenItIsAMinuteOldAndWasSeenWithinTheHour() {
        assertEquals(NEW, fails(1, 5));
        now = now.plusSeconds(59);
        assertEquals(PASSING, fails(1, 5));
        now = now.plusSeconds(1);
        assertEquals(LASTING, fails(1, 5));
        assertEquals(NEW, fails(1, 5), "only one takes it out");
        now = now.plus(Duration.ofHours(1));
        assertEquals(LASTING, fails(1, 5));
        assertEquals(NEW, fails(1, 5));
        now = now.plus(Duration.ofHours(1)).plusMillis(1);
        assertEquals(NEW, fails(1, 5));
        places.remove(Location.of(1, 5));
        assertEquals(NEW, fails(1, 5));
    }

    @Test
    void whatIsGoneOrOldMakesRoom() {
        for (int offset = 0; offset < UnreadablePlaces.MAX_PLACES; offset++) {
            assertEquals(NEW, fails(1, offset));
        }
        assertEquals(PASSING, fails(2, 5), "there is no room");
        segments.remove(1);
        assertEquals(NEW, fails(2, 5));
        for (int offset = 10; offset < UnreadablePlaces.MAX_PLACES + 9; offset++) {
            assertEquals(NEW, fails(2, offset));
        }
        assertEquals(PASSING, fails(2, 6));
        now = now.plus(UnreadablePlaces.STALE).plusMillis(1);
        assertEquals(NEW, fails(2, 6));
    }

    @Test
    void theLogHearsOfASegmentOnceAnHour() {
        assertTrue(places.isNews(1, now));
        assertFalse(places.isNews(1, now));
        assertTrue(places.isNews(2, now));
        now = now.plus(UnreadablePlaces.STALE);
        assertTrue(places.isNews(1, now));
    }
}
