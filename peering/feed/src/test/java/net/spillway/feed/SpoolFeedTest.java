package net.spillway.feed;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import net.spillway.conf.HostPort;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.SpoolConfig;
import net.spillway.feed.FakePeer.Manner;
import net.spillway.feed.transport.MinaTransport;
import net.spillway.protocol.MessageId;
import net.spillway.spool.ArticlePlace;
import net.spillway.spool.NewArticle;
import net.spillway.spool.Spool;
import net.spillway.spool.StoreOutcome;
import net.spillway.spool.StoredArticle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Feeds over real sockets out of a real spool. */
class SpoolFeedTest {
    @TempDir
    Path folder;
    private final Set<MessageId> expected = new HashSet<>();
    private FakePeer peer;
    private Spool spool;
    private FeedManager manager;

    @BeforeEach
    void open() throws IOException {
        peer = new FakePeer(Manner.STREAMING);
        startRelay();
    }

    @AfterEach
    void close() throws IOException {
        if (manager != null) {
            stopRelay();
        }
        peer.close();
    }

    private void startRelay() throws IOException {
        spool = Spool.open(SpoolConfig.at(folder), "us.example", Clock.systemUTC());
        spool.createGroup("spill.test", 'y', "for tests");
        manager = new FeedManager(new SpoolFeedStore(spool), List.of(PeerConfig.sendingTo(
                "bee", HostPort.of("127.0.0.1", peer.port()))), new MinaTransport(),
                () -> null, FeedManagerTest.QUICK, Clock.systemUTC(), FeedWatch.NONE);
        manager.start();
    }

    private void stopRelay() throws IOException {
        manager.close();
        spool.close();
    }

    private void store(String name, int bodyOctets, String path, String source) {
        MessageId id = MemoryStore.id(name);
        byte[] wire = MemoryStore.article(name, bodyOctets);
        String text = new String(wire, StandardCharsets.US_ASCII);
        int bodyFrom = text.indexOf("\r\n\r\n") + 4;
        byte[] head = ("Path: " + path + "\r\nMessage-ID: " + id.value()
                + "\r\nFrom: a@b.example\r\nSubject: test\r\nNewsgroups: spill.test\r\n"
                + "Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n").getBytes(StandardCharsets.US_ASCII);
        StoreOutcome outcome = spool.store(new NewArticle(id, head, wire, bodyFrom,
                wire.length - 3, 1, wire.length, List.of("spill.test"),
                Clock.systemUTC().instant(), Optional.empty(), source)).join();
        assertInstanceOf(StoreOutcome.Stored.class, outcome);
    }

    private void store(String prefix, int count) {
        for (int i = 0; i < count; i++) {
            store(prefix + i, i % 10 == 0 ? 200_000 : 100, "us.example!not-for-mail", "");
            expected.add(MemoryStore.id(prefix + i));
        }
    }

    private static void soon(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5)).until(condition);
    }

    private void assertPeerHasEverythingOnce() throws IOException {
        soon(() -> peer.articles.size() >= expected.size());
        soon(() -> manager.status().getFirst().lag() == 0);
        assertEquals(expected.size(), peer.articles.size());
        assertEquals(0, peer.sentTwice.get());
        for (MessageId id : expected) {
            try (StoredArticle stored = spool.open(id).orElseThrow()) {
                assertArrayEquals(stored.readAll(), peer.articles.get(id.value()), id.value());
            }
        }
    }

    @Test
    void articlesGoOutAsTheyLieOnTheDisk() throws IOException {
        store("a", 50);
        store("b", 50);
        assertPeerHasEverythingOnce();
    }

    @Test
    void aPeerAndARelayThatGoDownInTurnsMissNothingAndRepeatNothing() throws IOException {
        store("a", 30);
        assertPeerHasEverythingOnce();
        peer.stop();
        store("b", 30);
        stopRelay();
        startRelay();
        store("c", 30);
        peer.start();
        assertPeerHasEverythingOnce();
        stopRelay();
        startRelay();
        store("d", 30);
        assertPeerHasEverythingOnce();
        assertTrue(manager.status().getFirst().offered() <= 30, "the position was saved");
    }

    @Test
    void whatWasRemovedMeanwhileIsSkipped() throws IOException {
        peer.stop();
        store("a", 20);
        assertTrue(spool.remove(MemoryStore.id("a3")));
        assertTrue(spool.remove(MemoryStore.id("a19")));
        expected.remove(MemoryStore.id("a3"));
        expected.remove(MemoryStore.id("a19"));
        peer.start();
        assertPeerHasEverythingOnce();
    }

    @Test
    void whatWasDamagedIsNotSentButWantedAgainAndTheRestGoesOn() throws Exception {
        peer.stop();
        store("a", 20);
        Set<MessageId> damaged = Set.of(MemoryStore.id("a3"), MemoryStore.id("a10"));
        for (MessageId id : damaged) {
            flipLastLetter(id);
        }
        expected.removeAll(damaged);
        stopRelay();
        startRelay();
        Set<MessageId> wanted = ConcurrentHashMap.newKeySet();
        spool.onDamage(wanted::add);
        peer.start();
        assertPeerHasEverythingOnce();
        soon(() -> wanted.equals(damaged));
        assertEquals(18, manager.status().getFirst().accepted());
        soon(() -> manager.status().getFirst().waiting() == 0); // They are put off until then.
        store("a3", 100, "us.example!not-for-mail", ""); // As another peer brings it.
        expected.add(MemoryStore.id("a3"));
        assertPeerHasEverythingOnce();
    }

    private void flipLastLetter(MessageId id) throws IOException {
        ArticlePlace place = spool.locate(id).orElseThrow();
        long at;
        try (StoredArticle open = spool.open(id).orElseThrow()) {
            at = open.position() + open.length() - 6; // Before the lines' ends and the dot.
        }
        try (FileChannel file = FileChannel.open(Path.of(place.file()), StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ByteBuffer letter = ByteBuffer.allocate(1);
            file.read(letter, at);
            letter.put(0, (byte) (letter.get(0) ^ 1)).rewind();
            file.write(letter, at);
        }
    }

    @Test
    void nothingGoesBackOrRound() throws IOException {
        store("from-bee", 10, "us.example!bee!not-for-mail", "bee");
        store("via-bee", 10, "us.example!sea!bee!not-for-mail", "sea");
        store("a", 5);
        assertPeerHasEverythingOnce();
        assertEquals(5, manager.status().getFirst().offered());
    }
}
