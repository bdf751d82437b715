package net.spillway.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.protocol.Reply;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Nobody's reply keeps a thread for long, however much there is to say or to look for. */
class ReplyQueueTest {
    private final ReplyQueue queue = new ReplyQueue();
    private final RecordingOutlet outlet = new RecordingOutlet(true);

    private void list(TextSource lines) {
        queue.place().fill(new Answer.Block(new Reply(215, "list"), lines));
    }

    private boolean pump() {
        return Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60),
                () -> queue.pump(outlet));
    }

    @Test
    void aListThatFindsNothingIsNotSearchedToItsEndInOneTurn() {
        AtomicInteger asked = new AtomicInteger();
        list(() -> {
            asked.incrementAndGet();
            return new byte[0];
        });
        for (int turn = 1; turn <= 3; turn++) {
            assertTrue(pump(), "there is more to do");
            assertEquals(turn * 16, asked.get());
        }
        assertEquals("215 list\r\n", outlet.take(), "the status line does not wait for the rest");
        queue.discard();
        assertFalse(pump(), "whose client has gone is forgotten");
    }

    @Test
    void aListWithoutEndIsSentInTurns() {
        byte[] piece = "x".repeat(126).concat("\r\n").repeat(1024)
                .getBytes(StandardCharsets.US_ASCII);
        list(() -> piece);
        assertTrue(pump());
        int first = outlet.take().length();
        assertTrue(pump());
        assertEquals(16 * piece.length, outlet.take().length());
        assertEquals(16 * piece.length + "215 list\r\n".length(), first);
    }

    @Test
    void turnsChangeNothingInWhatIsSaid() {
        AtomicInteger left = new AtomicInteger(100);
        list(() -> {
            int n = left.getAndDecrement();
            return n == 0 ? null : n % 3 == 0 ? new byte[0]
                    : (n + "\r\n").getBytes(StandardCharsets.US_ASCII);
        });
        queue.place().fill(Answer.line(111, "after"));
        int turns = 1;
        while (pump()) {
            turns++;
        }
        assertEquals(7, turns);
        assertTrue(queue.isEmpty());
        String said = outlet.take();
        assertTrue(said.startsWith("215 list\r\n100\r\n98\r\n97\r\n"), said);
        assertTrue(said.endsWith("2\r\n1\r\n.\r\n111 after\r\n"), said);
    }
}
