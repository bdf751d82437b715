package net.spillway.spool;

import static net.spillway.spool.Articles.article;
import static net.spillway.spool.Articles.id;
import static net.spillway.spool.Articles.text;
import static net.spillway.spool.Articles.wire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.spillway.protocol.MessageId;
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
        for (boolean reopened : new boolean[] {false, true}) {
            if (reopened) {
                it.reopen();
            }
            assertEquals(Optional.empty(), it.spool.open(id(7)));
            assertEquals(Optional.empty(), it.spool.open("spill.test", 7));
            assertEquals(Presence.UNKNOWN, it.spool.presence(id(7)));
            assertTrue(it.spool.open(id(8)).isPresent());
        }
        it.disk.scrubber().round(0);
        assertEquals(List.of(), it.spool.stats().damage(), "it is only told once");
        assertEquals(ARTICLES + 1,
                it.mustStore(article(7, "spill.test")).numbers().get("spill.test"));
        requireServedAgain();
        it.close();
        Folders.delete(dir.resolve("index"));
        it.open();
        requireServedAgain();
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
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(5)));
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(20)));
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

    /** Flips an octet of the nth article's record. */
    private Path damage(int n, long behind) throws Exception {
        ArticleToken place = places.get(n - 1);
        Path segment = dir.resolve(String.format("segments/%08d.seg", place.segment()));
        Folders.flip(segment, place.offset() + behind);
        return segment;
    }
}
