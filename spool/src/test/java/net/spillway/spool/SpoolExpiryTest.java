package net.spillway.spool;

import static net.spillway.spool.Articles.article;
import static net.spillway.spool.Articles.id;
import static net.spillway.spool.Articles.text;
import static net.spillway.spool.Articles.wire;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Articles go by whole segments, and what must be known of them stays known. */
class SpoolExpiryTest {
    private static final int SEGMENT = 10_000;

    @TempDir
    Path dir;
    private SpoolHarness it;

    private void open(Duration maxAge, long maxBytes) throws Exception {
        it = new SpoolHarness(dir).with(SEGMENT, maxAge, maxBytes);
        it.open().createGroup("spill.test", 'y', "a test");
        it.spool.createGroup("spill.rare", 'y', "seldom");
    }

    @AfterEach
    void closeSpool() throws Exception {
        it.close();
    }

    @Test
    void oldSegmentsGoAndTheirMessageIdsStayKnown() throws Exception {
        open(Duration.ofSeconds(50), 0);
        it.mustStore(article(0, "spill.rare"));
        storeRange(1, 100);
        it.now = Articles.ARRIVAL.plusSeconds(100);
        int before = it.spool.stats().segments();
        ExpiryReport report = it.spool.expire(it.now);
        assertTrue(report.segments() > 0 && report.segments() < before, report::toString);
        int gone = (int) report.articles();
        assertTrue(gone > 20 && gone <= 50, report::toString);
        for (boolean rebuilt : new boolean[] {false, true}) {
            if (rebuilt) {
                it.close();
                Folders.delete(dir.resolve("index"));
                it.open();
            }
            requireGone(gone);
        }
        assertInstanceOf(StoreOutcome.Duplicate.class, it.store(article(3, "spill.test")));
        assertEquals(101, it.mustStore(article(101, "spill.test")).numbers()
                .get("spill.test"));
        assertEquals(2, it.mustStore(article(102, "spill.rare")).numbers()
                .get("spill.rare"));
    }

    private void requireGone(int gone) throws Exception {
        for (int n = 0; n < gone; n++) {
            assertEquals(Presence.REMEMBERED, it.spool.presence(id(n)), "article " + n);
            assertTrue(it.spool.open(id(n)).isEmpty());
            assertTrue(it.spool.open("spill.test", n).isEmpty());
        }
        for (int n = gone; n <= 100; n++) {
            assertEquals(Presence.STORED, it.spool.presence(id(n)));
            try (StoredArticle open = it.spool.open("spill.test", n).orElseThrow()) {
                assertEquals(wire(article(n, "spill.test"), "spill.test:" + n),
                        text(open.readAll()));
            }
        }
        await().until(() -> it.spool.group("spill.test").orElseThrow().count() == 101 - gone);
        Newsgroup group = it.spool.group("spill.test").orElseThrow();
        assertEquals(List.of((long) gone, 100L), List.of(group.low(), group.high()));
        Newsgroup rare = it.spool.group("spill.rare").orElseThrow();
        assertEquals(List.of(2L, 1L, 0L), List.of(rare.low(), rare.high(), rare.count()));
        assertEquals(101 - gone, it.spool.log(0, 1000).size());
        assertEquals(101 - gone, it.spool.overview("spill.test", 1, 1000, 1000).size());
        assertEquals(gone, it.spool.next("spill.test", 0).orElseThrow());
    }

    @Test
    void forgottenAfterItsTimeAMessageIdMayComeAgain() throws Exception {
        open(Duration.ofSeconds(50), 0);
        storeRange(1, 100);
        it.now = Articles.ARRIVAL.plusSeconds(200);
        it.spool.expire(it.now);
        assertEquals(Presence.REMEMBERED, it.spool.presence(id(1)));
        it.now = Articles.ARRIVAL.plus(it.config.remember()).plusSeconds(150);
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(1)));
        it.mustStore(article(id(1), it.now, new byte[0], "spill.test"));
    }

    @Test
    void openSegmentIsSealedWhenAllInItIsOld() throws Exception {
        open(Duration.ofSeconds(50), 0);
        storeRange(1, 3);
        it.now = Articles.ARRIVAL.plusSeconds(1000);
        assertEquals(3, it.spool.expire(it.now).articles());
        await().until(() -> it.spool.stats().articles() == 0);
        assertEquals(0, it.spool.expire(it.now).articles());
        it.reopen();
        assertEquals(Presence.REMEMBERED, it.spool.presence(id(2)));
        assertEquals(4, it.mustStore(article(4, "spill.test")).sequence());
        Newsgroup group = it.spool.group("spill.test").orElseThrow();
        assertEquals(List.of(4L, 4L, 1L), List.of(group.low(), group.high(), group.count()));
    }

    @Test
    void tooManyBytesTakeTheOldestSegments() throws Exception {
        open(null, 50_000);
        storeRange(1, 300);
        long before = it.spool.stats().bytes();
        ExpiryReport report = it.spool.expire(it.now);
        assertTrue(before > 100_000);
        // The farewell is written to the open segment, so that a little more than the limit stays.
        assertTrue(report.kept() < 60_000, report::toString);
        assertEquals(report.kept(), it.spool.stats().bytes());
        assertTrue(it.spool.open(id(300)).isPresent());
        assertTrue(it.spool.open(id(1)).isEmpty());
    }

    @Test
    void nothingGoesWithoutALimit() throws Exception {
        open(null, 0);
        storeRange(1, 100);
        assertEquals(0, it.spool.expire(it.now.plus(Duration.ofDays(9999))).segments());
    }

    @Test
    void whoReadsKeepsTheOctetsUntilDone() throws Exception {
        open(Duration.ofSeconds(50), 0);
        storeRange(1, 100);
        it.now = Articles.ARRIVAL.plusSeconds(1000);
        try (StoredArticle open = it.spool.open(id(1)).orElseThrow()) {
            it.spool.expire(it.now);
            assertTrue(it.spool.open(id(1)).isEmpty());
            assertEquals(wire(article(1, "spill.test"), "spill.test:1"), text(open.readAll()));
            assertEquals(1, dropped());
        }
        assertEquals(0, dropped());
    }

    @Test
    void removedArticleIsForgottenNeitherByExpiryNorByRebuild() throws Exception {
        open(Duration.ofSeconds(50), 0);
        storeRange(1, 100);
        it.now = Articles.ARRIVAL.plusSeconds(100);
        it.spool.remove(id(1));
        it.spool.remove(id(99));
        it.spool.remember(id(777));
        await().until(() -> it.spool.presence(id(777)) == Presence.REMEMBERED);
        it.spool.expire(it.now);
        it.now = it.now.plusSeconds(60);
        storeRange(101, 140);
        it.now = it.now.plus(Duration.ofDays(1));
        it.spool.expire(it.now);
        for (boolean rebuilt : new boolean[] {false, true}) {
            if (rebuilt) {
                it.close();
                Folders.delete(dir.resolve("index"));
                it.open();
            }
            for (int n : new int[] {1, 2, 99, 100, 120, 777}) {
                assertEquals(Presence.REMEMBERED, it.spool.presence(id(n)), "article " + n);
            }
            assertEquals(140, it.spool.group("spill.test").orElseThrow().high());
            assertEquals(140, it.spool.committed());
        }
    }

    @Test
    void feedPositionsAndGroupsSurviveTheSegmentsTheyWereWrittenIn() throws Exception {
        open(Duration.ofSeconds(50), 0);
        it.spool.saveFeedPosition("b", new FeedPosition(3, new long[] {1}));
        it.reopen();
        storeRange(1, 100);
        it.now = Articles.ARRIVAL.plusSeconds(1000);
        it.spool.expire(it.now);
        it.close();
        Folders.delete(dir.resolve("index"));
        it.open();
        assertEquals(new FeedPosition(3, new long[] {1}), it.spool.feedPosition("b"));
        assertEquals("seldom", it.spool.group("spill.rare").orElseThrow().description());
        assertEquals(Articles.ARRIVAL, it.spool.group("spill.rare").orElseThrow().created());
    }

    @Test
    void tornCheckpointOfANewSegmentIsMadeGood() throws Exception {
        open(Duration.ofSeconds(50), 0);
        storeRange(1, 3);
        it.now = Articles.ARRIVAL.plusSeconds(10);
        it.close();
        // As if the power had failed while the second segment was being made.
        Path first = Folders.segments(dir).getFirst();
        it.with(100, Duration.ofSeconds(50), 0).open();
        it.spool.createGroup("spill.third", 'y', "");
        it.close();
        Path second = Folders.segments(dir).get(1);
        Folders.truncate(second, 64 + 60);
        it.with(SEGMENT, Duration.ofSeconds(50), 0).open();
        it.now = Articles.ARRIVAL.plusSeconds(1000);
        assertEquals(3, it.spool.expire(it.now).articles());
        assertTrue(Files.notExists(first));
        it.close();
        Folders.delete(dir.resolve("index"));
        it.open();
        assertEquals(3, it.spool.group("spill.test").orElseThrow().high());
        assertEquals("seldom", it.spool.group("spill.rare").orElseThrow().description());
        assertEquals(4, it.mustStore(article(4, "spill.test")).numbers().get("spill.test"));
    }

    @Test
    void historyThatWasSealedManyTimesKnowsEverything() throws Exception {
        it = new SpoolHarness(dir).with(SEGMENT, Duration.ofSeconds(300), 0);
        it.heapEntries = 50;
        it.open().createGroup("spill.test", 'y', "");
        storeRange(1, 600);
        it.spool.remove(id(10));
        it.spool.remove(id(590));
        it.now = Articles.ARRIVAL.plusSeconds(600);
        int gone = (int) it.spool.expire(it.now).articles();
        for (int round = 0; round < 3; round++) {
            for (int n = 1; n <= 600; n++) {
                boolean here = n > gone && n != 590;
                assertEquals(here ? Presence.STORED : Presence.REMEMBERED,
                        it.spool.presence(id(n)), "article " + n + " round " + round);
            }
            for (int n = 601; n <= 2000; n++) {
                assertEquals(Presence.UNKNOWN, it.spool.presence(id(n)));
            }
            it.close();
            if (round == 1) {
                Folders.delete(dir.resolve("index"));
            }
            it.open();
        }
        it.now = it.now.plus(it.config.remember()).plusSeconds(1000);
        it.spool.expire(it.now);
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(20)));
        it.reopen();
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(20)));
    }

    private void storeRange(int from, int to) throws Exception {
        for (int n = from; n <= to; n++) {
            it.mustStore(article(n, "spill.test"));
        }
    }

    private long dropped() throws Exception {
        try (Stream<Path> all = Files.list(dir.resolve("segments"))) {
            return all.filter(p -> p.toString().endsWith(".dropped")).count();
        }
    }
}
