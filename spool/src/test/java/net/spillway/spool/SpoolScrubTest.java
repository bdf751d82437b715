package net.spillway.spool;

import static net.spillway.spool.Articles.ARRIVAL;
import static net.spillway.spool.Articles.article;
import static net.spillway.spool.Articles.id;
import static net.spillway.spool.Articles.text;
import static net.spillway.spool.Articles.wire;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.spillway.protocol.MessageId;
import net.spillway.spool.segment.SegmentDamagedException;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentStore;
import net.spillway.spool.segment.SegmentUnreadableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk forgets is found, named, not served any more, and taken again. */
class SpoolScrubTest {
    private static final int ARTICLES = 60;

    @TempDir
    Path dir;
    private SpoolHarness it;
    private final List<ArticleToken> places = new ArrayList<>();

    @BeforeEach
    void fill() throws Exception {
        it = new SpoolHarness(dir).with(5000, null, 0);
        it.open().createGroup("spill.test", 'y', "");
        for (int n = 1; n <= ARTICLES; n++) {
            places.add(it.mustStore(article(n, "spill.test")).token());
        }
    }

    @AfterEach
    void closeSpool() throws Exception {
        it.close();
    }

    @Test
    void theLogHearsOfARoundWhenItFoundSomethingElseAndOnceADay() {
        Scrubber scrubber = new Scrubber(null, null, 0, damage -> { }, (segment, pace) -> { });
        long day = Duration.ofDays(1).toNanos();
        assertTrue(scrubber.isNews(0, 5), "the first");
        assertFalse(scrubber.isNews(0, day));
        assertTrue(scrubber.isNews(2, day));
        assertFalse(scrubber.isNews(2, day + 1));
        assertTrue(scrubber.isNews(2, 2 * day));
        assertTrue(scrubber.isNews(0, 2 * day + 1), "it is whole again");
    }

    @Test
    void wholeSpoolIsFoundWholeAlsoBesideARunningRelay() throws Exception {
        var seen = new ArrayList<Long>();
        SpoolCheck.Report report = SpoolCheck.check(it.config, 0,
                (articles, bytes, total) -> seen.add(bytes));
        assertEquals(List.of(), report.damage());
        assertEquals(ARTICLES, report.articles());
        assertEquals(it.spool.stats().bytes(), report.bytes());
        assertEquals(report.bytes(), seen.getLast());
    }

    @Test
    void damagedBodyIsNamedTakenOutAskedForAndTakenAgain() throws Exception {
        Path segment = damage(7, 400);
        var wanted = new ArrayList<MessageId>();
        it.spool.onDamage(wanted::add);
        assertTrue(it.spool.open(id(7)).isPresent(), "nobody has noticed yet");
        it.disk.scrubber().round(0);
        assertEquals(List.of(id(7)), wanted);
        String told = it.spool.stats().damage().getFirst();
        assertEquals(segment + " is damaged at " + places.get(6).offset()
                + " (<a7@test.example>): the CRC of the article is wrong", told);
        Instant found = it.now;
        assertEquals(Optional.empty(), it.spool.lostSince(id(8)));
        for (boolean reopened : new boolean[] {false, true}) {
            if (reopened) {
                it.now = it.now.plusSeconds(100);
                it.reopen();
            }
            assertEquals(Optional.of(found), it.spool.lostSince(id(7)));
            assertEquals(1, it.spool.stats().missing());
            assertEquals(Optional.empty(), it.spool.open(id(7)));
            assertEquals(Optional.empty(), it.spool.open("spill.test", 7));
            assertEquals(Presence.UNKNOWN, it.spool.presence(id(7)));
            assertTrue(it.spool.open(id(8)).isPresent());
        }
        it.disk.scrubber().round(0);
        assertEquals(List.of(), it.spool.stats().damage(), "it is only told once");
        assertEquals(ARTICLES + 1,
                it.mustStore(article(7, "spill.test")).numbers().get("spill.test"));
        assertEquals(Optional.empty(), it.spool.lostSince(id(7)));
        assertEquals(0, it.spool.stats().missing());
        requireServedAgain();
        SpoolCheck.Report report = SpoolCheck.check(it.config, 0, ProgressCallback.NONE);
        assertEquals(List.of(), report.damage(), "what is here again is not lost");
        assertEquals(List.of(Optional.of(id(7))),
                report.healed().stream().map(DamagedRecord::id).toList());
        it.close();
        Folders.delete(dir.resolve("index"));
        it.open();
        requireServedAgain();
    }

    @Test
    void whatIsPassedOnIsReadFirstUnlessItWasStoredAMomentAgo() throws Exception {
        var wanted = new LinkedBlockingQueue<MessageId>();
        it.spool.onDamage(wanted::add);
        damage(7, 400);
        it.now = ARRIVAL.plusSeconds(7 + 59);
        it.spool.openIntact(id(7)).orElseThrow().close();
        it.now = ARRIVAL.plusSeconds(7 + 60);
        assertThrows(SegmentDamagedException.class, () -> it.spool.openIntact(id(7)));
        assertEquals(id(7), wanted.poll(1, TimeUnit.MINUTES), "nobody had to come by");
        assertEquals(Optional.empty(), it.spool.openIntact(id(7)));
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(7)));
        assertEquals(Optional.empty(), it.spool.open(id(7)));
        await().until(() -> it.spool.stats().damage().toString().endsWith(
                "(<a7@test.example>): the CRC of the article is wrong]"));

        it.now = ARRIVAL.plusSeconds(10);
        damage(9, 400);
        it.reopen();
        it.spool.onDamage(wanted::add);
        assertThrows(SegmentDamagedException.class, () -> it.spool.openIntact(id(9)),
                "stored before this start");
        for (int n = 1; n <= ARTICLES; n++) {
            if (n != 7 && n != 9) {
                it.spool.openIntact(id(n)).orElseThrow().close();
            }
        }
        await().until(() -> it.spool.presence(id(9)) == Presence.UNKNOWN);
        assertEquals(ARTICLES + 1,
                it.mustStore(article(7, "spill.test")).numbers().get("spill.test"));
    }

    @Test
    void anArticleOfManyPiecesIsReadToItsEndBeforeItIsPassedOn() throws Exception {
        String line = "x".repeat(70) + "\r\n";
        it.with(1 << 20, null, 0).reopen();
        ArticleToken place = it.mustStore(article(id(ARTICLES + 1), ARRIVAL,
                line.repeat(3000).getBytes(StandardCharsets.US_ASCII), "spill.test")).token();
        it.reopen();
        int length;
        long end;
        try (StoredArticle open = it.spool.openIntact(id(ARTICLES + 1)).orElseThrow()) {
            length = open.length();
            end = open.position() + length;
        }
        assertTrue(length > 200_000, "it has " + length + " octets");
        Folders.flip(segment(place), end - 1);
        assertThrows(SegmentDamagedException.class, () ->
                it.spool.openIntact(id(ARTICLES + 1)));
    }

    /** Whoever passes it on comes again, and is not told that it has gone. */
    @Test
    void whatIsOnlyReadWronglyOnceIsNotGone() throws Exception {
        Path segment = damage(7, 400);
        damage(9, 20);
        it.now = ARRIVAL.plusSeconds(1000);
        it.disk.indexer().close(); // Nothing can be taken out.
        for (int n : new int[] {7, 9}) {
            assertThrows(SegmentDamagedException.class, () -> it.spool.openIntact(id(n)));
        }
        damage(7, 400);
        damage(9, 20);
        it.spool.openIntact(id(7)).orElseThrow().close();
        it.spool.openIntact(id(9)).orElseThrow().close();
        assertTrue(Files.exists(segment));
    }

    /** The octets of an article's record that its disk gives no more. */
    private void loseSector(FaultyFiles files, int n) {
        long at = places.get(n - 1).offset() + 400;
        files.unreadable.put(segment(places.get(n - 1)), new long[] {at, at + 1});
    }

    @Test
    void whatCannotBeReadForAMinuteIsTakenOutAndWanted() throws Exception {
        FaultyFiles files = new FaultyFiles();
        it.files = files;
        it.reopen();
        var wanted = new LinkedBlockingQueue<MessageId>();
        it.spool.onDamage(wanted::add);
        loseSector(files, 7);
        it.disk.scrubber().round(0);
        assertThrows(SegmentUnreadableException.class, () -> it.spool.openIntact(id(7)));
        it.now = it.now.plusSeconds(59);
        it.disk.scrubber().round(0);
        assertEquals(Presence.STORED, it.spool.presence(id(7)), "it may be the cable");
        it.now = it.now.plusSeconds(1);
        it.disk.scrubber().round(0);
        // The look that the reader above asked for may come so late that it takes it out.
        await().until(() -> !it.spool.stats().damage().isEmpty());
        assertEquals(List.of(id(7)), List.copyOf(wanted));
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(7)));
        assertEquals(Optional.empty(), it.spool.openIntact(id(7)));
        assertEquals(segment(places.get(6)) + " is damaged at " + places.get(6).offset()
                + " (<a7@test.example>): the disk does not give it",
                it.spool.stats().damage().getFirst());
        for (int n = 1; n <= ARTICLES; n++) {
            assertEquals(n == 7 ? Presence.UNKNOWN : Presence.STORED, it.spool.presence(id(n)));
        }
        it.mustStore(article(7, "spill.test"));
        files.unreadable.clear();
        requireServedAgain();
    }

    @Test
    void whatAFeedCannotReadForAMinuteIsTakenOutToo() throws Exception {
        FaultyFiles files = new FaultyFiles();
        it.files = files;
        it.reopen();
        var wanted = new LinkedBlockingQueue<MessageId>();
        it.spool.onDamage(wanted::add);
        loseSector(files, 7);
        await().until(() -> {
            try {
                return it.spool.openIntact(id(7)).isEmpty();
            } catch (SegmentUnreadableException putOff) {
                it.now = it.now.plusSeconds(10);
                return false;
            }
        });
        assertEquals(id(7), wanted.poll(1, TimeUnit.MINUTES));
        assertFalse(it.now.isBefore(ARRIVAL.plusSeconds(60)));
    }

    @Test
    void nothingIsTakenOutBecauseAWholeDiskGivesNothing() throws Exception {
        FaultyFiles files = new FaultyFiles();
        it.files = files;
        it.reopen();
        for (ArticleToken place : places) {
            files.unreadable.put(segment(place), new long[] {0, Long.MAX_VALUE});
        }
        for (int i = 0; i < 3; i++) {
            it.disk.scrubber().round(0);
            it.now = it.now.plusSeconds(100);
        }
        files.unreadable.clear();
        for (int n = 1; n <= ARTICLES; n++) {
            assertEquals(Presence.STORED, it.spool.presence(id(n)));
            it.spool.openIntact(id(n)).orElseThrow().close();
        }
    }

    @Test
    void whatFailedOnceLongAgoIsNotTakenOutForFailingOnceMore() throws Exception {
        FaultyFiles files = new FaultyFiles();
        it.files = files;
        it.reopen();
        loseSector(files, 7);
        it.disk.scrubber().round(0);
        files.unreadable.clear();
        it.now = it.now.plus(Duration.ofDays(2));
        it.disk.scrubber().round(0);
        requireTakenOutIfLost(files, 7);
    }

    /** Other segments tell that it is not the disk. */
    @Test
    void theOnlyArticleOfASegmentIsTakenOutToo() throws Exception {
        FaultyFiles files = new FaultyFiles();
        it.files = files;
        it.reopen();
        int segment = places.get(6).segment();
        var rest = new ArrayList<DamagedRecord>();
        for (int n = 1; n <= ARTICLES; n++) {
            ArticleToken place = places.get(n - 1);
            if (n != 7 && place.segment() == segment) {
                rest.add(new DamagedRecord(segment(place), place.offset(), place.offset() + 1,
                        Optional.empty(), "taken out by hand"));
            }
        }
        it.disk.takeOut(rest);
        requireTakenOutIfLost(files, 7);
    }

    /** Not at once, since it may be the cable. */
    private void requireTakenOutIfLost(FaultyFiles files, int n) throws Exception {
        loseSector(files, n);
        it.disk.scrubber().round(0);
        assertEquals(Presence.STORED, it.spool.presence(id(n)));
        it.now = it.now.plusSeconds(60);
        it.disk.scrubber().round(0);
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(n)));
    }

    @Test
    void aRoundGoesOnBehindASegmentThatCannotBeLookedThrough() throws Exception {
        FaultyFiles files = new FaultyFiles();
        Set<Integer> looked = new HashSet<>();
        try (SegmentStore store = SegmentStore.look(files, dir.resolve("segments"))) {
            for (int n : new int[] {1, ARTICLES / 2}) {
                files.unreadable.put(segment(places.get(n - 1)), new long[] {400, 401});
            }
            new Scrubber(files, store, 0, damage -> { }, (segment, pace) -> {
                looked.add(segment.id());
                throw new IOException("the index cannot be read");
            }).round(0);
        }
        assertEquals(Set.of(places.getFirst().segment(), places.get(ARTICLES / 2 - 1).segment()),
                looked);
    }

    @Test
    void nothingMoreIsReadOnceTheReaderIsStopped() throws Exception {
        try (SegmentStore store = SegmentStore.look(it.files, dir.resolve("segments"))) {
            assertTrue(it.disk.indexer().flush());
            SegmentFile first = store.get(places.getFirst().segment()).orElseThrow();
            Thread.currentThread().interrupt();
            assertThrows(InterruptedIOException.class, () ->
                    it.disk.damageControl().lookThrough(first, octets -> fail("it went on")));
            assertTrue(Thread.interrupted());
        }
        assertTrue(it.spool.open(id(1)).isPresent());
    }

    private void requireServedAgain() throws Exception {
        try (StoredArticle open = it.spool.open(id(7)).orElseThrow()) {
            assertEquals(wire(article(7, "spill.test"), "spill.test:" + (ARTICLES + 1)),
                    text(open.readAll()));
        }
    }

    @Test
    void damagedHeadIsNamedByTheIndex() throws Exception {
        damage(9, 20);
        it.disk.scrubber().round(0);
        assertTrue(it.spool.stats().damage().getFirst().contains("(<a9@test.example>)"));
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(9)));
        damage(10, 400);
        it.disk.scrubber().round(0);
        assertEquals(2, it.spool.stats().damage().size());
        it.mustStore(article(9, "spill.test"));
        List<String> left = it.spool.stats().damage();
        assertEquals(1, left.size(), left::toString);
        assertTrue(left.getFirst().contains("(<a10@test.example>)"), "until it is here again");
    }

    @Test
    void damageOverSeveralRecordsTakesOutAllOfThem() throws Exception {
        Path segment = segment(places.get(3));
        assertEquals(places.get(3).segment(), places.get(6).segment());
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(
                    (int) (places.get(6).offset() - places.get(3).offset())),
                    places.get(3).offset());
        }
        var wanted = new ArrayList<MessageId>();
        it.spool.onDamage(wanted::add);
        it.disk.scrubber().round(0);
        assertEquals(List.of(id(4), id(5), id(6)), wanted);
        for (int n = 1; n <= ARTICLES; n++) {
            assertEquals(n > 3 && n < 7 ? Presence.UNKNOWN : Presence.STORED,
                    it.spool.presence(id(n)), "article " + n);
        }
        assertEquals(3, it.spool.stats().damage().size());
    }

    @Test
    void openSegmentIsReadTooAndANoteInItIsNamed() throws Exception {
        it.spool.createGroup("spill.other", 'y', "");
        ArticleToken behind = it.mustStore(article(ARTICLES + 1, "spill.test")).token();
        it.mustStore(article(ARTICLES + 2, "spill.test"));
        Folders.flip(segment(behind), behind.offset() - 1);
        it.disk.scrubber().round(0);
        String told = it.spool.stats().damage().getFirst();
        assertTrue(told.startsWith(segment(behind).toString()), told);
        it.disk.scrubber().round(0);
        assertEquals(1, it.spool.stats().damage().size(), "it is only told once");
    }

    @Test
    void lostSegmentsAreToldOfAndTheirArticlesWantedAgain() throws Exception {
        int headless = places.getFirst().segment();
        int missing = places.get(ARTICLES / 2).segment();
        it.close();
        Folders.flip(segment(places.getFirst()), 20);
        Files.delete(segment(places.get(ARTICLES / 2)));
        it.open();
        assertEquals(3, it.spool.stats().damage().size(), it.spool.stats()::toString);
        Set<MessageId> wanted = ConcurrentHashMap.newKeySet();
        it.spool.onDamage(wanted::add);
        var lost = new HashSet<MessageId>();
        for (int n = 1; n <= ARTICLES; n++) {
            int segment = places.get(n - 1).segment();
            if (segment == headless || segment == missing) {
                lost.add(id(n));
            }
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> wanted.equals(lost));
        for (boolean reopened : new boolean[] {false, true}) {
            for (int n = 1; n <= ARTICLES; n++) {
                assertEquals(lost.contains(id(n)) ? Presence.UNKNOWN : Presence.STORED,
                        it.spool.presence(id(n)), "article " + n);
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> it.spool.stats().articles() == ARTICLES - lost.size());
            if (!reopened) {
                it.reopen();
                assertEquals(List.of(), it.spool.stats().damage());
            }
        }
        assertEquals(ARTICLES + 1,
                it.mustStore(article(1, "spill.test")).numbers().get("spill.test"));
    }

    @Test
    void stoppedSpoolIsCheckedAndWhatIsDamagedIsTakenOut() throws Exception {
        it.close();
        damage(5, 300);
        damage(20, 45);
        SpoolCheck.Report report = SpoolCheck.check(it.config, 0, ProgressCallback.NONE);
        assertEquals(List.of(places.get(4).offset(), places.get(19).offset()),
                report.damage().stream().map(DamagedRecord::offset).toList());
        assertEquals(Optional.of(id(5)), report.damage().getFirst().id());
        assertEquals(ARTICLES - 2, report.articles());
        assertEquals(2, SpoolCheck.takeOut(it.config, "spill.example", report.damage()));
        it.open();
        var wanted = new ArrayList<MessageId>();
        it.spool.onDamage(wanted::add);
        assertEquals(List.of(id(5), id(20)), wanted, "whoever starts next asks for them");
        it.mustStore(article(5, "spill.test"));
        assertEquals(List.of(places.get(19).offset()),
                SpoolCheck.check(it.config, 0, ProgressCallback.NONE).damage().stream()
                        .map(DamagedRecord::offset).toList());
        it.reopen();
        wanted.clear();
        it.spool.onDamage(wanted::add);
        assertEquals(List.of(id(20)), wanted, "until they are back");
        it.mustStore(article(20, "spill.test"));
        it.reopen();
        it.spool.onDamage(id -> fail(id + " is here"));
        it.close();
        assertEquals(0, SpoolCheck.takeOut(it.config, "spill.example", report.damage()),
                "what is served lies elsewhere now");
        it.open();
        assertEquals(Presence.STORED, it.spool.presence(id(5)));
        assertThrows(SpoolLockedException.class, () ->
                SpoolCheck.takeOut(it.config, "spill.example", report.damage()));
    }

    @Test
    void rebuildLeavesOutWhatIsDamagedAndNamesIt() throws Exception {
        it.close();
        Path segment = damage(5, 300);
        List<String> damage = SpoolRebuild.rebuild(it.config, ProgressCallback.NONE, it.clock);
        assertEquals(1, damage.size());
        assertTrue(damage.getFirst().startsWith(segment + " is damaged from "
                + places.get(4).offset()), damage.getFirst());
        it.open();
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(5)));
        assertEquals(ARTICLES - 1, it.spool.stats().articles());
    }

    @Test
    void rebuildTellsOfAnOlderSegmentWhoseEndIsBlank() throws Exception {
        it.close();
        Path segment = segment(places.getFirst());
        long size = Files.size(segment);
        long from = places.get(2).offset();
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate((int) (size - from)), from);
        }
        List<String> damage = SpoolRebuild.rebuild(it.config, ProgressCallback.NONE, it.clock);
        assertEquals(1, damage.size(), damage::toString);
        assertTrue(damage.getFirst().startsWith(
                segment + " is damaged from " + from + " to " + size), damage.getFirst());
        it.open();
        for (int n = 1; n <= ARTICLES; n++) {
            boolean lost = n > 2 && places.get(n - 1).segment() == places.getFirst().segment();
            assertEquals(lost ? Presence.UNKNOWN : Presence.STORED, it.spool.presence(id(n)),
                    "article " + n);
        }
    }

    @Test
    void articlesBehindAWipedEndAreNamedAskedForAndTakenAgain() throws Exception {
        it.close();
        it.with(1 << 20, null, 0).open(); // The last segment goes on, and is not sealed.
        for (int n = ARTICLES + 1; n <= ARTICLES + 4; n++) {
            places.add(it.mustStore(article(n, "spill.test")).token());
        }
        it.close();
        Path segment = segment(places.getLast());
        long from = places.get(ARTICLES + 1).offset();
        long size = Files.size(segment);
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate((int) (size - from)), from);
        }
        Set<MessageId> lost = Set.of(id(ARTICLES + 2), id(ARTICLES + 3), id(ARTICLES + 4));
        List<DamagedRecord> found =
                SpoolCheck.check(it.config, 0, ProgressCallback.NONE).damage();
        assertEquals(lost, Set.copyOf(found.stream().flatMap(f -> f.id().stream()).toList()));
        assertEquals(segment + " is damaged at " + from + " (" + id(ARTICLES + 2)
                + "): the segment ends at " + from + ", before it", found.getFirst().toString());

        it.open();
        Set<MessageId> wanted = ConcurrentHashMap.newKeySet();
        it.spool.onDamage(wanted::add);
        assertEquals(lost, wanted);
        assertEquals(found.stream().map(DamagedRecord::toString).toList(),
                it.spool.stats().damage());
        it.reopen(); // They are asked for until they come.
        wanted.clear();
        it.spool.onDamage(wanted::add);
        assertEquals(lost, wanted);
        for (int n = ARTICLES + 2; n <= ARTICLES + 4; n++) {
            assertEquals(Presence.UNKNOWN, it.spool.presence(id(n)));
            it.mustStore(article(n, "spill.test"));
        }
        assertEquals(Presence.STORED, it.spool.presence(id(ARTICLES + 1)));
        it.close();
        assertEquals(List.of(),
                SpoolCheck.check(it.config, 0, ProgressCallback.NONE).damage());
    }

    @Test
    void checkOfAStoppedSpoolTakesOutWhatAWipedEndHasLost() throws Exception {
        it.close();
        Path segment = segment(places.getLast());
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.truncate(places.getLast().offset());
        }
        List<DamagedRecord> found =
                SpoolCheck.check(it.config, 0, ProgressCallback.NONE).damage();
        assertEquals(List.of(Optional.of(id(ARTICLES))),
                found.stream().map(DamagedRecord::id).toList());
        assertEquals(1, SpoolCheck.takeOut(it.config, "spill.example", found));
        assertEquals(List.of(),
                SpoolCheck.check(it.config, 0, ProgressCallback.NONE).damage());
        it.open();
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(ARTICLES)));
    }

    /** Flips an octet of the nth article's record. */
    private Path damage(int n, long behind) throws Exception {
        ArticleToken place = places.get(n - 1);
        Folders.flip(segment(place), place.offset() + behind);
        return segment(place);
    }

    private Path segment(ArticleToken place) {
        return dir.resolve(String.format("segments/%08d.seg", place.segment()));
    }
}
