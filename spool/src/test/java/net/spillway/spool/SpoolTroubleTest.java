package net.spillway.spool;

import static net.spillway.spool.Articles.article;
import static net.spillway.spool.Articles.id;
import static net.spillway.spool.Articles.text;
import static net.spillway.spool.Articles.wire;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.spillway.conf.FsyncMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Full and failing disks: later, never no; and nobody who reads is harmed. */
class SpoolTroubleTest {
    private static final int MANY = 4000;
    private static final Duration SOON = Duration.ofMinutes(1);

    @TempDir
    Path dir;
    private FaultyFiles files;
    private SpoolHarness it;

    @BeforeEach
    void openSpool() throws Exception {
        files = new FaultyFiles();
        it = new SpoolHarness(dir);
        it.files = files;
        it.open().createGroup("spill.test", 'y', "a test");
    }

    @AfterEach
    void closeSpool() throws Exception {
        files.space = Long.MAX_VALUE;
        files.failForce = false;
        it.close();
    }

    @Test
    void fullDiskAtAnyOctetLosesNothingAndItGoesOnByItself() throws Exception {
        int n = 0;
        int refusals = 0;
        for (int octets = 0; octets < 1200; octets += 75) {
            it.mustStore(article(++n, "spill.test"));
            files.space = octets;
            StoreOutcome outcome = it.store(article(++n, "spill.test"));
            if (!(outcome instanceof StoreOutcome.Stored)) {
                var full = assertInstanceOf(StoreOutcome.NoSpace.class, outcome);
                assertTrue(full.why().contains("full"), full.why());
                assertEquals(full.why(), it.spool.stats().trouble());
                assertEquals(Presence.UNKNOWN, it.spool.presence(id(n)));
                requireReadable(n - 1);
                files.space = Long.MAX_VALUE;
                it.mustStore(article(n, "spill.test"));
                assertEquals("", it.spool.stats().trouble());
                refusals++;
            }
            files.space = Long.MAX_VALUE;
        }
        assertTrue(refusals > 4 && refusals < 10, "refusals: " + refusals);
        int last = n;
        requireNumbersRise(last);
        it.close();
        Folders.delete(dir.resolve("index"));
        it.open();
        assertEquals(List.of(), it.spool.stats().damage());
        requireNumbersRise(last);
    }

    @Test
    void nothingIsWrittenWhenOnlyTheReserveIsLeft() throws Exception {
        it.mustStore(article(1, "spill.test"));
        files.claimedSpace = 10 << 20;
        var full = assertInstanceOf(StoreOutcome.NoSpace.class,
                it.store(article(2, "spill.test")));
        assertTrue(full.why().contains(dir + ": 10 MiB are free, and 16 MiB are never used"),
                full.why());
        // What gives space back must still work.
        assertTrue(it.spool.remove(id(1)));
        files.claimedSpace = 1L << 40;
        it.mustStore(article(2, "spill.test"));
    }

    @Test
    void theLogHearsOnceThatNothingIsStoredAndOnceThatItIsAgain() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger(LogWriter.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Level before = log.getLevel();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
        try {
            it.mustStore(article(1, "spill.test"));
            files.claimedSpace = 10 << 20;
            it.store(article(2, "spill.test"));
            assertTrue(it.spool.remove(id(1)), "that works, and articles are still not taken");
            it.store(article(2, "spill.test"));
            files.claimedSpace = 1L << 40;
            it.mustStore(article(2, "spill.test"));
            it.mustStore(article(3, "spill.test"));
        } finally {
            log.detachAppender(lines);
            log.setLevel(before);
        }
        assertEquals(List.of("nothing can be stored for now", "articles are stored again"),
                lines.list.stream().map(line -> line.getFormattedMessage().split(":")[0]).toList());
    }

    @Test
    void fullDiskWhereASegmentShouldBeginDoesNoHarm() throws Exception {
        it.close();
        it.with(3000, null, 0).open();
        int stored = 0;
        for (int n = 1; n <= 60; n++) {
            if (n % 5 == 0) {
                files.space = 900;
                for (int i = 0; i < 3; i++) {
                    it.store(article(10_000 + 10 * n + i, "spill.test"));
                }
                files.space = Long.MAX_VALUE;
            }
            it.mustStore(article(n, "spill.test"));
            stored++;
        }
        assertTrue(it.spool.stats().segments() > 5);
        for (int round = 0; round < 2; round++) {
            for (int n = 1; n <= stored; n++) {
                requireReadable(n);
            }
            it.close();
            Folders.delete(dir.resolve("index"));
            it.open();
            assertEquals(List.of(), it.spool.stats().damage());
        }
    }

    @Test
    void failedFsyncAcknowledgesNothingAndLeavesTheSegment() throws Exception {
        it.mustStore(article(1, "spill.test"));
        files.failForce = true;
        var outcomes = new ArrayList<CompletableFuture<StoreOutcome>>();
        for (int n = 2; n <= 20; n++) {
            outcomes.add(it.spool.store(article(n, "spill.test")));
        }
        for (CompletableFuture<StoreOutcome> outcome : outcomes) {
            assertInstanceOf(StoreOutcome.Failed.class, outcome.get(20, TimeUnit.SECONDS));
        }
        requireReadable(1);
        assertEquals(1, it.spool.committed());
        files.failForce = false;
        for (int n = 2; n <= 20; n++) {
            it.mustStore(article(n, "spill.test"));
        }
        assertEquals(2, it.spool.stats().segments());
        it.reopen();
        requireNumbersRise(20);
    }

    @Test
    void tornOctetsThatCannotBeCutAreLeftBehind() throws Exception {
        it.mustStore(article(1, "spill.test"));
        files.space = 200;
        files.failTruncate = true;
        assertInstanceOf(StoreOutcome.NoSpace.class, it.store(article(2, "spill.test")));
        files.space = Long.MAX_VALUE;
        files.failTruncate = false;
        it.mustStore(article(2, "spill.test"));
        it.close();
        Folders.delete(dir.resolve("index"));
        it.open();
        requireNumbersRise(2);
    }

    @Test
    void duplicatesOfAnArticleThatFailsFailWithIt() throws Exception {
        files.failForce = true;
        var first = it.spool.store(article(1, "spill.test"));
        var second = it.spool.store(article(1, "spill.test"));
        assertInstanceOf(StoreOutcome.Failed.class, first.get(20, TimeUnit.SECONDS));
        assertInstanceOf(StoreOutcome.Failed.class, second.get(20, TimeUnit.SECONDS));
        files.failForce = false;
        it.mustStore(article(1, "spill.test"));
    }

    @Test
    void interruptedReaderDoesNotHarmOthers() throws Exception {
        for (int n = 1; n <= 20; n++) {
            it.mustStore(article(n, "spill.test"));
        }
        it.close();
        it.open();
        try (StoredArticle other = it.spool.open(id(2)).orElseThrow()) {
            FileChannel before = other.channel();
            Thread reader = Thread.ofPlatform().start(() -> {
                Thread.currentThread().interrupt();
                try (StoredArticle open = it.spool.open(id(1)).orElseThrow()) {
                    open.readAll();
                } catch (java.io.IOException expected) {
                    // It was interrupted.
                }
            });
            reader.join();
            assertEquals(wire(article(2, "spill.test"), "spill.test:2"),
                    text(other.readAll()));
            assertTrue(other.channel().isOpen());
            assertTrue(before != null);
        }
        requireNumbersRise(20);
        it.mustStore(article(21, "spill.test"));
    }

    @Test
    void interruptedQueryDoesNotHarmTheIndex() throws Exception {
        for (int n = 1; n <= 20; n++) {
            it.mustStore(article(n, "spill.test"));
        }
        it.reopen();
        Thread reader = Thread.ofPlatform().start(() -> {
            Thread.currentThread().interrupt();
            try {
                it.spool.overview("spill.test", 1, 20, 100);
            } catch (java.io.IOException allowed) {
                // It was interrupted.
            }
        });
        reader.join();
        assertEquals(20, it.spool.overview("spill.test", 1, 20, 100).size());
        it.mustStore(article(21, "spill.test"));
        it.reopen();
        requireNumbersRise(21);
    }

    @Test
    void indexThatBreaksWhileRunningIsOpenedAgainAndLosesNothing() throws Exception {
        for (int n = 1; n <= 20; n++) {
            it.mustStore(article(n, "spill.test"));
        }
        it.disk.indexer().index().discard();
        for (int n = 21; n <= 40; n++) {
            it.mustStore(article(n, "spill.test"));
        }
        await().until(() -> it.disk.indexer().flush());
        requireNumbersRise(40);
        it.reopen();
        requireNumbersRise(40);
        assertEquals(List.of(), it.spool.stats().damage());
    }

    @Test
    void indexWhoseFileIsRuinedWhileRunningIsMadeAnew() throws Exception {
        for (int n = 1; n <= 20; n++) {
            it.mustStore(article(n, "spill.test"));
        }
        it.spool.remove(id(5));
        it.disk.indexer().flush();
        it.disk.indexer().index().discard();
        Files.write(dir.resolve("index/spool.mv.db"), new byte[5000]);
        it.mustStore(article(21, "spill.test"));
        await().until(() -> it.disk.indexer().flush());
        assertEquals(20, it.spool.stats().articles());
        assertEquals(Presence.REMEMBERED, it.spool.presence(id(5)));
        it.reopen();
        assertEquals(Presence.REMEMBERED, it.spool.presence(id(5)));
        assertEquals(20, it.spool.overview("spill.test", 1, 100, 100).size());
    }

    /** As one does that is too large to be read through when it is opened. */
    private void withoutCheckingTheIndexAtOnce(Executable test) throws Throwable {
        String key = "spillway.index.checked-at-once";
        System.setProperty(key, "0");
        try {
            test.execute();
        } finally {
            System.clearProperty(key);
        }
    }

    /** Flips an octet in each block of a file but those that are read once and for all. */
    private void rot(String file) throws Exception {
        Path path = dir.resolve("index").resolve(file);
        for (long at = 2 * 4096; at < Files.size(path); at += 4096) {
            Folders.flip(path, at + 100);
        }
    }

    /** So many that tables and partitions are more than what is read when they are opened. */
    private void storeMany() throws Exception {
        for (int n = 1; n < MANY; n++) {
            it.spool.store(article(n, "spill.test"));
        }
        it.mustStore(article(MANY, "spill.test"));
        it.reopen();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void indexThatRotsWhileRunningIsMadeAnew(boolean readFirst) throws Throwable {
        withoutCheckingTheIndexAtOnce(() -> {
            storeMany();
            rot("spool.mv.db");
            int all = readFirst ? MANY : MANY + 1;
            if (!readFirst) {
                it.mustStore(article(all, "spill.test"));
            }
            await().atMost(SOON).ignoreExceptions().until(() ->
                    it.spool.overview("spill.test", 1, 2 * MANY, 2 * MANY).size() == all
                            && Files.exists(dir.resolve("index/spool.mv.db.damaged")));
            await().atMost(SOON).until(() -> it.spool.stats().trouble().isEmpty());
            it.reopen();
            assertFalse(Files.exists(dir.resolve("index/spool.mv.db.damaged")),
                    "nobody needs it any more");
            assertEquals(all, it.spool.stats().articles());
            requireReadable(all / 2);
            requireReadable(all);
        });
    }

    @Test
    void historyThatRotsSaysSoAndIsMadeAnewAtTheNextStart() throws Throwable {
        withoutCheckingTheIndexAtOnce(() -> {
            storeMany();
            rot("history.mv");
            for (int n = 1; n <= MANY; n++) {
                assertNotEquals(Presence.UNKNOWN, it.spool.presence(id(n)));
            }
            assertTrue(it.spool.stats().trouble().contains("history"), it.spool.stats()::toString);
            it.reopen();
            assertEquals("", it.spool.stats().trouble());
            for (int n = 1; n <= MANY; n++) {
                assertEquals(Presence.STORED, it.spool.presence(id(n)));
            }
        });
    }

    @Test
    void errorInTheProgramStopsStoringAndSaysSo() throws Exception {
        it.mustStore(article(1, "spill.test"));
        files.failure = new StackOverflowError("a test");
        assertInstanceOf(StoreOutcome.Failed.class, it.store(article(2, "spill.test")));
        files.failure = null;
        var later = assertInstanceOf(StoreOutcome.Failed.class,
                it.store(article(3, "spill.test")));
        assertTrue(later.why().contains("restarted"), later.why());
        assertEquals(later.why(), it.spool.stats().trouble());
        requireReadable(1);
        it.reopen();
        it.mustStore(article(2, "spill.test"));
        requireNumbersRise(2);
    }

    /** Else a power cut could bring back what peers and readers were told is gone. */
    @Test
    void segmentGoesOnlyWhenTheDiskHasWhatIsSaidOfItWhateverFsyncSays() throws Exception {
        it.close();
        it.with(new FsyncMode.Off()).with(3000, null, 0).open();
        for (int n = 1; n <= 60; n++) {
            it.mustStore(article(n, "spill.test"));
        }
        it.close();
        it.with(3000, null, 10_000).open();
        List<Path> before = Folders.segments(dir);
        files.failForce = true;
        assertThrows(IOException.class, () -> it.spool.expire(it.now));
        assertTrue(Folders.segments(dir).containsAll(before));
        files.failForce = false;
        it.spool.expire(it.now);
        assertFalse(Files.exists(before.getFirst()));
    }

    @Test
    void everyFolderThatIsMadeSurvivesAPowerCut() throws Exception {
        try (var deep = new SpoolHarness(dir.resolve("a/b/c"))) {
            deep.files = files;
            deep.open();
            assertTrue(files.forcedFolders.containsAll(List.of(dir, dir.resolve("a"),
                    dir.resolve("a/b"), dir.resolve("a/b/c"))), files.forcedFolders::toString);
        }
    }

    /** No block of it is damaged; opening it again would help as little as it did the first time. */
    @Test
    void indexThatOpensWellButCannotBeWrittenIsMadeAnew() throws Exception {
        it.mustStore(article(1, "spill.test"));
        assertTrue(it.disk.indexer().flush());
        try (Connection same = DriverManager.getConnection("jdbc:h2:guarded:retry:"
                + dir.resolve("index/spool"), "sa", ""); Statement sql = same.createStatement()) {
            sql.execute("DROP TABLE line");
        }
        it.mustStore(article(2, "spill.test"));
        await().atMost(SOON).ignoreExceptions().until(() ->
                it.spool.overview("spill.test", 1, 10, 10).size() == 2
                        && it.disk.indexer().flush());
        assertEquals("", it.spool.stats().trouble());
        requireNumbersRise(2);
    }

    /** What gives space back must not need more than the reserve. */
    @Test
    void expiryWorksWhenOnlyTheReserveIsLeft() throws Exception {
        it.close();
        it.with(3000, null, 10_000).open();
        for (int n = 1; n <= 60; n++) {
            it.mustStore(article(n, "spill.test"));
        }
        files.claimedSpace = 10 << 20;
        assertInstanceOf(StoreOutcome.NoSpace.class, it.store(article(61, "spill.test")));
        assertTrue(it.spool.expire(it.now).segments() > 0);
        requireReadable(60);
        assertEquals(Presence.REMEMBERED, it.spool.presence(id(1)));
        files.claimedSpace = 1L << 40;
        it.mustStore(article(61, "spill.test"));
    }

    private void requireReadable(int n) throws Exception {
        try (StoredArticle open = it.spool.open(id(n)).orElseThrow()) {
            assertEquals(wire(article(n, "spill.test"),
                    "spill.test:" + open.number("spill.test")), text(open.readAll()));
        }
    }

    private void requireNumbersRise(int articles) throws Exception {
        var numbers = new HashSet<Long>();
        for (int n = 1; n <= articles; n++) {
            requireReadable(n);
            try (StoredArticle open = it.spool.open(id(n)).orElseThrow()) {
                assertTrue(numbers.add(open.number("spill.test")));
                assertEquals(open.id(), it.spool.overview("spill.test",
                        open.number("spill.test"), open.number("spill.test"), 1)
                        .getFirst().id());
            }
        }
    }
}
