package net.spillway.spool;

import static net.spillway.spool.Articles.article;
import static net.spillway.spool.Articles.id;
import static net.spillway.spool.Articles.text;
import static net.spillway.spool.Articles.wire;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import net.spillway.conf.Retention;
import net.spillway.conf.StorageConfig;
import net.spillway.conf.Wildmat;
import net.spillway.protocol.MessageId;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Articles of a segment that was lost and is put back are served again, under their own numbers;
 * but none that was removed, and none beside a copy that came meanwhile.
 */
class RestoredSegmentTest {
    private static final int ARTICLES = 60;
    private static final String GROUP = "spill.test";

    @TempDir
    Path temp;
    private Path dir;
    private SpoolHarness it;
    private final List<ArticleToken> places = new ArrayList<>();
    /** Numbers of the articles in the segment that is lost. */
    private final TreeSet<Integer> inLost = new TreeSet<>();
    private Path lost;
    private Path elsewhere;

    @BeforeEach
    void fill() throws Exception {
        dir = temp.resolve("spool");
        elsewhere = temp.resolve("elsewhere.seg");
        it = new SpoolHarness(dir).with(5000, null, 0);
        it.open().createGroup(GROUP, 'y', "");
        for (int n = 1; n <= ARTICLES; n++) {
            places.add(it.mustStore(article(n, GROUP)).token());
        }
        int segment = places.get(ARTICLES / 2).segment();
        for (int n = 1; n <= ARTICLES; n++) {
            if (places.get(n - 1).segment() == segment) {
                inLost.add(n);
            }
        }
        lost = dir.resolve(String.format("segments/%08d.seg", segment));
        assertTrue(inLost.size() > 3, inLost::toString);
    }

    @AfterEach
    void closeSpool() throws Exception {
        it.close();
    }

    /** The segment is moved away, and a start takes what was in it out of service. */
    private void lose() throws Exception {
        it.close();
        Files.move(lost, elsewhere);
        it.open();
        Set<MessageId> wanted = ConcurrentHashMap.newKeySet();
        it.spool.onDamage(wanted::add);
        await().until(() -> wanted.size() == inLost.size());
        assertTrue(it.disk.indexer().flush());
    }

    private void putBack() throws IOException {
        it.close();
        Files.move(elsewhere, lost);
    }

    private void rebuild() throws Exception {
        it.close();
        assertEquals(List.of(), SpoolRebuild.rebuild(it.config, ProgressCallback.NONE, it.clock));
        it.open();
    }

    private void makeIndexAnew() throws Exception {
        it.close();
        Folders.delete(it.config.index());
        it.open();
    }

    /** In another way each time. */
    private void startAgain(int round) throws Exception {
        switch (round) {
            case 0 -> it.reopen();
            case 1 -> makeIndexAnew();
            default -> rebuild();
        }
    }

    /** All but those are served, as what they were stored as. */
    private void requireAllBut(Set<Integer> missing) throws Exception {
        for (int n = 1; n <= ARTICLES; n++) {
            assertEquals(missing.contains(n), it.spool.open(id(n)).isEmpty(), "article " + n);
            assertEquals(missing.contains(n), it.spool.open(GROUP, n).isEmpty(), "number " + n);
            if (!missing.contains(n)) {
                try (StoredArticle open = it.spool.open(GROUP, n).orElseThrow()) {
                    assertEquals(wire(article(n, GROUP), GROUP + ":" + n), text(open.readAll()));
                }
                assertEquals(Presence.STORED, it.spool.presence(id(n)));
            }
        }
    }

    private long count() {
        return it.spool.group(GROUP).orElseThrow().count();
    }

    @Test
    void rebuildServesWhatWasPutBackUnderItsOwnNumbers() throws Exception {
        lose();
        requireAllBut(inLost);
        putBack();
        rebuild();
        for (int round = 0; round < 4; round++) {
            requireAllBut(Set.of());
            assertEquals(ARTICLES, count());
            assertEquals(ARTICLES, it.spool.stats().articles());
            assertEquals(ARTICLES, it.spool.log(0, 1000).size());
            assertEquals(0, it.spool.stats().missing(), "nobody is asked for them any more");
            startAgain(round);
        }
        assertEquals(ARTICLES + 1,
                it.mustStore(article(ARTICLES + 1, GROUP)).numbers().get(GROUP));
    }

    @Test
    void checkNamesTheSegmentAndCountsWhatIsTakenOut() throws Exception {
        it.close();
        Files.move(lost, elsewhere);
        List<DamagedRecord> found =
                SpoolCheck.check(it.config, 0, ProgressCallback.NONE).damage();
        assertEquals(List.of(lost + " is damaged at 0: the file is not there, and with it "
                + inLost.size() + " articles"), found.stream().map(Object::toString).toList());
        assertEquals(inLost.size(), SpoolCheck.takeOut(it.config, "spill.example", found));
        assertEquals(List.of(), SpoolCheck.check(it.config, 0, ProgressCallback.NONE).damage());
        putBack();
        rebuild();
        requireAllBut(Set.of());
    }

    @Test
    void anIndexThatIsMadeAnewInARunningSpoolServesTheSame() throws Exception {
        lose();
        putBack();
        rebuild();
        long before = count();
        it.disk.indexer().index().discard(); // The next change opens it again, with nothing in it.
        for (String file : List.of("spool.mv.db", "spool.mv.db.sums")) {
            Files.deleteIfExists(it.config.index().resolve(file));
        }
        it.spool.createGroup("spill.other", 'y', "");
        await().until(() -> it.disk.indexer().flush());
        requireAllBut(Set.of());
        assertEquals(before, it.spool.numbers(GROUP, 1, 1000, 1000).length);
    }

    @Test
    void aStartThatHasForgottenTheSegmentServesItTooWhenItIsBack() throws Exception {
        lose();
        it.reopen();
        await().until(() -> it.disk.indexer().index().segments().stream()
                .noneMatch(known -> known.gone()));
        putBack();
        it.open();
        for (boolean anew : new boolean[] {false, true}) {
            if (anew) {
                rebuild();
            } else {
                it.reopen();
            }
            requireAllBut(Set.of());
            assertEquals(ARTICLES, count());
        }
    }

    @Test
    void theCopyThatCameMeanwhileCounts() throws Exception {
        lose();
        int again = inLost.first();
        assertEquals(ARTICLES + 1, it.mustStore(article(again, GROUP)).numbers().get(GROUP));
        putBack();
        rebuild();
        for (int round = 0; round < 3; round++) {
            try (StoredArticle open = it.spool.open(id(again)).orElseThrow()) {
                assertEquals(ARTICLES + 1, open.number(GROUP));
            }
            assertTrue(it.spool.open(GROUP, again).isEmpty());
            it.spool.open(GROUP, inLost.last()).orElseThrow().close();
            assertEquals(ARTICLES, count());
            assertEquals(ARTICLES, it.spool.log(0, 1000).size());
            if (round == 0) {
                makeIndexAnew();
            } else {
                it.reopen();
            }
        }
    }

    @Test
    void theCopyThatCameMeanwhileCountsForAStartToo() throws Exception {
        lose();
        it.reopen();
        await().until(() -> it.disk.indexer().index().segments().stream()
                .noneMatch(known -> known.gone()));
        int again = inLost.first();
        it.mustStore(article(again, GROUP));
        putBack();
        it.open();
        for (int round = 0; round < 2; round++) {
            try (StoredArticle open = it.spool.open(id(again)).orElseThrow()) {
                assertEquals(ARTICLES + 1, open.number(GROUP));
            }
            assertTrue(it.spool.open(GROUP, again).isEmpty());
            assertEquals(ARTICLES, count());
            it.reopen();
        }
    }

    /** Both copies were lost, and the first is put back alone. */
    @Test
    void theFirstCopyIsServedIfTheSecondIsLostToo() throws Exception {
        lose();
        int again = inLost.first();
        ArticleToken second = it.mustStore(article(again, GROUP)).token();
        it.disk.takeOut(List.of(new DamagedRecord(
                dir.resolve(String.format("segments/%08d.seg", second.segment())),
                second.offset(), second.offset() + 1, Optional.empty(), "by hand")));
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(again)));
        it.close();
        Folders.flip(dir.resolve(String.format("segments/%08d.seg", second.segment())),
                second.offset() + 400);
        putBack();
        SpoolRebuild.rebuild(it.config, ProgressCallback.NONE, it.clock);
        it.open();
        requireAllBut(Set.of());
        it.reopen();
        requireAllBut(Set.of());
    }

    @Test
    void nothingThatWasRemovedComesBack() throws Exception {
        int before = inLost.first();
        it.spool.remove(id(before));
        inLost.remove(before);
        lose();
        int removed = inLost.first();
        int refused = inLost.last();
        it.mustStore(article(removed, GROUP));
        it.spool.remove(id(removed));
        it.spool.remember(id(refused));
        await().until(() -> it.spool.presence(id(refused)) == Presence.REMEMBERED);
        putBack();
        rebuild();
        for (int round = 0; round < 4; round++) {
            requireAllBut(Set.of(before, removed, refused));
            assertEquals(ARTICLES - 3, count());
            assertEquals(Presence.REMEMBERED, it.spool.presence(id(removed)));
            startAgain(round);
        }
    }

    /** What the log says of it stays, as the default class keeps everything. */
    @Test
    void whatCameMeanwhileAndExpiredDoesNotComeBack() throws Exception {
        Path disk = temp.resolve("disk2");
        it.config = it.config.with(List.of(new StorageConfig("short", disk,
                Wildmat.parse("spill.short"), 0, Long.MAX_VALUE, Optional.empty(),
                new Retention(Optional.of(Duration.ofHours(1)), OptionalLong.empty(),
                        Duration.ZERO), StorageConfig.IfDown.LATER)));
        it.reopen().createGroup("spill.short", 'y', "");
        int first = ARTICLES + 1;
        for (int n = first; n < first + ARTICLES; n++) {
            places.add(it.mustStore(article(n, "spill.short")).token());
        }
        int segment = places.get(first - 1).segment();
        inLost.clear();
        for (int n = first; n < first + ARTICLES; n++) {
            if (places.get(n - 1).segment() == segment) {
                inLost.add(n);
            }
        }
        lost = disk.resolve(String.format("segments/%08d.seg", segment));
        lose();
        it.now = it.now.plus(Duration.ofMinutes(30));
        for (int n : inLost) {
            it.mustStore(article(Articles.id(n), it.now, Articles.bodyOf(n, 3), "spill.short"));
        }
        it.now = it.now.plus(Duration.ofHours(2));
        assertEquals(ARTICLES, it.spool.expire(it.now).articles());
        putBack();
        rebuild();
        requireAllBut(Set.of());
        for (int n : inLost) {
            assertTrue(it.spool.open(id(n)).isEmpty(), "article " + n);
            assertTrue(it.spool.open("spill.short", n - ARTICLES).isEmpty(), "number " + n);
            assertEquals(Presence.REMEMBERED, it.spool.presence(id(n)));
        }
    }

    @Test
    void whatIsDamagedStaysOutOfService() throws Exception {
        lose();
        putBack();
        int bad = inLost.first();
        Folders.flip(lost, places.get(bad - 1).offset() + 400);
        assertEquals(1, SpoolRebuild.rebuild(it.config, ProgressCallback.NONE, it.clock).size());
        it.open();
        for (boolean anew : new boolean[] {false, true}) {
            if (anew) {
                makeIndexAnew();
            }
            requireAllBut(Set.of(bad));
            assertEquals(Presence.UNKNOWN, it.spool.presence(id(bad)), "peers may bring it");
        }
    }

    /** What expiry says again of the first copy does not mean the one on the other disk. */
    @Test
    void aLaterCopyIsKnownAlsoWhileItsClassIsLeftOut() throws Exception {
        lose();
        it.close();
        it.config = it.config.with(List.of(new StorageConfig("second", temp.resolve("disk2"),
                Wildmat.parse("spill.second"), 0, Long.MAX_VALUE, Optional.empty(),
                Retention.FOREVER, StorageConfig.IfDown.LATER)));
        it.open().createGroup("spill.second", 'y', "");
        int again = inLost.first();
        it.mustStore(article(again, "spill.second"));
        it.close();
        Files.move(temp.resolve("disk2"), temp.resolve("unmounted"));
        it.open();
        it.disk.requests().write(List.of(new LogRecord.Tombstone(IdHash.of(id(again)), again,
                Tombstones.NOT_KNOWN)));
        assertEquals(Presence.STORED, it.spool.presence(id(again)));
        it.reopen();
        assertEquals(Presence.STORED, it.spool.presence(id(again)));
    }

    /** Expiry says again what tombstones said of what stays, when their segment goes. */
    @Test
    void expiryOfATombstoneTakesNeitherWhatIsBackNorALaterCopyOut() throws Exception {
        lose();
        int again = inLost.first();
        it.mustStore(article(again, GROUP));
        putBack();
        rebuild();
        Path tombstones = Folders.segments(dir).getLast();
        it.mustStore(article(ARTICLES + 1, GROUP));
        for (int n = ARTICLES + 2; n < 2 * ARTICLES; n++) {
            it.mustStore(article(n, GROUP));
        }
        it.close();
        try (SegmentStore store = SegmentStore.look(it.files, dir.resolve("segments"))) {
            it.open();
            SegmentFile with = store.all().stream().filter(s -> s.path().equals(tombstones))
                    .findFirst().orElseThrow();
            assertTrue(with.isSealed());
            var said = it.disk.expiry(sequence -> true).farewell(with).records()
                    .stream().filter(LogRecord.Tombstone.class::isInstance).toList();
            assertEquals(1, said.size(), "of the copy that is not served");
            it.disk.requests().write(said);
        }
        for (int round = 0; round < 3; round++) {
            for (int n = 1; n < 2 * ARTICLES; n++) {
                assertEquals(Presence.STORED, it.spool.presence(id(n)), "article " + n);
                assertTrue(it.spool.open(id(n)).isPresent(), "article " + n);
            }
            assertEquals(2 * ARTICLES - 1, count());
            if (round == 0) {
                it.reopen();
            } else {
                makeIndexAnew();
            }
        }
    }
}
