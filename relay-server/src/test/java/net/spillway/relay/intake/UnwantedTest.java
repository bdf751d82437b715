package net.spillway.relay.intake;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import net.spillway.spool.segment.IdHash;
import org.junit.jupiter.api.Test;

/** What is remembered of articles that were refused for their groups. */
class UnwantedTest {
    private final AtomicLong changes = new AtomicLong(7);
    private final Unwanted unwanted = new Unwanted(changes::get, 3);

    private static IdHash id(int number) {
        return new IdHash(number, -number);
    }

    @Test
    void noMoreThanSoManyAreRememberedAndTheOldestGoFirst() {
        for (int i = 0; i < 5; i++) {
            unwanted.add(id(i), 7);
        }
        assertFalse(unwanted.contains(id(1), "b"));
        assertTrue(unwanted.contains(id(2), "b"));
        assertTrue(unwanted.contains(id(4), "b"));
    }

    @Test
    void allAreForgottenWhenGroupsChange() {
        unwanted.add(id(1), 7);
        changes.set(8);
        assertFalse(unwanted.contains(id(1), "b"));
        unwanted.add(id(2), 8);
        assertFalse(unwanted.contains(id(1), "b"));
        assertTrue(unwanted.contains(id(2), "b"));
    }

    @Test
    void whatWasDecidedByTheGroupsOfBeforeIsNotRemembered() {
        changes.set(8);
        unwanted.add(id(1), 7);
        assertFalse(unwanted.contains(id(1), "b"), "the group may have been made meanwhile");
    }

    @Test
    void whatIsNotTakenFromOnePeerMayComeFromAnother() {
        unwanted.add(id(1), "b", 7);
        assertTrue(unwanted.contains(id(1), "b"));
        assertFalse(unwanted.contains(id(1), "c"));
        changes.set(8);
        assertFalse(unwanted.contains(id(1), "b"), "it may be taken now");
    }
}
