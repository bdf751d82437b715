package net.spillway.feed.reconcile;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import net.spillway.feed.ConnectionEvents;
import net.spillway.feed.Wire;
import org.junit.jupiter.api.Test;

class PeerTalkTest {
    /** A peer whose answer goes on and on, at its leisure. */
    private static Wire leisurely(ConnectionEvents events) {
        return (Wire) Proxy.newProxyInstance(Wire.class.getClassLoader(),
                new Class<?>[] {Wire.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("consumed")) {
                        LockSupport.parkNanos(1_000_000);
                        events.lines(List.of("and so on"));
                    }
                    return null;
                });
    }

    @Test
    void aPeerThatAnswersAtItsLeisureDoesNotKeepAThreadForDays() {
        IOException end = assertThrows(IOException.class, () -> {
            try (PeerTalk talk = new PeerTalk(events -> {
                events.connected(leisurely(events));
                events.lines(List.of("200 hello"));
            }, Optional.empty(), Duration.ofMinutes(1), Duration.ofSeconds(2))) {
                talk.block();
            }
        });
        assertTrue(end.getMessage().contains("takes too long"), end.getMessage());
    }
}
