package net.spillway.spool;

import static net.spillway.spool.Articles.article;
import static net.spillway.spool.Articles.id;
import static net.spillway.spool.Articles.text;
import static net.spillway.spool.Articles.wire;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import net.spillway.conf.FsyncMode;
import net.spillway.conf.Retention;
import net.spillway.conf.SpoolConfig;
import net.spillway.conf.StorageConfig;
import net.spillway.conf.StorageConfig.IfDown;
import net.spillway.conf.Wildmat;
import net.spillway.spool.file.PatientFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Articles of storage classes lie in folders of their own and live for times of their own. */
class SpoolStorageTest {
    private static final int SEGMENT = 10_000;
    private static final String SHORT = "spill.short";
    private static final String LONG = "spill.long";
    private static final String PLAIN = "spill.plain";

    @TempDir
    Path temp;
    private Path disk;
    private SpoolHarness it;
    private FailingFolder files;

    @BeforeEach
    void prepare() {
        disk = temp.resolve("disk2");
        files = new FailingFolder(disk);
        it = new SpoolHarness(temp.resolve("spool"));
        it.files = files;
    }

    @AfterEach
    void close() throws IOException {
        it.close();
    }

    private void open(IfDown ifDown) throws Exception {
        configure(ifDown);
        it.open();
        for (String group : List.of(SHORT, LONG, PLAIN)) {
            it.spool.createGroup(group, 'y', "");
        }
    }

    /** SHORT on the second disk for 50 seconds, LONG beside the spool for 500, PLAIN for ever. */
    private void configure(IfDown ifDown) {
        it.config = new SpoolConfig(it.dir, FsyncMode.GROUP, SEGMENT, Retention.FOREVER,
                it.config.remember(), it.config.cutoff(), it.config.index(), List.of(
                new StorageConfig("short", disk, Wildmat.parse(SHORT), 0, Long.MAX_VALUE,
                        Optional.empty(), seconds(50), ifDown),
                new StorageConfig("long", temp.resolve("long"), Wildmat.parse(LONG), 0,
                        Long.MAX_VALUE, Optional.empty(), seconds(500), ifDown)));
    }

    private static Retention seconds(int seconds) {
        return new Retention(Optional.of(Duration.ofSeconds(seconds)), OptionalLong.empty(),
                Duration.ZERO);
    }

    /** In turn to the three groups, from 0. */
    private static NewArticle nth(int n) {
        return article(n, group(n));
    }

    private static String group(int n) {
        return List.of(SHORT, LONG, PLAIN).get(n % 3);
    }

    private void store(int from, int to) throws Exception {
        for (int n = from; n < to; n++) {
            it.mustStore(nth(n));
        }
    }

    private void requireHere(int from, int to) throws Exception {
        for (int n = from; n < to; n++) {
            assertEquals(Presence.STORED, it.spool.presence(id(n)), "article " + n);
            int number = n / 3 + 1;
            try (StoredArticle open = it.spool.open(group(n), number).orElseThrow()) {
                assertEquals(wire(nth(n), group(n) + ":" + number), text(open.readAll()));
            }
            try (StoredArticle open = it.spool.open(id(n)).orElseThrow()) {
                assertEquals(n + 1, open.sequence());
            }
        }
    }

    private StorageStats stats(String name) {
        return it.spool.stats().storage().stream().filter(s -> s.name().equals(name)).findFirst()
                .orElseThrow();
    }

    private void deleteIndex() throws IOException {
        it.close();
        Folders.delete(it.config.index());
    }

    @Test
    void everyClassKeepsItsArticlesInItsOwnFolder() throws Exception {
        open(IfDown.LATER);
        store(0, 150);
        for (int round = 0; round < 3; round++) {
            requireHere(0, 150);
            assertEquals(150, it.spool.log(0, 1000).size());
            for (String name : List.of("short", "long", "default")) {
                assertEquals(50, stats(name).articles());
                assertTrue(stats(name).segments() > 1);
                assertEquals("", stats(name).trouble());
            }
            assertEquals(stats("short").segments(), Folders.segments(disk).size());
            assertEquals(List.of(50L, 1L, 50L), List.of(
                    it.spool.group(SHORT).orElseThrow().high(),
                    it.spool.group(SHORT).orElseThrow().low(),
                    it.spool.group(SHORT).orElseThrow().count()));
            if (round == 1) {
                deleteIndex();
            }
            it.reopen();
        }
        assertEquals(List.of(), it.spool.stats().damage());
        assertEquals(151, it.mustStore(nth(150)).sequence());
    }

    @Test
    void everyClassExpiresAlone() throws Exception {
        open(IfDown.LATER);
        store(0, 150);
        it.now = Articles.ARRIVAL.plusSeconds(700);
        ExpiryReport plan = SpoolExpiry.plan(it.config, it.now);
        ExpiryReport report = it.spool.expire(it.now);
        assertEquals(plan.articles(), report.articles());
        assertEquals(List.of("short", "long", "default"),
                report.storage().stream().map(ExpiryReport.Share::storage).toList());
        assertEquals(List.of(50L, 50L, 0L),
                report.storage().stream().map(ExpiryReport.Share::articles).toList());
        assertEquals(Optional.of(Articles.ARRIVAL.plusSeconds(2)),
                report.storage().getLast().horizon());
        for (boolean rebuilt : new boolean[] {false, true}) {
            if (rebuilt) {
                deleteIndex();
                it.open();
            }
            for (int n = 0; n < 150; n++) {
                assertEquals(n % 3 == 2 ? Presence.STORED : Presence.REMEMBERED,
                        it.spool.presence(id(n)), "article " + n);
                assertEquals(n % 3 == 2, it.spool.open(id(n)).isPresent());
            }
            await().until(() -> it.spool.group(SHORT).orElseThrow().count() == 0);
            assertEquals(51, it.spool.group(SHORT).orElseThrow().low());
            assertEquals(50, it.spool.group(PLAIN).orElseThrow().count());
            assertEquals(0, it.spool.numbers(SHORT, 1, 100, 100).length);
            assertEquals(50, it.spool.numbers(PLAIN, 1, 100, 100).length);
            assertEquals(50, it.spool.log(0, 1000).size());
        }
        assertEquals(51, it.mustStore(article(1000, SHORT)).numbers().get(SHORT));
    }

    @Test
    void dryRunSaysWhatGoesAndChangesNothing() throws Exception {
        open(IfDown.LATER);
        store(0, 90);
        it.close();
        Path copy = temp.resolve("copy");
        Folders.copy(disk, copy);
        ExpiryReport plan = SpoolExpiry.plan(it.config, Articles.ARRIVAL.plusSeconds(130));
        assertTrue(plan.articles() > 0 && plan.articles() <= 30, plan::toString);
        for (Path file : Folders.segments(copy)) {
            assertEquals(-1, Files.mismatch(file,
                    disk.resolve("segments").resolve(file.getFileName())));
        }
        it.now = Articles.ARRIVAL.plusSeconds(130);
        ExpiryReport report = it.open().expire(it.now);
        assertEquals(plan.storage().subList(0, 2), report.storage().subList(0, 2));
        assertEquals(plan.bytes(), report.bytes());
    }

    @Test
    void crossPostedArticleIsStoredOnceAndLivesAsLongAsItsLongestClass() throws Exception {
        open(IfDown.LATER);
        it.mustStore(article(1, SHORT, LONG));
        it.mustStore(article(2, SHORT));
        assertEquals(List.of(1L, 1L, 0L), it.spool.stats().storage().stream()
                .map(StorageStats::articles).toList());
        it.now = Articles.ARRIVAL.plusSeconds(100);
        it.spool.expire(it.now);
        assertTrue(it.spool.open(id(2)).isEmpty());
        try (StoredArticle open = it.spool.open(SHORT, 1).orElseThrow()) {
            assertEquals(1, open.number(LONG));
        }
        it.now = Articles.ARRIVAL.plusSeconds(1000);
        it.spool.expire(it.now);
        assertTrue(it.spool.open(LONG, 1).isEmpty());
        await().until(() -> it.spool.stats().articles() == 0);
    }

    @Test
    void minimumAgeHoldsBackTheByteLimit() throws Exception {
        it.config = new SpoolConfig(it.dir, FsyncMode.GROUP, SEGMENT,
                new Retention(Optional.empty(), OptionalLong.of(20_000), Duration.ofSeconds(60)),
                it.config.remember(), it.config.cutoff(), it.config.index(), List.of());
        it.open().createGroup(PLAIN, 'y', "");
        for (int n = 0; n < 100; n++) {
            it.mustStore(article(n, PLAIN));
        }
        it.now = Articles.ARRIVAL.plusSeconds(60);
        assertEquals(0, it.spool.expire(it.now).segments());
        it.now = Articles.ARRIVAL.plusSeconds(110);
        long some = it.spool.expire(it.now).articles();
        assertTrue(some > 0 && some <= 51, "articles " + some);
        it.now = Articles.ARRIVAL.plusSeconds(1000);
        assertTrue(it.spool.expire(it.now).kept() < 30_000);
    }

    @Test
    void diskThatFailsTakesOutItsClassAndComesBackByItself() throws Exception {
        open(IfDown.LATER);
        store(0, 30);
        files.failing = true;
        for (int n : new int[] {30, 33}) {
            assertFalse(assertInstanceOf(StoreOutcome.Failed.class, it.store(nth(n))).general());
            it.mustStore(nth(n + 1));
        }
        it.mustStore(nth(32));
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(30)));
        assertTrue(stats("short").trouble().contains("Input/output error"));
        assertEquals("", stats("long").trouble());
        assertEquals("", it.spool.stats().trouble());
        requireHere(0, 28);
        it.now = Articles.ARRIVAL.plusSeconds(100);
        it.spool.expire(it.now);
        files.failing = false;
        await().atMost(Duration.ofSeconds(20)).until(() -> stats("short").trouble().isEmpty());
        it.mustStore(nth(33));
        deleteIndex();
        it.open();
        assertTrue(it.spool.open(id(33)).isPresent());
        assertTrue(it.spool.open(id(32)).isPresent());
        assertEquals(List.of(), it.spool.stats().damage());
    }

    @Test
    void diskThatHangsTakesOutItsClassAndComesBackByItself() throws Exception {
        it.files = new PatientFiles(files, List.of(disk), Duration.ofMillis(200));
        open(IfDown.LATER);
        store(0, 30);
        files.hanging = new CountDownLatch(1);
        assertInstanceOf(StoreOutcome.Failed.class, it.store(nth(30)));
        it.mustStore(nth(31));
        it.mustStore(nth(32));
        assertTrue(stats("short").trouble().contains("has not answered"),
                stats("short")::toString);
        assertEquals("", it.spool.stats().trouble());
        assertThrows(IOException.class, () -> it.spool.open(id(0)), "who waits is lost too");
        it.spool.open(id(1)).orElseThrow().close();
        it.spool.open(id(2)).orElseThrow().close();
        files.hanging.countDown();
        await().atMost(Duration.ofSeconds(20)).until(() -> stats("short").trouble().isEmpty());
        it.mustStore(nth(33));
        requireHere(0, 28);
        requireHere(31, 34);
        deleteIndex();
        it.open();
        requireHere(31, 34);
        assertEquals(List.of(), it.spool.stats().damage());
    }

    @Test
    void spoolCanBeClosedWhileADiskHangs() throws Exception {
        it.files = new PatientFiles(files, List.of(disk), Duration.ofMillis(200));
        open(IfDown.LATER);
        store(0, 3);
        files.hanging = new CountDownLatch(1);
        assertInstanceOf(StoreOutcome.Failed.class, it.store(nth(3)));
        it.close();
        files.hanging.countDown();
    }

    @Test
    void fullDiskAsksForItsArticlesLaterOrPassesThemOn() throws Exception {
        open(IfDown.LATER);
        store(0, 3);
        files.full = true;
        assertFalse(assertInstanceOf(StoreOutcome.NoSpace.class, it.store(nth(3))).general());
        it.mustStore(nth(4));
        it.close();
        files.full = false;
        configure(IfDown.NEXT);
        it.open();
        files.full = true;
        it.mustStore(nth(3));
        it.mustStore(nth(6));
        assertEquals(1, stats("short").articles());
        assertEquals(3, stats("default").articles());
    }

    @Test
    void articleThatMeetsTheFailureGoesToTheNextClassToo() throws Exception {
        open(IfDown.NEXT);
        files.readOnly = true;
        store(0, 3);
        assertTrue(stats("short").trouble().contains("Read-only file system"));
        assertEquals(List.of(0L, 1L, 2L), it.spool.stats().storage().stream()
                .map(StorageStats::articles).toList());
        for (boolean rebuilt : new boolean[] {false, true}) {
            if (rebuilt) {
                files.readOnly = false;
                deleteIndex();
                it.open();
            }
            requireHere(0, 3);
        }
    }

    @Test
    void classThatIsMissingAtTheStartIsLeftOutAndComesBack() throws Exception {
        for (boolean indexLost : new boolean[] {false, true}) {
            open(IfDown.LATER);
            store(0, 90);
            it.close();
            if (indexLost) {
                deleteIndex();
            }
            Path elsewhere = temp.resolve("unmounted");
            Files.move(disk, elsewhere);
            Files.createDirectory(disk);
            it.open();
            assertTrue(stats("short").trouble().contains("mounted"), stats("short")::toString);
            requireAway(indexLost);
            assertTrue(it.mustStore(article(1001, SHORT, PLAIN)).numbers().get(SHORT) > 30);
            assertInstanceOf(StoreOutcome.Failed.class, it.store(article(1000, SHORT)));
            it.close();
            try (var inside = Files.list(disk)) {
                assertEquals(0, inside.count());
            }
            Files.delete(disk);
            Files.move(elsewhere, disk);
            it.open();
            requireHere(0, 90);
            assertEquals(31, it.spool.group(SHORT).orElseThrow().count());
            assertEquals(91, it.spool.log(0, 1000).size());
            it.reopen();
            requireHere(0, 90);
            it.close();
            Folders.delete(temp.resolve("spool"));
            Folders.delete(temp.resolve("long"));
            Folders.delete(disk);
        }
    }

    private void requireAway(boolean indexLost) throws Exception {
        for (int n = 0; n < 90; n++) {
            if (n % 3 > 0) {
                it.spool.open(id(n)).orElseThrow().close();
            } else if (indexLost) {
                assertTrue(it.spool.open(id(n)).isEmpty());
            } else {
                int away = n;
                assertEquals(Presence.STORED, it.spool.presence(id(n)));
                assertThrows(IOException.class, () -> it.spool.open(id(away)));
            }
        }
    }

    @Test
    void classThatIsTakenOutOfTheConfigurationComesBackWithIt() throws Exception {
        open(IfDown.LATER);
        store(0, 90);
        it.spool.remove(id(3));
        it.close();
        SpoolConfig both = it.config;
        it.config = both.with(List.of(both.storage().get(1)));
        for (int i = 0; i < 3; i++) { // Whoever looks at it so does no harm.
            it.open();
            assertEquals(89, it.spool.stats().articles());
            assertTrue(stats("short").trouble().contains("does not name it"));
            assertEquals(Presence.STORED, it.spool.presence(id(0)));
            assertThrows(IOException.class, () -> it.spool.open(id(0)));
            it.close();
            it.config = i == 1 ? both : it.config; // Also when it comes and goes.
            it.open();
            it.close();
            it.config = both.with(List.of(both.storage().get(1)));
        }
        it.open();
        assertTrue(it.mustStore(article(1000, SHORT)).numbers().get(SHORT) > 30);
        it.close();
        it.config = both;
        it.open();
        requireHere(0, 3);
        requireHere(4, 90);
        assertTrue(it.spool.open(id(3)).isEmpty());
        it.reopen();
        requireHere(4, 90);
    }

    @Test
    void rebuildLeavesOutAClassThatTheConfigurationDoesNotName() throws Exception {
        open(IfDown.LATER);
        store(0, 90);
        it.close();
        SpoolConfig both = it.config;
        it.config = both.with(List.of(both.storage().get(1)));
        SpoolRebuild.rebuild(it.config, ProgressCallback.NONE, it.clock);
        it.open();
        assertTrue(stats("short").trouble().contains("does not name it"));
        assertTrue(it.mustStore(article(1000, SHORT)).numbers().get(SHORT) > 30);
        it.close();
        it.config = both;
        it.open();
        requireHere(0, 90);
    }

    @Test
    void whatALostDiskHadIsGivenUpAndWantedAgain() throws Exception {
        open(IfDown.LATER);
        store(0, 90);
        long last = it.spool.committed();
        it.close();
        Folders.delete(disk);
        it.open();
        assertTrue(stats("short").trouble().contains("spillway spool forget short"));
        assertThrows(IllegalArgumentException.class, () -> disk().forget("long"));
        assertThrows(IllegalArgumentException.class, () -> disk().forget("no such class"));
        SpoolForget.Report report = disk().forget("short");
        assertEquals(30, report.articles());
        it.close();
        for (boolean anew : new boolean[] {false, true}) {
            if (anew) {
                deleteIndex();
            }
            it.open();
            assertEquals("", stats("short").trouble());
            assertEquals(Presence.UNKNOWN, it.spool.presence(id(0)));
            assertTrue(it.spool.lostSince(id(0)).isPresent(), "peers are asked for it");
            assertEquals(Presence.STORED, it.spool.presence(id(1)));
            StoreOutcome.Stored again = it.mustStore(article(1000 + (anew ? 1 : 0), SHORT));
            assertTrue(again.numbers().get(SHORT) > (anew ? 31 : 30), again::toString);
            assertTrue(it.spool.committed() > last);
            it.close();
        }
        it.open();
        assertTrue(it.mustStore(nth(0)).numbers().get(SHORT) > 32, "a peer brought it");
    }

    private DiskSpool disk() {
        return (DiskSpool) it.spool;
    }

    @Test
    void tellsWhoeverHasNoConfigurationWhichClassesThereAre() throws Exception {
        open(IfDown.LATER);
        it.close();
        List<String> both = List.of("short " + disk, "long " + temp.resolve("long"));
        assertEquals(both, ClassFolders.of(it.dir));
        openAndClose(it.config.with(List.of()));
        assertEquals(List.of(), ClassFolders.of(it.dir), "there is nothing in them");
        open(IfDown.LATER);
        store(0, 3);
        it.close();
        SpoolConfig all = it.config;
        openAndClose(all.with(List.of()));
        assertEquals(both, ClassFolders.of(it.dir));
        openAndClose(all.with(List.of(all.storage().get(1))));
        assertEquals(List.of(both.get(1), both.get(0)), ClassFolders.of(it.dir));
        Files.write(it.dir.resolve(ClassFolders.FILE), new byte[] {(byte) 0xff, '\n'});
        openAndClose(all);
        assertEquals(both, ClassFolders.of(it.dir));
    }

    private void openAndClose(SpoolConfig config) throws Exception {
        it.config = config;
        it.open();
        it.close();
    }

    @Test
    void folderOfAnotherSpoolIsLeftAlone() throws Exception {
        open(IfDown.LATER);
        store(0, 3);
        it.close();
        Folders.delete(it.dir);
        it.config = it.config.with(List.of());
        it.open().createGroup(PLAIN, 'y', "");
        it.close();
        open(IfDown.LATER);
        assertTrue(stats("short").trouble().contains("another spool"),
                stats("short")::toString);
        it.mustStore(nth(2));
    }
}
