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

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import net.spillway.protocol.MessageId;
import net.spillway.spool.segment.SegmentFormatException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing acknowledged is lost, whatever happens to the process, the files or the index. */
class SpoolCrashTest {
    private static final long SEED = Long.getLong("spool.seed", System.nanoTime());

    @TempDir
    Path temp;
    private Path dir;
    private SpoolHarness it;

    @BeforeEach
    void openSpool() throws Exception {
        dir = temp.resolve("spool");
        it = new SpoolHarness(dir);
        it.open().createGroup("spill.test", 'y', "a test");
    }

    @AfterEach
    void closeSpool() throws Exception {
        it.close();
    }

    @Test
    void copyTakenWhileRunningHasEverythingAcknowledgedBefore() throws Exception {
        int stored = 0;
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 50; i++) {
                it.mustStore(article(++stored, "spill.test"));
            }
            it.spool.store(article(++stored, "spill.test"));
            Path copy = temp.resolve("copy" + round);
            Folders.copy(dir, copy);
            try (var other = new SpoolHarness(copy)) {
                other.open();
                requireAll(other, stored - 1);
                long next = other.mustStore(article(9999, "spill.test")).sequence();
                assertTrue(next == stored || next == stored + 1, "sequence " + next);
            }
        }
    }

    @Test
    void tornLastRecordIsCutAndEverythingBeforeItStays() throws Exception {
        for (int n = 1; n <= 20; n++) {
            it.mustStore(article(n, "spill.test"));
        }
        long before = it.spool.stats().bytes();
        it.mustStore(article(21, "spill.test"));
        long after = it.spool.stats().bytes();
        it.close();
        Folders.delete(dir.resolve("index"));
        var random = new Random(SEED);
        for (int i = 0; i < 8; i++) {
            Path copy = temp.resolve("torn" + i);
            Folders.copy(dir, copy);
            Folders.truncate(Folders.segments(copy).getFirst(),
                    before + random.nextLong(after - before));
            try (var other = new SpoolHarness(copy)) {
                other.open();
                requireAll(other, 20);
                assertEquals(Presence.UNKNOWN, other.spool.presence(id(21)));
                assertEquals(21, other.mustStore(article(21, "spill.test")).sequence());
                assertEquals(List.of(), other.spool.stats().damage());
            }
        }
    }

    @Test
    void damageBeforeForcedRecordsIsReportedAndCostsOneArticle() throws Exception {
        var places = new ArrayList<ArticleToken>();
        for (int n = 1; n <= 20; n++) {
            places.add(it.mustStore(article(n, "spill.test")).token());
        }
        it.close();
        Path segment = Folders.segments(dir).getFirst();
        Folders.flip(segment, places.get(9).offset() + 60);
        Folders.delete(dir.resolve("index"));
        it.open();
        List<String> damage = it.spool.stats().damage();
        assertEquals(1, damage.size(), damage::toString);
        assertTrue(damage.getFirst().contains(segment.getFileName().toString()));
        assertTrue(damage.getFirst().contains(" " + places.get(9).offset() + " "));
        assertEquals(19, it.spool.stats().articles());
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(10)));
        assertEquals(wire(article(20, "spill.test"), "spill.test:20"), read(it, 20));
        assertEquals(21, it.mustStore(article(10, "spill.test")).sequence());
        assertEquals(wire(article(10, "spill.test"), "spill.test:21"), read(it, 10));
    }

    @Test
    void damagedRecordThatTheIndexKnowsIsNotServed() throws Exception {
        ArticleToken place = it.mustStore(article(1, "spill.test")).token();
        it.mustStore(article(2, "spill.test"));
        it.close();
        Folders.flip(Folders.segments(dir).getFirst(), place.offset());
        it.open();
        assertTrue(it.spool.open(id(1)).isEmpty());
        assertTrue(it.spool.open("spill.test", 1).isEmpty());
        assertEquals(wire(article(2, "spill.test"), "spill.test:2"), read(it, 2));
        await().atMost(Duration.ofMinutes(1)).until(() -> it.spool.presence(id(1)) == Presence.UNKNOWN);
        var wanted = new ArrayList<MessageId>();
        it.spool.onDamage(wanted::add);
        assertEquals(List.of(id(1)), wanted, "told to who listens first, though it came before");
        assertEquals(3, it.mustStore(article(1, "spill.test")).numbers().get("spill.test"));
    }

    @Test
    void deletedIndexIsMadeAnew() throws Exception {
        fillAndRemove();
        Folders.delete(dir.resolve("index"));
        it.open();
        requireFilled();
    }

    @Test
    void garbageInTheIndexIsSetAsideAndTheIndexMadeAnew() throws Exception {
        fillAndRemove();
        var random = new Random(SEED);
        for (String file : List.of("spool.mv.db", "history.mv")) {
            Path path = dir.resolve("index").resolve(file);
            byte[] garbage = new byte[20_000];
            random.nextBytes(garbage);
            Files.write(path, garbage);
            it.open();
            requireFilled();
            assertTrue(Files.exists(path.resolveSibling(file + ".damaged")));
            it.close();
        }
        Files.write(dir.resolve("index/spool.mv.db"), new byte[0]);
        it.open();
        requireFilled();
    }

    @Test
    void oneHalfOfTheIndexAloneIsNotTrusted() throws Exception {
        fillAndRemove();
        Files.delete(dir.resolve("index/history.mv"));
        it.open();
        requireFilled();
        it.close();
        Files.delete(dir.resolve("index/spool.mv.db"));
        it.open();
        requireFilled();
    }

    @Test
    void indexOfAnotherSpoolIsNotTrusted() throws Exception {
        fillAndRemove();
        try (var other = new SpoolHarness(temp.resolve("other"))) {
            other.open().createGroup("spill.foreign", 'y', "");
            other.mustStore(article(500, "spill.foreign"));
        }
        Folders.delete(dir.resolve("index"));
        Folders.copy(temp.resolve("other/index"), dir.resolve("index"));
        it.open();
        requireFilled();
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(500)));
        assertTrue(it.spool.group("spill.foreign").isEmpty());
    }

    @Test
    void olderIndexIsBroughtUp() throws Exception {
        it.mustStore(article(1, "spill.test"));
        it.close();
        Folders.copy(dir.resolve("index"), temp.resolve("old"));
        it.open();
        fillAndRemove();
        Folders.delete(dir.resolve("index"));
        Folders.copy(temp.resolve("old"), dir.resolve("index"));
        it.open();
        requireFilled();
    }

    @Test
    void indexAheadOfTheLogIsMadeAnew() throws Exception {
        for (int n = 1; n <= 5; n++) {
            it.mustStore(article(n, "spill.test"));
        }
        long bytes = it.spool.stats().bytes();
        for (int n = 6; n <= 10; n++) {
            it.mustStore(article(n, "spill.test"));
        }
        it.close();
        Folders.truncate(Folders.segments(dir).getFirst(), bytes);
        it.open();
        requireAll(it, 5);
        assertEquals(Presence.UNKNOWN, it.spool.presence(id(7)));
        assertEquals(6, it.mustStore(article(7, "spill.test")).sequence());
    }

    @Test
    void rebuildTellsProgressAndRefusesARunningSpool() throws Exception {
        assertThrows(SpoolLockedException.class,
                () -> SpoolRebuild.rebuild(it.config, ProgressCallback.NONE));
        fillAndRemove();
        var seen = new ArrayList<Long>();
        assertEquals(List.of(), SpoolRebuild.rebuild(it.config,
                (articles, bytes, total) -> seen.add(articles), it.clock));
        assertEquals(90, seen.getLast(), "what is in the index, without what was removed");
        it.open();
        requireFilled();
    }

    @Test
    void newerFormatIsRefusedByNameAndLeftAlone() throws Exception {
        it.mustStore(article(1, "spill.test"));
        it.close();
        Path segment = Folders.segments(dir).getFirst();
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            ByteBuffer header = ByteBuffer.allocate(64);
            FileChannel.open(segment).read(header, 0);
            header.putInt(8, 7);
            var crc = new CRC32C();
            crc.update(header.array(), 0, 60);
            channel.write(header.putInt(60, (int) crc.getValue()).rewind(), 0);
        }
        byte[] before = Files.readAllBytes(segment);
        var refused = assertThrows(SegmentFormatException.class, it::open);
        assertTrue(refused.getMessage().contains("format 7"), refused.getMessage());
        assertTrue(refused.getMessage().contains(segment.toString()));
        assertEquals(text(before), text(Files.readAllBytes(segment)));
    }

    @Test
    void whatIsNoSegmentIsKeptAsideAndDoesNotStopTheStart() throws Exception {
        it.mustStore(article(1, "spill.test"));
        it.close();
        Path segment = Folders.segments(dir).getFirst();
        Files.write(segment, "not a segment, but long enough to be read as a header".repeat(3)
                .getBytes("US-ASCII"));
        it.open();
        assertTrue(it.spool.stats().damage().getFirst().contains(segment.toString()));
        assertTrue(Files.exists(segment.resolveSibling(segment.getFileName() + ".damaged")));
        await().atMost(Duration.ofMinutes(1)).until(() -> it.spool.presence(id(1)) == Presence.UNKNOWN);
        assertEquals(2, it.mustStore(article(1, "spill.test")).numbers().get("spill.test"));
    }

    @Test
    void segmentsThatAreNotMountedAreNotTakenForANewSpool() throws Exception {
        it.mustStore(article(1, "spill.test"));
        it.close();
        Files.move(dir.resolve("segments"), temp.resolve("unmounted"));
        for (int i = 0; i < 2; i++) {
            var refused = assertThrows(java.io.IOException.class, it::open);
            assertTrue(refused.getMessage().contains("mounted"), refused.getMessage());
            assertThrows(java.io.IOException.class,
                    () -> SpoolRebuild.rebuild(it.config, ProgressCallback.NONE));
        }
        Files.delete(dir.resolve("segments"));
        Files.move(temp.resolve("unmounted"), dir.resolve("segments"));
        it.open();
        requireAll(it, 1);
        assertEquals(2, it.mustStore(article(2, "spill.test")).numbers().get("spill.test"));
    }

    @Test
    void segmentThatWasBeingMadeWhenThePowerFailedIsDropped() throws Exception {
        it.mustStore(article(1, "spill.test"));
        it.close();
        for (int length : new int[] {0, 10, 64}) {
            Files.write(dir.resolve("segments/00000002.seg"), new byte[length]);
            it.open();
            requireAll(it, 1);
            it.close();
        }
    }

    @Test
    void powerCutsLoseNothingAcknowledged() throws Exception {
        var random = new Random(SEED);
        for (int round = 0; round < 12; round++) {
            Path folder = temp.resolve("power" + round);
            var faulty = new FaultyFiles();
            int acknowledged = 0;
            try (var running = new SpoolHarness(folder).with(20_000, null, 0)) {
                running.files = faulty;
                running.open().createGroup("spill.test", 'y', "");
                var outcomes = new ArrayList<CompletableFuture<StoreOutcome>>();
                for (int n = 1; n <= 20 + random.nextInt(60); n++) {
                    outcomes.add(running.spool.store(article(n, "spill.test")));
                }
                acknowledged = random.nextInt(outcomes.size());
                if (acknowledged > 0) {
                    outcomes.get(acknowledged - 1).get(20, TimeUnit.SECONDS);
                }
                Path snapshot = temp.resolve("cut" + round);
                Folders.copy(folder.resolve("segments"), snapshot.resolve("segments"));
                faulty.losePower(snapshot.resolve("segments"), random);
                try (var after = new SpoolHarness(snapshot)) {
                    after.open();
                    requireAll(after, acknowledged);
                    after.mustStore(article(9999, "spill.test"));
                    assertEquals(List.of(), after.spool.stats().damage(), "seed " + SEED);
                }
            }
        }
    }

    @Test
    void killedProcessesLoseNothingAcknowledged() throws Exception {
        it.close();
        var random = new Random(SEED);
        var acknowledged = new ArrayList<String>();
        for (int round = 0; round < 4; round++) {
            Process child = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
                    "-cp", System.getProperty("java.class.path"),
                    StoringChild.class.getName(), dir.toString(), "r" + round)
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (var lines = child.inputReader()) {
                int wanted = 20 + random.nextInt(400);
                for (int i = 0; i < wanted; i++) {
                    acknowledged.add(lines.readLine());
                }
                child.toHandle().destroyForcibly(); // Unlike Process, leaves the pipe open.
                // What it could still say before it died was acknowledged too.
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.endsWith(";")) {
                        acknowledged.add(line);
                    }
                }
            } finally {
                child.destroyForcibly().waitFor();
            }
        }
        it.open();
        var numbers = new java.util.HashSet<String>();
        for (String line : acknowledged) {
            String[] words = line.replace(";", "").split(" ");
            assertTrue(numbers.add(words[1]), "number given twice: " + line);
            var id = net.spillway.protocol.MessageId.of(words[0]);
            try (StoredArticle open = it.spool.open(id).orElseThrow()) {
                assertEquals(Long.parseLong(words[1]), open.number("spill.test"));
                assertEquals(wire(StoringChild.article(words[0]), "spill.test:" + words[1]),
                        text(open.readAll()));
            }
            try (StoredArticle open = it.spool.open("spill.test",
                    Long.parseLong(words[1])).orElseThrow()) {
                assertEquals(id, open.id());
            }
        }
    }

    private void fillAndRemove() throws Exception {
        var outcomes = new ArrayList<CompletableFuture<StoreOutcome>>();
        for (int n = 1; n <= 100; n++) {
            outcomes.add(it.spool.store(article(n, "spill.test")));
        }
        for (int n = 1; n <= 100; n++) {
            outcomes.get(n - 1).get(20, TimeUnit.SECONDS);
        }
        for (int n = 91; n <= 100; n++) {
            assertTrue(it.spool.remove(id(n)));
        }
        it.spool.remember(id(777));
        it.spool.saveFeedPosition("b", new FeedPosition(50, new long[] {7}));
        it.close();
    }

    private void requireFilled() throws Exception {
        requireAll(it, 90);
        Newsgroup group = it.spool.group("spill.test").orElseThrow();
        assertEquals(List.of(1L, 100L, 90L), List.of(group.low(), group.high(), group.count()));
        assertEquals(90, it.spool.log(0, 1000).size());
        assertEquals(new FeedPosition(50, new long[] {7}), it.spool.feedPosition("b"));
        for (int n : new int[] {91, 100, 777}) {
            assertEquals(Presence.REMEMBERED, it.spool.presence(id(n)));
            assertTrue(it.spool.open(id(n)).isEmpty());
        }
        assertFalse(it.spool.overview("spill.test", 1, 1000, 1000).isEmpty());
        assertInstanceOf(StoreOutcome.Duplicate.class, it.store(article(95, "spill.test")));
        assertEquals(100, it.spool.committed());
    }

    private static void requireAll(SpoolHarness in, int count) throws Exception {
        for (int n = 1; n <= count; n++) {
            assertEquals(wire(article(n, "spill.test"), "spill.test:" + n), read(in, n),
                    "seed " + SEED);
        }
    }

    private static String read(SpoolHarness in, int n) throws Exception {
        try (StoredArticle open = in.spool.open(id(n)).orElseThrow(() ->
                new AssertionError("article " + n + " is lost, seed " + SEED))) {
            return text(open.readAll());
        }
    }
}
