package net.spillway.relay.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is remembered and logged of articles. */
class DecisionsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Origin PEER = new Origin("b.example", "192.0.2.1", Optional.empty());

    private final Decisions decisions =
            new Decisions(Clock.fixed(START, ZoneOffset.UTC), 1600);

    private static MessageId id(int n) {
        return MessageId.of("<" + n + "@x.example>");
    }

    private static Decision stored(int n) {
        return new Decision(START.plusSeconds(n), Optional.of(id(n)), Decision.Kind.STORED, PEER,
                Optional.empty(), "", List.of("a.one", "a.two"), 100);
    }

    private static Decision refused(String why, String host) {
        return new Decision(START, Optional.empty(), Decision.Kind.REFUSED,
                new Origin("", host, Optional.of("al ice")), Optional.of(Check.GROUPS), why,
                List.of(), 7);
    }

    @Test
    void whatHappenedToAnArticleIsRememberedInOrder() {
        decisions.decided(stored(1));
        decisions.said("c.example", id(1), new Reply(238, id(1).value()));
        decisions.said("c.example", id(1), new Reply(439, id(1) + " no room"));
        Memory memory = decisions.of(id(1));
        assertEquals(List.of(stored(1)), memory.decisions());
        assertEquals(List.of("238", "439 no room"),
                memory.said().stream().map(Said::reply).toList());
        assertEquals(START, memory.reachesBackTo());
    }

    @Test
    void theMemoryIsBoundedAndSaysHowFarBackItReaches() {
        for (int n = 0; n < 10_000; n++) {
            decisions.decided(stored(n));
        }
        long remembered = 0;
        for (int n = 0; n < 10_000; n++) {
            Memory memory = decisions.of(id(n));
            remembered += memory.decisions().size();
            assertTrue(!memory.decisions().isEmpty()
                    || !memory.reachesBackTo().isBefore(START.plusSeconds(n)), "article " + n);
        }
        assertEquals(1600, remembered);
        assertEquals(1, decisions.of(id(9999)).decisions().size());
    }

    @Test
    void oneArticleDoesNotFillTheMemoryHoweverOftenItComes() {
        for (int n = 0; n < 10_000; n++) {
            decisions.decided(stored(1));
            decisions.said("c.example", id(1), new Reply(431, id(1).value()));
        }
        assertEquals(8, decisions.of(id(1)).decisions().size());
        assertEquals(64, decisions.of(id(1)).said().size());
    }

    @Test
    void sourcesAreCountedAndTheLastRefusalsAreKept() {
        decisions.decided(stored(1));
        decisions.source("b.example").unwanted();
        for (int n = 0; n < 100; n++) {
            decisions.decided(refused("reason " + n, "192.0.2.9"));
        }
        assertEquals(List.of("", "b.example"),
                decisions.sources().stream().map(SourceFigures::source).toList());
        SourceFigures posts = decisions.sources().getFirst();
        assertEquals(100, posts.refused());
        assertEquals("reason 99", posts.lastRefusal().orElseThrow().why());
        SourceFigures peer = decisions.sources().getLast();
        assertEquals(List.of(1L, 1L, 1L, 100L), List.of(peer.stored(), peer.offered(),
                peer.unwanted(), peer.bytes()));
        assertEquals(20, decisions.refusals().size());
        assertEquals("reason 99", decisions.refusals().getFirst().why());
    }

    @Test
    void aDecisionIsOneLineAtDebugLevelAndNoneAtInfo() {
        Logger log = (Logger) LoggerFactory.getLogger(Decisions.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Level before = log.getLevel();
        log.addAppender(lines);
        try {
            log.setLevel(Level.INFO);
            decisions.decided(stored(1));
            assertEquals(0, lines.list.size());
            log.setLevel(Level.DEBUG);
            decisions.decided(stored(1));
            decisions.decided(refused("it \"is\"\r\nodd=1 <b>", "192.0.2.9"));
            assertEquals(List.of(
                    "article id=<1@x.example> decision=stored reason=\"\" from=b.example"
                            + " host=192.0.2.1 groups=a.one,a.two bytes=100",
                    "article id=\"\" decision=refused reason=\"it \\\"is\\\"??odd=1 <b>\""
                            + " check=groups from=post host=192.0.2.9 user=\"al ice\" groups=\"\""
                            + " bytes=7"),
                    lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
        } finally {
            log.setLevel(before);
            log.detachAppender(lines);
        }
    }
}
