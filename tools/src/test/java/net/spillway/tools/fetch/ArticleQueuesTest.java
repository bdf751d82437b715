package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.spillway.protocol.MessageId;
import org.junit.jupiter.api.Test;

/** In which order mirrors find what waits, and that they find nothing they have refused. */
class ArticleQueuesTest {
    private static final long ONE = 1;
    private static final long TWO = 2;
    private static final long FILL = 4;

    private final ArticleQueues queues = new ArticleQueues();

    @Test
    void whatOthersLackComesFirst() {
        Wanted plain = add(0);
        Wanted rare = add(ONE);
        assertEquals(Optional.of(rare), queues.first(TWO, 0));
        assertTrue(queues.remove(rare));
        assertEquals(Optional.of(plain), queues.first(TWO, 0));
    }

    @Test
    void whatAMirrorRefusedIsNotFoundForIt() {
        add(ONE);
        assertEquals(Optional.empty(), queues.first(ONE, 0));
    }

    @Test
    void whoFillsGapsFindsOnlyWhatThoseBeforeRefused() {
        add(0);
        add(ONE);
        assertEquals(Optional.empty(), queues.first(FILL, ONE | TWO));
        Wanted gap = add(ONE | TWO);
        assertEquals(Optional.of(gap), queues.first(FILL, ONE | TWO));
    }

    @Test
    void thoseOfOneQueueComeInTheirOrder() {
        Wanted first = add(ONE);
        Wanted second = add(ONE);
        assertEquals(Optional.of(first), queues.first(TWO, 0));
        assertTrue(queues.remove(first));
        assertEquals(Optional.of(second), queues.first(TWO, 0));
        assertFalse(queues.remove(first), "it does not wait any more");
    }

    @Test
    void drainingLeavesNothing() {
        Wanted plain = add(0);
        Wanted refused = add(ONE);
        assertFalse(queues.allRefused(by -> by == ONE));
        List<Wanted> drained = new ArrayList<>();
        queues.drain(drained::add);
        assertTrue(drained.containsAll(List.of(plain, refused)));
        assertEquals(Optional.empty(), queues.first(TWO, 0));
        assertTrue(queues.allRefused(by -> false), "of nothing everything holds");
    }

    private Wanted add(long denied) {
        Wanted w = new Wanted(null, 0, MessageId.of("<a@example.org>"), 1);
        w.denied = denied;
        queues.add(w);
        return w;
    }
}
