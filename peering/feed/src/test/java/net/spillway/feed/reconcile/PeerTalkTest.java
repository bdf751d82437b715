package net.spillway.feed.reconcile;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import net.spillway.feed.ConnectionEvents;
import net.spillway.feed.OutgoingArticle;
import net.spillway.feed.Wire;
import org.junit.jupiter.api.Test;

class PeerTalkTest {
    /** A peer whose answers go on and on, at its leisure. */
    private record Leisurely(ConnectionEvents events) implements Wire {
        @Override
        public void line(String line) {
            events.lines(List.of("215 follows"));
        }

        @Override
        public void consumed(int lines) {
            LockSupport.parkNanos(1_000_000);
            events.lines(List.of("and so on"));
        }

        @Override
        public void article(OutgoingArticle article) {
            throw new AssertionError("none is sent");
        }

        @Override
        public void compress() {
            throw new AssertionError("not asked for");
        }

        @Override
        public void flush() {
            // Answered already.
        }

        @Override
        public long octetsWritten() {
            return 0;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @Test
    void aPeerThatAnswersAtItsLeisureDoesNotKeepAThreadForDays() {
        IOException end = assertThrows(IOException.class, () -> {
            try (PeerTalk talk = new PeerTalk(events -> {
                events.connected(new Leisurely(events));
                events.lines(List.of("200 hello"));
            }, Optional.empty(), Duration.ofMillis(200))) {
                talk.block();
            }
        });
        assertTrue(end.getMessage().contains("takes too long"), end.getMessage());
    }
}
