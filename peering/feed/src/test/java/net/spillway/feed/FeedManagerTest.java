package net.spillway.feed;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import net.spillway.conf.FeedConfig;
import net.spillway.conf.HostPort;
import net.spillway.conf.LinkConfig;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.Transport;
import net.spillway.feed.FakePeer.Manner;
import net.spillway.feed.transport.MinaTransport;
import net.spillway.spool.FeedPosition;
import net.spillway.spool.LogEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole feeds over real sockets, to peers on loopback that behave and misbehave. */
class FeedManagerTest {
    static final FeedTuning QUICK = new FeedTuning(Duration.ofSeconds(10),
            Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofMillis(50),
            Duration.ofMillis(200), Duration.ofMillis(100), Duration.ofSeconds(10), 1000, 1000);

    @TempDir
    static Path certificates;
    private static TestCertificate localhost;
    private static TestCertificate other;
    private static TestCertificate expired;
    @TempDir
    Path folder;
    private final Map<String, byte[]> expected = new TreeMap<>();
    private MemoryStore store;
    private FeedManager manager;

    @BeforeAll
    static void makeCertificates() throws Exception {
        localhost = TestCertificate.create(certificates.resolve("a"), "localhost");
        other = TestCertificate.create(certificates.resolve("b"), "other.example");
        expired = TestCertificate.expired(certificates.resolve("c"), "localhost");
    }

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

    /** As if the peers had been there before the first article. */
    private void feed(FeedTuning tuning, PeerConfig... peers) throws IOException {
        for (PeerConfig peer : peers) {
            store.hadFromTheBeginning(peer.name());
        }
        start(tuning, peers);
    }

    private void start(FeedTuning tuning, PeerConfig... peers) throws IOException {
        manager = new FeedManager(store, List.of(peers), new MinaTransport(), () -> null,
                tuning, Clock.systemUTC(), FeedWatch.NONE);
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
            store.hadFromTheBeginning("bee");
            manager = new FeedManager(store, List.of(peer("bee", peer)), new MinaTransport(),
                    () -> null, QUICK, Clock.systemUTC(), (name, id, reply) ->
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

    @ParameterizedTest
    @CsvSource({"DROPS, closed|reset", "FLOODS, makes no sense", "ENDLESS_LINE, more than 4096"})
    void aHostilePeerIsNamedHoldsUpNobodyAndIsNotAskedAgainAtOnce(Manner manner, String words)
            throws IOException {
        FeedTuning d = FeedTuning.DEFAULT;
        try (FakePeer hostile = new FakePeer(manner); FakePeer well =
                new FakePeer(Manner.STREAMING)) {
            add("a", 10);
            feed(new FeedTuning(d.replyTimeout(), Duration.ofHours(1), Duration.ofHours(1),
                    d.retryFirst(), d.retryMax(), d.saveEvery(), d.drain(), 100, 100),
                    peer("well", well), peer("hostile", hostile));
            soon(() -> manager.status().get(1).lastError().orElse("")
                    .matches("(?is).*(" + words + ").*"));
            addMany("b", 100);
            assertHasEverythingOnce(well);
            soon(() -> manager.status().get(1).state() == FeedState.BACKING_OFF);
            FeedStatus named = manager.status().get(1);
            assertEquals("hostile", named.peer());
            assertEquals(1, hostile.connections.get());
            assertEquals(101, named.lag(), "nothing is lost");
        }
    }

    @Test
    void aBacklogGetsMoreConnectionsAndEachArticleGoesOverOne() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.STREAMING)) {
            addMany("a", 2000);
            feed(peer("bee", peer));
            assertHasEverythingOnce(peer);
            assertEquals(LinkConfig.DEFAULT_CONNECTIONS, peer.connections.get());
        }
    }

    @Test
    void nothingLoops() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.STREAMING)) {
            byte[] wire = MemoryStore.article("x", 10);
            store.add("came-from-it", wire, "spill.test", "bee", "us.example!sea!x");
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
            store.hadFromTheBeginning("sky");
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
    void aChangeThatFailsHalfwayLeavesThePeersFedAsBefore() throws IOException {
        try (FakePeer bee = new FakePeer(Manner.STREAMING);
                FakePeer sea = new FakePeer(Manner.STREAMING);
                FakePeer sky = new FakePeer(Manner.STREAMING)) {
            feed(peer("bee", bee), peer("sea", sea));
            addMany("a", 5);
            soon(() -> bee.articles.size() == 5 && sea.articles.size() == 5);
            store.hadFromTheBeginning("sky");
            store.unreadable.add("sky");
            IOException e = assertThrows(IOException.class, () -> manager.apply(
                    List.of(peer("bee", sea), peer("sea", sea), peer("sky", sky))));
            assertTrue(e.getMessage().contains("peer sky"), e.getMessage());
            addMany("b", 5);
            soon(() -> bee.articles.size() == 10 && sea.articles.size() == 10);
            assertEquals(List.of("bee", "sea"),
                    manager.status().stream().map(FeedStatus::peer).toList());
            store.unreadable.clear();
            manager.apply(List.of(peer("sky", sky)));
            soon(() -> sky.articles.size() == 10);
        }
    }

    @Test
    void aPeerWithoutAnAddressIsNotFed() throws IOException {
        feed(PeerConfig.receivingFrom("bee", List.of()));
        assertEquals(List.of(), manager.status());
        add("a", 1);
    }

    @Test
    void aNewPeerIsOfferedWhatArrivesFromNowOn() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.STREAMING)) {
            addMany("past", 20);
            expected.clear();
            start(QUICK, peer("bee", peer));
            add("new", 10);
            assertHasEverythingOnce(peer);
            manager.close();
            add("while-stopped", 10);
            start(QUICK, peer("bee", peer));
            assertHasEverythingOnce(peer);
        }
    }

    @Test
    void aNewPeerIsOfferedAsMuchOfThePastAsItsEntrySays() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.STREAMING)) {
            Instant now = Instant.now();
            store.arrival = now.minus(Duration.ofDays(3));
            addMany("long-ago", 20);
            expected.clear();
            store.arrival = now.minus(Duration.ofDays(1));
            addMany("yesterday", 5);
            FeedConfig all = FeedConfig.ALL;
            start(QUICK, peer("bee", peer).with(new FeedConfig(all.send(), 0, all.distributions(),
                    all.maxHops(), all.maxCrossposts(), List.of(), Duration.ZERO,
                    Duration.ofDays(2))));
            add("new", 10);
            assertHasEverythingOnce(peer);
        }
    }

    @Test
    void whatIsSentIsHeldToARateOverAllConnections() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.STREAMING)) {
            LinkConfig d = LinkConfig.DEFAULT;
            long rate = 100_000;
            long octets = 0;
            for (int i = 0; i < 60; i++) {
                add("a" + i, 2000);
                octets += expected.get(MemoryStore.id("a" + i).value()).length;
            }
            long from = System.nanoTime();
            feed(peer("bee", peer).with(new LinkConfig(false, d.tlsCa(), d.login(), false, true, 4,
                    rate)));
            assertHasEverythingOnce(peer);
            double seconds = (System.nanoTime() - from) / 1e9;
            // All but the burst at the beginning, and one article for each connection.
            assertTrue(octets - rate / 4 - 4 * 2500 <= seconds * rate, () -> seconds + " s");
        }
    }

    private PeerConfig tlsPeer(FakePeer peer, boolean starttls, Optional<Path> authority,
            String... pins) {
        LinkConfig d = LinkConfig.DEFAULT;
        return PeerConfig.sendingTo("bee", new HostPort("localhost", peer.port(),
                        starttls ? Transport.PLAIN : Transport.TLS))
                .with(new LinkConfig(starttls, authority, d.login(), false, true, 2,
                        d.bytesPerSecond()))
                .showing(Set.of(pins));
    }

    private static FakePeer tlsPeer(TestCertificate certificate, boolean starttls)
            throws IOException {
        return new FakePeer(Manner.STREAMING, Optional.of(certificate.server()), !starttls);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void articlesOfAnySizeGoOutOverTls(boolean starttls) throws IOException {
        try (FakePeer peer = tlsPeer(localhost, starttls)) {
            addMany("a", 100);
            add("large", 900_000);
            feed(tlsPeer(peer, starttls, Optional.of(localhost.pem())));
            assertHasEverythingOnce(peer);
            assertEquals(starttls, peer.commands.contains("STARTTLS"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPinnedCertificateNeedsNeitherTheNameNorAnAuthority(boolean starttls) throws IOException {
        try (FakePeer peer = tlsPeer(other, starttls)) {
            add("a", 10);
            feed(tlsPeer(peer, starttls, Optional.empty(), "sha256:" + "00".repeat(32),
                    other.fingerprint()));
            assertHasEverythingOnce(peer);
        }
    }

    private void assertRefused(TestCertificate certificate, boolean starttls,
            Optional<Path> authority, String why, String... pins) throws IOException {
        try (FakePeer peer = tlsPeer(certificate, starttls)) {
            add("a", 10);
            feed(tlsPeer(peer, starttls, authority, pins));
            soon(() -> status().lastError().orElse("").matches("(?s).*not trusted.*" + why + ".*"));
            assertEquals(0, peer.articles.size());
            assertFalse(peer.commands.contains("MODE"), "nothing is said to it");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCertificateForSomebodyElseIsRefused(boolean starttls) throws IOException {
        assertRefused(other, starttls, Optional.of(other.pem()), "localhost");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCertificateThatSignsItselfIsRefused(boolean starttls) throws IOException {
        assertRefused(localhost, starttls, Optional.empty(),
                "path");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anExpiredCertificateIsRefused(boolean starttls) throws IOException {
        assertRefused(expired, starttls, Optional.of(expired.pem()), "it expired on 20");
    }

    @Test
    void anExpiredCertificateIsRefusedThoughItIsPinned() throws Exception {
        assertRefused(expired, false, Optional.empty(), "it expired on 20", expired.fingerprint());
    }

    @Test
    void aCertificateOtherThanThePinnedOneIsRefusedAndNamed() throws Exception {
        assertRefused(localhost, false, Optional.empty(), localhost.fingerprint(),
                "sha256:" + "00".repeat(32));
    }

    @Test
    void nothingIsSaidToAPeerThatDoesNotBeginTls() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.STREAMING)) {
            add("a", 10);
            feed(tlsPeer(peer, true, Optional.empty()));
            soon(() -> status().lastError().orElse("").contains("580"));
            assertEquals(Set.of("STARTTLS"), peer.commands);
        }
    }

    @Test
    void whatSomebodyPutBehindTheAnswerToStarttlsEndsTheConnection() throws Exception {
        try (FakePeer peer = new FakePeer(Manner.INJECTED, Optional.of(localhost.server()),
                false)) {
            add("a", 10);
            feed(tlsPeer(peer, true, Optional.of(localhost.pem())));
            soon(() -> status().lastError().orElse("").contains("may have put it there"));
            assertEquals(Set.of("STARTTLS"), peer.commands);
            peer.manner = Manner.STREAMING;
            assertHasEverythingOnce(peer);
        }
    }

    private static PeerConfig compressed(PeerConfig peer) {
        LinkConfig link = peer.link();
        return peer.with(new LinkConfig(link.starttls(), link.tlsCa(), link.login(), true, true, 2,
                link.bytesPerSecond()));
    }

    @Test
    void whatAPeerCompressesArrivesWhole() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.COMPRESSING)) {
            addMany("a", 100);
            add("large", 900_000);
            feed(compressed(peer("bee", peer)));
            assertHasEverythingOnce(peer);
            assertEquals(Optional.empty(), status().lastError());
        }
    }

    @Test
    void compressionGoesUnderTls() throws Exception {
        try (FakePeer peer = new FakePeer(Manner.COMPRESSING, Optional.of(localhost.server()),
                false)) {
            addMany("a", 100);
            feed(compressed(tlsPeer(peer, true, Optional.of(localhost.pem()))));
            assertHasEverythingOnce(peer);
            assertTrue(peer.commands.contains("COMPRESS"));
        }
    }

    @Test
    void aPeerThatDoesNotCompressIsFedAllTheSame() throws IOException {
        try (FakePeer peer = new FakePeer(Manner.STREAMING)) {
            add("a", 10);
            feed(compressed(peer("bee", peer)));
            assertHasEverythingOnce(peer);
            soon(() -> status().lastError().orElse("").contains("does not compress: 503"));
        }
    }

    @Test
    void anAuthorityFileThatIsNoneIsNamedAtTheStart() throws IOException {
        Path file = Files.writeString(folder.resolve("broken.pem"), "nothing");
        try (FakePeer peer = new FakePeer(Manner.SILENT)) {
            IOException e = assertThrows(IOException.class, () -> feed(tlsPeer(peer, false, Optional.of(file))));
            assertTrue(e.getMessage().contains("peer bee"), e.getMessage());
            assertTrue(e.getMessage().contains("broken.pem"), e.getMessage());
        }
    }
}
