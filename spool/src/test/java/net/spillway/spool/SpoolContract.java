package net.spillway.spool;

import static net.spillway.spool.Articles.article;
import static net.spillway.spool.Articles.id;
import static net.spillway.spool.Articles.text;
import static net.spillway.spool.Articles.wire;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.spillway.protocol.MessageId;
import net.spillway.spool.segment.IdHash;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every spool promises, as its users see it. Each implementation runs these. */
abstract class SpoolContract {
    @TempDir
    Path dir;
    SpoolHarness it;

    /** Has the harness open the implementation's own spools. */
    abstract SpoolHarness harness(Path folder);

    @BeforeEach
    void openSpool() throws Exception {
        it = harness(dir);
        it.open().createGroup("spill.test", 'y', "a test");
        it.spool.createGroup("spill.other", 'm', "another");
    }

    @AfterEach
    void closeSpool() throws Exception {
        it.close();
    }

    @Test
    void storedArticleComesBackByteForByteByIdNumberAndSequence() throws Exception {
        NewArticle article = article(1, "spill.test", "spill.other");
        StoreOutcome.Stored stored = it.mustStore(article);
        assertEquals(1, stored.sequence());
        assertEquals(Map.of("spill.test", 1L, "spill.other", 1L), stored.numbers());
        String wire = wire(article, "spill.test:1", "spill.other:1");
        assertEquals(wire, read(it.spool.open(id(1))));
        assertEquals(wire, read(it.spool.open("spill.other", 1)));
        assertEquals(wire, read(it.spool.open(1)));
        it.reopen();
        assertEquals(wire, read(it.spool.open(id(1))));
        assertEquals(wire, read(it.spool.open("spill.test", 1)));
        assertEquals(wire, read(it.spool.open(1)));
    }

    @Test
    void articlesAreFoundByTheHashOfTheirIdAsLongAsTheyAreHere() throws Exception {
        it.mustStore(article(1, "spill.test"));
        for (int i = 0; i < 2; i++) {
            assertTrue(it.spool.holds(IdHash.of(id(1))));
            assertEquals(it.spool.overview(id(1)), it.spool.overview(IdHash.of(id(1))));
            assertFalse(it.spool.holds(IdHash.of(id(2))));
            assertEquals(Optional.empty(), it.spool.overview(IdHash.of(id(2))));
            it.reopen();
        }
        it.spool.remove(id(1));
        assertFalse(it.spool.holds(IdHash.of(id(1))));
        assertEquals(Optional.empty(), it.spool.overview(IdHash.of(id(1))));
    }

    @Test
    void channelHandsOutExactlyTheWireOctets() throws Exception {
        NewArticle article = article(1, "spill.test");
        it.mustStore(article);
        try (StoredArticle open = it.spool.open(id(1)).orElseThrow()) {
            var out = new ByteArrayOutputStream();
            open.channel().transferTo(open.position(), open.length(), Channels.newChannel(out));
            assertEquals(wire(article, "spill.test:1"), text(out.toByteArray()));
            String wire = text(out.toByteArray());
            assertEquals(wire.substring(0, wire.indexOf("\r\n\r\n") + 2),
                    text(open.readHead()));
            assertEquals(open.headLength(), open.readHead().length);
            assertEquals(1, open.number("spill.test"));
            assertEquals(0, open.number("spill.other"));
        }
    }

    @Test
    void placeOfAnArticleIsToldAndOfOneThatIsNotHereIsNot() throws Exception {
        StoreOutcome.Stored stored = it.mustStore(article(1, "spill.test", "spill.other"));
        it.reopen();
        ArticlePlace place = it.spool.locate(id(1)).orElseThrow();
        assertEquals(stored.token(), place.token());
        assertEquals("default", place.storage());
        assertEquals(Articles.ARRIVAL.plusSeconds(1), place.arrival());
        assertEquals("peer.example", place.source());
        assertEquals(List.of("spill.test", "spill.other"), List.copyOf(place.numbers().keySet()));
        assertEquals(it.spool.log(0, 1).getFirst().wireLength(), place.wireLength());
        assertTrue(it.spool.remove(id(1)));
        assertEquals(Optional.empty(), it.spool.locate(id(1)));
        assertEquals(Optional.empty(), it.spool.locate(id(2)));
    }

    @Test
    void articleWithoutGroupIsStoredWithoutXref() throws Exception {
        NewArticle article = article(1);
        assertEquals(Map.of(), it.mustStore(article).numbers());
        assertEquals(wire(article), read(it.spool.open(id(1))));
        assertEquals(List.of(), it.spool.log(0, 10).getFirst().groups());
    }

    @Test
    void articleWithEmptyBodyIsStored() throws Exception {
        NewArticle article = article(id(1), Articles.ARRIVAL, new byte[0], "spill.test");
        it.mustStore(article);
        assertEquals(wire(article, "spill.test:1"), read(it.spool.open(id(1))));
    }

    @Test
    void secondArticleOfOneMessageIdIsADuplicate() throws Exception {
        it.mustStore(article(1, "spill.test"));
        assertInstanceOf(StoreOutcome.Duplicate.class, it.store(article(1, "spill.test")));
        it.reopen();
        assertInstanceOf(StoreOutcome.Duplicate.class, it.store(article(1, "spill.other")));
        assertEquals(1, it.spool.committed());
    }

    @Test
    void ofEightThreadsWithOneMessageIdExactlyOneStores() throws Exception {
        for (int round = 0; round < 20; round++) {
            int n = round;
            var start = new CountDownLatch(1);
            try (var threads = Executors.newFixedThreadPool(8)) {
                var outcomes = new ArrayList<Future<StoreOutcome>>();
                for (int i = 0; i < 8; i++) {
                    outcomes.add(threads.submit(() -> {
                        start.await();
                        return it.store(article(n, "spill.test"));
                    }));
                }
                start.countDown();
                int stored = 0;
                for (Future<StoreOutcome> outcome : outcomes) {
                    stored += outcome.get() instanceof StoreOutcome.Stored ? 1 : 0;
                }
                assertEquals(1, stored);
            }
        }
        assertEquals(20, it.spool.group("spill.test").orElseThrow().count());
    }

    @Test
    void presenceFollowsTheArticle() throws Exception {
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(1)));
        it.mustStore(article(1, "spill.test"));
        assertEquals(Presence.STORED, it.spool.presence(id(1)));
        assertEquals(Presence.STORED, it.spool.presence(IdHash.of(id(1))));
        it.spool.remove(id(1));
        assertEquals(Presence.REMEMBERED, it.spool.presence(id(1)));
        it.reopen();
        assertEquals(Presence.REMEMBERED, it.spool.presence(id(1)));
        assertEquals(Presence.REMEMBERED, it.spool.presence(IdHash.of(id(1))));
        assertEquals(Presence.UNKNOWN, it.spool.presence(IdHash.of(id(2))));
    }

    @Test
    void refusedArticleIsRememberedUntilItsTimeIsOver() throws Exception {
        it.spool.remember(id(1));
        await().until(() -> it.spool.presence(id(1)) == Presence.REMEMBERED);
        assertInstanceOf(StoreOutcome.Duplicate.class, it.store(article(1, "spill.test")));
        it.reopen();
        assertEquals(Presence.REMEMBERED, it.spool.presence(id(1)));
        it.now = it.now.plus(it.config.remember()).plusSeconds(1);
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(1)));
        it.mustStore(article(1, "spill.test"));
    }

    @Test
    void numbersRiseInEachGroupWithoutGapsAcrossRestarts() throws Exception {
        for (int n = 1; n <= 30; n++) {
            String group = n % 3 == 0 ? "spill.other" : "spill.test";
            long number = it.mustStore(article(n, group)).numbers().get(group);
            assertEquals(n % 3 == 0 ? n / 3 : n - n / 3, number);
            if (n % 10 == 0) {
                it.reopen();
            }
        }
        Newsgroup group = it.spool.group("spill.test").orElseThrow();
        assertEquals(List.of(1L, 20L, 20L), List.of(group.low(), group.high(), group.count()));
    }

    @Test
    void groupsKeepStatusDescriptionAndTimeOfMaking() throws Exception {
        it.now = it.now.plusSeconds(100);
        it.spool.createGroup("spill.test", 'n', "changed");
        it.reopen();
        assertEquals(List.of("spill.other", "spill.test"),
                it.spool.groups().stream().map(Newsgroup::name).toList());
        assertEquals(new Newsgroup("spill.test", 'n', "changed", 1, 0, 0, Articles.ARRIVAL),
                it.spool.group("spill.test").orElseThrow());
        assertEquals(Optional.empty(), it.spool.group("spill.none"));
        assertEquals(List.of("spill.other"), it.spool.groupsAfter("", 1).stream()
                .map(Newsgroup::name).toList());
        assertEquals(List.of("spill.test"), it.spool.groupsAfter("spill.other", 9).stream()
                .map(Newsgroup::name).toList());
    }

    @Test
    void removedGroupsAreGoneAndTheirNumbersNeverComeBack() throws Exception {
        it.mustStore(article(1, "spill.test"));
        assertTrue(it.spool.removeGroup("spill.test"));
        assertFalse(it.spool.removeGroup("spill.test"));
        assertFalse(it.spool.removeGroup("spill.none"));
        for (int round = 0; round < 2; round++) {
            assertEquals(Optional.empty(), it.spool.group("spill.test"));
            assertEquals(List.of("spill.other"),
                    it.spool.groups().stream().map(Newsgroup::name).toList());
            assertEquals(1, it.spool.groupsAfter("", 9).size());
            assertEquals(1, it.spool.stats().groups());
            assertInstanceOf(StoreOutcome.Failed.class,
                    it.spool.store(article(2 + round, "spill.test")).get());
            try (StoredArticle article = it.spool.open(id(1)).orElseThrow()) {
                assertEquals(id(1), article.id());
            }
            it.reopen();
        }
        it.spool.createGroup("spill.test", 'y', "again");
        it.mustStore(article(9, "spill.test"));
        assertEquals(2, it.spool.group("spill.test").orElseThrow().high());
    }

    @Test
    void impossibleGroupsAreRefused() {
        for (String name : List.of("", "a b", "a\r\nb", "a:1", "a,b", "a*", "x".repeat(501))) {
            assertThrows(IllegalArgumentException.class,
                    () -> it.spool.createGroup(name, 'y', ""));
        }
        assertThrows(IllegalArgumentException.class,
                () -> it.spool.createGroup("a", 'x', ""));
        assertThrows(IllegalArgumentException.class,
                () -> it.spool.createGroup("a", 'y', "two\r\nlines"));
    }

    @Test
    void articleForAnUnknownGroupFailsByName() throws Exception {
        var failed = assertInstanceOf(StoreOutcome.Failed.class,
                it.store(article(1, "spill.test", "spill.none")));
        assertTrue(failed.why().contains("spill.none"));
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(1)));
    }

    @Test
    void overviewTellsWhatTheHeadSays() throws Exception {
        NewArticle article = article(1, "spill.test");
        it.mustStore(article);
        long bytes = wire(article, "spill.test:1").getBytes("UTF-8").length - 3;
        var expected = new OverviewLine(1, "about a1@test.example with a fold",
                "Änne <a@test.example>", "Sun, 01 Mar 2026 12:00:00 +0000", id(1), "", bytes, 3,
                "spill.example spill.test:1");
        assertEquals(List.of(expected), it.spool.overview("spill.test", 1, 10, 10));
        assertEquals("1\tabout a1@test.example with a fold\tÄnne <a@test.example>\t"
                + "Sun, 01 Mar 2026 12:00:00 +0000\t<a1@test.example>\t\t" + bytes
                + "\t3\tXref: spill.example spill.test:1", expected.toLine());
        assertEquals(0, it.spool.overview(id(1)).orElseThrow().number());
        requireSameTexts("spill.test", 1, 10, 10);
        it.reopen();
        assertEquals(List.of(expected), it.spool.overview("spill.test", 1, 10, 10));
        requireSameTexts("spill.test", 1, 10, 10);
    }

    /** Overview as it is sent says what overview says. */
    private void requireSameTexts(String group, long low, long high, int max) throws Exception {
        assertEquals(it.spool.overview(group, low, high, max).stream()
                .map(line -> line.number() + ": " + line.toLine()).toList(),
                it.spool.overviewTexts(group, low, high, max).stream().map(text ->
                        text.number() + ": " + new String(text.line(), StandardCharsets.UTF_8))
                        .toList());
    }

    @Test
    void rangesNeighboursAndNumbersLeaveOutWhatIsRemoved() throws Exception {
        storeMany(1, 50, "spill.test");
        for (boolean reopened : new boolean[] {false, true}) {
            if (reopened) {
                it.reopen();
            } else {
                for (int n : new int[] {1, 10, 11, 50}) {
                    assertTrue(it.spool.remove(id(n)));
                }
                assertFalse(it.spool.remove(id(10)));
            }
            assertEquals(OptionalLong.of(12), it.spool.next("spill.test", 9));
            assertEquals(OptionalLong.of(2), it.spool.next("spill.test", 0));
            assertEquals(OptionalLong.empty(), it.spool.next("spill.test", 49));
            assertEquals(OptionalLong.of(9), it.spool.previous("spill.test", 12));
            assertEquals(OptionalLong.empty(), it.spool.previous("spill.test", 2));
            assertArrayEquals(new long[] {9, 12, 13},
                    it.spool.numbers("spill.test", 9, 100, 3));
            assertEquals(46, it.spool.numbers("spill.test", 1, Long.MAX_VALUE, 1000).length);
            requireSameTexts("spill.test", 9, 12, 10);
            requireSameTexts("spill.test", 1, 50, 7);
            assertEquals(List.of(9L, 12L), it.spool.overview("spill.test", 9, 12, 10).stream()
                    .map(OverviewLine::number).toList());
            assertEquals(Optional.empty(), it.spool.open("spill.test", 10));
            assertEquals(Optional.empty(), it.spool.open(10));
            assertEquals(Optional.empty(), it.spool.open(id(10)));
            assertEquals(46, it.spool.log(0, 1000).size());
            await().untilAsserted(() -> assertEquals(List.of(2L, 50L, 46L), marks()));
        }
        assertEquals(51, it.mustStore(article(51, "spill.test")).numbers().get("spill.test"));
    }

    @Test
    void emptyAndForeignRangesAreEmpty() throws Exception {
        assertEquals(0, it.spool.numbers("spill.test", 1, 10, 10).length);
        assertEquals(0, it.spool.numbers("spill.none", 1, 10, 10).length);
        assertEquals(List.of(), it.spool.overview("spill.test", 5, 1, 10));
        assertEquals(OptionalLong.empty(), it.spool.next("spill.none", 0));
        assertEquals(OptionalLong.empty(), it.spool.previous("spill.test", 1));
        assertEquals(Optional.empty(), it.spool.open("spill.test", 0));
        assertEquals(Optional.empty(), it.spool.open("spill.test", Long.MAX_VALUE));
        assertEquals(Optional.empty(), it.spool.open(7));
    }

    @Test
    void logIsReadInOrderFromAnywhere() throws Exception {
        storeMany(1, 100, "spill.test");
        for (int round = 0; round < 2; round++) {
            assertEquals(100, it.spool.committed());
            List<LogEntry> all = new ArrayList<>();
            for (List<LogEntry> step = it.spool.log(0, 7); !step.isEmpty();
                    step = it.spool.log(all.getLast().sequence(), 7)) {
                all.addAll(step);
            }
            assertEquals(100, all.size());
            for (int i = 0; i < 100; i++) {
                assertEquals(i + 1, all.get(i).sequence());
            }
            LogEntry entry = it.spool.log(41, 1).getFirst();
            NewArticle article = article(42, "spill.test");
            assertEquals(new LogEntry(42, id(42), List.of("spill.test"), article.arrival(),
                    article.posted(), "peer.example", "spill.example!peer.example!not-for-mail", "world",
                    wire(article, "spill.test:42").getBytes("UTF-8").length), entry);
            assertEquals(List.of(), it.spool.log(100, 10));
            it.reopen();
        }
    }

    @Test
    void listenersHearOfCommitsUntilTheyLeave() throws Exception {
        var heard = new java.util.concurrent.atomic.AtomicLong();
        Subscription subscription = it.spool.onCommit(() -> heard.set(it.spool.committed()));
        it.mustStore(article(1, "spill.test"));
        await().until(() -> heard.get() == 1);
        subscription.close();
        it.mustStore(article(2, "spill.test"));
        it.mustStore(article(3, "spill.test"));
        assertEquals(1, heard.get());
    }

    @Test
    void newnewsFindsByArrivalAlsoWhereArrivalsDoNotRise() throws Exception {
        Instant t = Articles.ARRIVAL;
        int[] minutes = {0, 10, 5, 20, 3, 30};
        for (int i = 0; i < minutes.length; i++) {
            it.mustStore(article(id(i), t.plusSeconds(60L * minutes[i]), new byte[0],
                    i == 3 ? "spill.other" : "spill.test"));
        }
        for (int round = 0; round < 2; round++) {
            assertEquals(List.of(id(1), id(2), id(5)),
                    arrivedSince(t.plusSeconds(300), "spill.test"));
            assertEquals(5, arrivedSince(t, "spill.test").size());
            assertEquals(List.of(), arrivedSince(t.plusSeconds(1801), "spill.test"));
            it.reopen();
        }
    }

    private List<MessageId> arrivedSince(Instant time, String group) throws Exception {
        return it.spool.log(it.spool.sequenceBefore(time), 100).stream()
                .filter(e -> !e.arrival().isBefore(time) && e.groups().contains(group))
                .map(LogEntry::id).toList();
    }

    @Test
    void aFeedThatBeginsAtTheStartIsToldFromOneThatNeverBegan() throws Exception {
        assertFalse(it.spool.hasFeed("b"));
        it.spool.beginFeed("b", FeedPosition.START);
        assertTrue(it.spool.hasFeed("b"));
        assertFalse(it.spool.hasFeed("c"));
        it.reopen();
        assertTrue(it.spool.hasFeed("b"));
        assertEquals(FeedPosition.START, it.spool.feedPosition("b"));
    }

    @Test
    void feedPositionsSurviveARestart() throws Exception {
        assertEquals(FeedPosition.START, it.spool.feedPosition("b"));
        var position = new FeedPosition(17, new long[] {3, 5, 9});
        it.spool.saveFeedPosition("b", position);
        assertEquals(position, it.spool.feedPosition("b"));
        it.reopen();
        assertEquals(position, it.spool.feedPosition("b"));
    }

    @Test
    void removedArticleStaysReadableToWhoHasItOpen() throws Exception {
        NewArticle article = article(1, "spill.test");
        it.mustStore(article);
        try (StoredArticle open = it.spool.open(id(1)).orElseThrow()) {
            it.spool.remove(id(1));
            assertEquals(wire(article, "spill.test:1"), text(open.readAll()));
        }
    }

    @Test
    void closedSpoolFailsWhatComesAfter() throws Exception {
        Spool spool = it.spool;
        it.close();
        spool.close();
        assertInstanceOf(StoreOutcome.Failed.class,
                spool.store(article(1, "spill.test")).get(5, TimeUnit.SECONDS));
        assertThrows(java.io.IOException.class, () -> spool.createGroup("x", 'y', ""));
    }

    @Test
    void statsCount() throws Exception {
        storeMany(1, 20, "spill.test");
        it.spool.remove(id(3));
        await().untilAsserted(() -> assertEquals(19, it.spool.stats().articles()));
        SpoolStats stats = it.spool.stats();
        assertEquals(List.of(2, List.of(), ""), Arrays.asList(stats.groups(), stats.damage(),
                stats.trouble()));
        assertTrue(stats.bytes() > 20 * 300);
        assertEquals(20, stats.committed());
    }

    @Test
    void articlesFromManyThreadsAllArriveOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int t = 0; t < 4; t++) {
                int from = t * 500;
                threads.submit(() -> {
                    storeMany(from + 1, from + 500, "spill.test");
                    return null;
                });
            }
        }
        assertEquals(List.of(1L, 2000L, 2000L), marks());
        it.reopen();
        assertEquals(List.of(1L, 2000L, 2000L), marks());
        for (int n = 1; n <= 2000; n += 37) {
            try (StoredArticle open = it.spool.open(id(n)).orElseThrow()) {
                NewArticle article = article(n, "spill.test");
                assertEquals(wire(article, "spill.test:" + open.number("spill.test")),
                        text(open.readAll()));
            }
        }
    }

    private List<Long> marks() {
        Newsgroup group = it.spool.group("spill.test").orElseThrow();
        return List.of(group.low(), group.high(), group.count());
    }

    private void storeMany(int from, int to, String group) throws Exception {
        var outcomes = new ArrayList<CompletableFuture<StoreOutcome>>();
        for (int n = from; n <= to; n++) {
            outcomes.add(it.spool.store(article(n, group)));
        }
        for (CompletableFuture<StoreOutcome> outcome : outcomes) {
            assertInstanceOf(StoreOutcome.Stored.class, outcome.get(20, TimeUnit.SECONDS));
        }
    }

    private static String read(Optional<StoredArticle> article) throws Exception {
        try (StoredArticle open = article.orElseThrow()) {
            return text(open.readAll());
        }
    }
}
