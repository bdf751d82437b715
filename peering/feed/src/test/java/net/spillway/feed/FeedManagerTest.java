package net.spillway.feed;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import net.spillway.conf.HostPort;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.Transport;
import net.spillway.conf.Wildmat;
import net.spillway.feed.FakePeer.Manner;
import net.spillway.feed.transport.MinaTransport;
import net.spillway.spool.FeedPosition;
import net.spillway.spool.LogEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole feeds over real sockets, to peers on loopback that behave and misbehave. */
class FeedManagerTest {
    static final FeedTuning QUICK = new FeedTuning(Duration.ofSeconds(10),
            Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofMillis(50),
            Duration.ofMillis(200), Duration.ofMillis(100), Duration.ofSeconds(10), 1000, 1000);

    @TempDir
    Path folder;
    private final Map<String, byte[]> expected = new TreeMap<>();
    private MemoryStore store;
    private FeedManager manager;

    @BeforeEach
    void open() throws IOException {
        store = new MemoryStore(folder);
    }

    @AfterEach
    void close() throws IOException {
        if (manager != null) {
            manager.close();
        }
        store.close();
    }

    private void add(String name, int bodyOctets) {
        byte[] wire = MemoryStore.article(name, bodyOctets);
        expected.put(MemoryStore.id(name).value(), wire);
        store.add(name, wire, "spill.test", "", "us.example!not-for-mail");
    }

    private void addMany(String prefix, int count) {
        for (int i = 0; i < count; i++) {
            // Both sides of the size above which an article is not copied.
            add(prefix + i, i % 10 == 0 ? 100_000 + i : 10 * i);
        }
    }

    private static PeerConfig peer(String name, FakePeer peer) {
        return PeerConfig.sendingTo(name, HostPort.of("127.0.0.1", peer.port()));
    }

    private void feed(PeerConfig... peers) throws IOException {
        feed(QUICK, peers);
    }

    private void feed(FeedTuning tuning, PeerConfig... peers) throws IOException {
        manager = new FeedManager(store, List.of(peers), new MinaTransport(), tuning,
                Clock.systemUTC());
        manager.start();
    }

    private static void soon(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5)).until(condition);
    }

    private FeedStatus status() {
        return manager.status().getFirst();
    }

    private void assertHasEverythingOnce(FakePeer peer) {
        soon(() -> peer.articles.size() == expected.size());
        expected.forEach((id, wire) -> assertArrayEquals(wire, peer.articles.get(id), id));
        soon(() -> status().lag() == 0 && status().waiting() == 0);
        assertEquals(0, peer.sentTwice.get());
        assertEquals(0, store.openArticles.get());
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAMING", "IHAVE_ONLY", "LATER_ONCE", "BREAKS_OFF",
        "NO_SPACE_AT_FIRST"})
    void everythingArrivesOnceAndWhole(Manner manner) throws IOException {
        addMany("before", 150);
        try (FakePeer peer = new FakePeer(manner)) {
            feed(peer("bee", peer));
            addMany("after", 150);
            assertHasEverythingOnce(peer);
            assertEquals(manner == Manner.IHAVE_ONLY ? FeedState.IHAVE : FeedState.STREAMING,
                    status().state());
            // A broken connection may take a 239 with it; the next CHECK tells.
            assertEquals(300, status().accepted() + status().refused());
            assertTrue(status().connectedSince().isPresent());
        }
    }

    @Test
    void whatAPeerSaysAndHowAnArticleStandsWithItIsTold() throws IOException {
        Map<String, String> said = new ConcurrentHashMap<>();
        try (FakePeer peer = new FakePeer(Manner.STREAMING)) {
            add("a", 10);
            manager = new FeedManager(store, List.of(peer("bee", peer)), new MinaTransport(),
                    QUICK, Clock.systemUTC(), (name, id, reply) ->
                            said.merge(id.value(), name + " " + reply.code(),
                                    (old, now) -> old + ", " + now));
            LogEntry entry = store.log(0, 1).getFirst();
            manager.start();
            assertHasEverythingOnce(peer);
            assertEquals("bee 238, bee 239", said.get(MemoryStore.id("a").value()));
            assertEquals(List.of(new FeedFate("bee", FeedFate.State.SETTLED,
                    FeedPolicy.Verdict.OFFER)), manager.fates(entry));
            assertEquals(0, manager.backlogs().getFirst().articles());
        }
    }

    @Test
    void anArticleStoredWhileAllIsQuietGoesOutAtOnce() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.STREAMING)) {
            feed(peer("bee", peer));
            soon(() -> status().state() == FeedState.STREAMING);
            add("a", 10);
            assertHasEverythingOnce(peer);
            assertEquals(1, peer.connections.get(), "one connection is enough for one article");
        }
    }

    @Test
    void peerThatWasAwayGetsEverythingItMissedOnce() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.STREAMING)) {
            feed(peer("bee", peer));
            addMany("first", 50);
            assertHasEverythingOnce(peer);
            peer.stop();
            soon(() -> status().state() != FeedState.STREAMING);
            addMany("missed", 200);
            soon(() -> status().lastError().orElse("").contains("cannot connect"));
            peer.start();
            assertHasEverythingOnce(peer);
            assertEquals(250, status().accepted());
            assertEquals(expected.values().stream().mapToLong(w -> w.length).sum(),
                    status().bytes());
        }
    }

    @Test
    void peerThatGoesDownWhileItIsFedGetsTheRestOnce() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.STREAMING)) {
            addMany("a", 400);
            feed(peer("bee", peer));
            soon(() -> peer.articles.size() > 100);
            peer.stop();
            peer.start();
            assertHasEverythingOnce(peer);
        }
    }

    @Test
    void aStoppedFeedGoesOnWhereItWas() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.STREAMING)) {
            addMany("a", 400);
            feed(peer("bee", peer));
            soon(() -> peer.articles.size() > 50);
            manager.close();
            assertEquals(FeedState.STOPPED, status().state());
            assertTrue(peer.quits.get() > 0, "peers are told QUIT");
            assertEquals(peer.articles.size(), status().accepted(), "no answer was left behind");
            FeedPosition saved = store.position("bee");
            assertTrue(saved.cursor() > 0, saved::toString);
            addMany("b", 100);
            feed(peer("bee", peer));
            assertHasEverythingOnce(peer);
        }
    }

    @Test
    void aHangingPeerIsNoticedAndServedWhenItIsWellAgain() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.SILENT)) {
            addMany("a", 20);
            feed(new FeedTuning(Duration.ofMillis(500), QUICK.reconnectFirst(),
                    QUICK.reconnectMax(), QUICK.retryFirst(), QUICK.retryMax(), QUICK.saveEvery(),
                    QUICK.drain(), 1000, 1000), peer("bee", peer));
            soon(() -> status().lastError().orElse("").contains("not answered"));
            peer.manner = Manner.HANGS_IN_STREAM;
            soon(() -> status().offered() > 0);
            peer.manner = Manner.STREAMING;
            assertHasEverythingOnce(peer);
        }
    }

    @Test
    void aRefusedFeedIsNotTriedInATightLoop() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.REFUSES)) {
            add("a", 10);
            FeedTuning d = FeedTuning.DEFAULT;
            feed(new FeedTuning(d.replyTimeout(), Duration.ofMillis(1), Duration.ofHours(1),
                    d.retryFirst(), d.retryMax(), d.saveEvery(), d.drain(), 10, 10),
                    peer("bee", peer));
            soon(() -> status().lastError().orElse("").contains("permit"));
            soon(() -> status().state() == FeedState.BACKING_OFF);
            assertEquals(1, peer.connections.get());
            peer.manner = Manner.STREAMING;
            manager.peerSeen("bee");
            assertHasEverythingOnce(peer);
        }
    }

    @Test
    void aPeerThatHangsHoldsUpNobodyElse() throws IOException {
        try (FakePeer silent = new FakePeer(Manner.SILENT);
                FakePeer well = new FakePeer(Manner.STREAMING)) {
            feed(FeedTuning.DEFAULT, peer("well", well), peer("silent", silent));
            addMany("a", 100);
            assertHasEverythingOnce(well);
            assertEquals(100, manager.status().get(1).lag());
        }
    }

    @Test
    void aBacklogGetsMoreConnectionsAndEachArticleGoesOverOne() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.STREAMING)) {
            addMany("a", 2000);
            feed(peer("bee", peer));
            assertHasEverythingOnce(peer);
            assertEquals(PeerConfig.DEFAULT_CONNECTIONS, peer.connections.get());
        }
    }

    @Test
    void nothingLoops() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.STREAMING)) {
            byte[] wire = MemoryStore.article("x", 10);
            store.add("came-from-it", wire, "spill.test", "bee", "us.example!x");
            store.add("went-through-it", wire, "spill.test", "sea", "us!sea!bee!x");
            add("new", 10);
            feed(peer("bee", peer));
            assertHasEverythingOnce(peer);
            assertEquals(1, status().offered());
        }
    }

    @Test
    void changedPeersTakeTheirPlaceAndOthersAreNotDisturbed() throws IOException {
        try (FakePeer bee = new FakePeer(Manner.STREAMING);
                FakePeer sea = new FakePeer(Manner.STREAMING);
                FakePeer sky = new FakePeer(Manner.STREAMING)) {
            PeerConfig stays = peer("bee", bee);
            feed(stays, peer("sea", sea));
            addMany("a", 20);
            assertHasEverythingOnce(bee);
            soon(() -> sea.articles.size() == 20);
            manager.apply(List.of(stays, peer("sky", sky)));
            assertEquals(List.of("bee", "sky"),
                    manager.status().stream().map(FeedStatus::peer).toList());
            soon(() -> sky.articles.size() == 20);
            addMany("b", 20);
            assertHasEverythingOnce(bee);
            soon(() -> sky.articles.size() == 40);
            assertEquals(20, sea.articles.size(), "it is fed no more");
            // The same peer at another address goes on where it stood.
            manager.apply(List.of(stays, peer("sky", sea)));
            addMany("c", 5);
            soon(() -> sea.articles.size() == 25);
            assertEquals(0, sea.sentTwice.get());
            assertEquals(40, sky.articles.size());
        }
    }

    @Test
    void aPeerWithoutAnAddressIsNotFed() throws IOException {
        feed(PeerConfig.receivingFrom("bee", List.of()));
        assertEquals(List.of(), manager.status());
        add("a", 1);
    }

    private PeerConfig tlsPeer(FakePeer peer, Path authority) {
        return new PeerConfig("bee", "bee", Optional.of(
                new HostPort("localhost", peer.port(), Transport.TLS)), List.of(),
                Optional.empty(), Wildmat.ALL, Wildmat.ALL, true, 2, 1 << 20, Optional.empty(),
                Optional.of(authority), List.of());
    }

    @Test
    void articlesOfAnySizeGoOutOverTls() throws Exception {
        TestCertificate certificate = TestCertificate.create(folder, "localhost");
        try (FakePeer peer = new FakePeer(Manner.STREAMING, Optional.of(certificate.server()))) {
            addMany("a", 100);
            add("large", 900_000);
            feed(tlsPeer(peer, certificate.pem()));
            assertHasEverythingOnce(peer);
        }
    }

    @Test
    void aCertificateForSomebodyElseIsRefused() throws Exception {
        TestCertificate certificate = TestCertificate.create(folder, "other.example");
        try (FakePeer peer = new FakePeer(Manner.STREAMING, Optional.of(certificate.server()))) {
            add("a", 10);
            feed(tlsPeer(peer, certificate.pem()));
            soon(() -> status().lastError().orElse("").matches(".*not trusted.*localhost.*"));
            assertEquals(0, peer.articles.size());
        }
    }

    @Test
    void anAuthorityFileThatIsNoneIsNamedAtTheStart() throws IOException {
        Path file = Files.writeString(folder.resolve("broken.pem"), "nothing");
        try (FakePeer peer = new FakePeer(Manner.SILENT)) {
            IOException e = assertThrows(IOException.class, () -> feed(tlsPeer(peer, file)));
            assertTrue(e.getMessage().contains("peer bee"), e.getMessage());
            assertTrue(e.getMessage().contains("broken.pem"), e.getMessage());
        }
    }
}
