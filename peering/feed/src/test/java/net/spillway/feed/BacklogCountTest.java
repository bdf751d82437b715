package net.spillway.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import net.spillway.conf.HostPort;
import net.spillway.conf.PeerConfig;
import net.spillway.protocol.Reply;
import net.spillway.spool.FeedPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a feed that is behind, and of what its peer does not take. */
class BacklogCountTest {
    private static final FeedPolicy POLICY = FeedPolicy.of(
            PeerConfig.sendingTo("bee", HostPort.of("127.0.0.1", 119)));

    @TempDir
    Path folder;

    private static FeedPosition at(long cursor, long... deferred) {
        return new FeedPosition(cursor, deferred);
    }

    @Test
    void onlyWhatIsForThePeerAndNotSettledIsBacklog() throws Exception {
        try (MemoryStore store = new MemoryStore(folder)) {
            byte[] wire = MemoryStore.article("a", 100);
            store.add("a", wire, "spill.test", "", "us.example!not-for-mail");
            store.add("b", wire, "spill.test", "bee", "us.example!bee!not-for-mail");
            store.add("c", wire, "spill.test", "", "us.example!not-for-mail");
            FeedBacklog all = new BacklogCount(store, POLICY).count(at(0), Map.of());
            assertEquals(2, all.articles());
            assertEquals(2L * wire.length, all.bytes());
            assertFalse(all.estimated());
            assertEquals(Optional.of(Instant.EPOCH), all.oldest());
            assertEquals(2, new BacklogCount(store, POLICY).count(at(2, 1), Map.of()).articles());
            FeedBacklog none = new BacklogCount(store, POLICY).count(at(3), Map.of());
            assertEquals(0, none.articles());
            assertEquals(Optional.empty(), none.oldest());
        }
    }

    @Test
    void aLongBacklogIsReckonedFromItsBeginning() throws Exception {
        try (MemoryStore store = new MemoryStore(folder)) {
            for (int i = 0; i < 50_000; i++) {
                store.add("a" + i, new byte[10], "spill.test", i % 2 == 0 ? "bee" : "",
                        "us.example!cee!not-for-mail");
            }
            FeedBacklog backlog = new BacklogCount(store, POLICY).count(at(0), Map.of());
            assertTrue(backlog.estimated());
            assertEquals(25_000, backlog.articles());
            assertEquals(250_000, backlog.bytes());
        }
    }

    @Test
    void refusalsAreCountedByThePeersWordsOfWhichFewAreKept() throws Exception {
        Refusals refusals = new Refusals();
        var id = MemoryStore.id("a");
        refusals.said(id, Reply.parse("438 " + id));
        refusals.said(id, Reply.parse("239 " + id));
        refusals.said(id, Reply.parse("439 " + id + " duplicate"));
        refusals.said(id, Reply.parse("437 duplicate"));
        refusals.said(id, Reply.parse("439 " + id));
        assertEquals(Map.of(Refusals.UNWANTED, 1L, "duplicate", 2L, Refusals.UNSAID, 1L),
                refusals.counts());
        for (int i = 0; i < 1000; i++) {
            refusals.said(id, Reply.parse("439 " + id + " reason " + i));
        }
        assertTrue(refusals.counts().size() <= 17, refusals.counts()::toString);
        assertEquals(1000 - 13, refusals.counts().get(Refusals.OTHER));
        assertEquals(2L, refusals.counts().get("duplicate"));
    }
}
