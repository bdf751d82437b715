package net.spillway.spool;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BacklogTest {
    @Test
    void whatIsLargeBesideTheBacklogHasToBePreparedToWait() {
        Backlog backlog = new Backlog(1000);
        assertTrue(backlog.hasRoomForSome(250));
        assertFalse(backlog.hasRoomForSome(251));
    }
}
