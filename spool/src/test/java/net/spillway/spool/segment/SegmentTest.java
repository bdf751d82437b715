package net.spillway.spool.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.spillway.conf.StorageConfig;
import net.spillway.spool.file.DiskFiles;
import net.spillway.spool.file.FileLayer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of segments: what was written is read, and nothing else is believed. */
class SegmentTest {
    private static final IdHash HASH = new IdHash(1, 2);
    private static final long SEED = Long.getLong("spool.seed", System.nanoTime());
    private static final UUID SPOOL = new UUID(1, 2);

    @TempDir
    Path folder;
    private final FileLayer files = new DiskFiles();
    private final List<String> damage = new ArrayList<>();
    private Path path;
    private SegmentAppender appender;

    @BeforeEach
    void begin() throws IOException {
        path = folder.resolve("00000001.seg");
        appender = SegmentAppender.create(files, path,
                new SegmentHeader(1, 1, 1000, SPOOL, 0x1234567890ABCDEFL),
                List.of(new LogRecord.Group("a.b", 'y', "ä group", 7, 0)));
    }

    @Test
    void everyKindOfRecordComesBack() throws IOException {
        var id = new IdHash(-5, 6);
        List<LogRecord> notes = List.of(
                new LogRecord.Group("a.b", 'm', "", 8, 99),
                new LogRecord.Tombstone(id, 3, 555),
                new LogRecord.Remembered(List.of(new LogRecord.Known(id, 1),
                        new LogRecord.Known(new IdHash(0, 0), 2))),
                new LogRecord.Dropped(4), new LogRecord.Begun(5, "big"),
                new LogRecord.Ceiling("a.b", 1000));
        for (LogRecord note : notes) {
            appender.append(note, 0, 555);
        }
        appender.append(new LogRecord.Feed("peer", 17, new long[] {1, 2}), 0, 0);
        store(1, 100);
        appender.seal(1, 2000);
        List<LogRecord> read = records();
        assertEquals(notes, read.subList(1, 7));
        var feed = assertInstanceOf(LogRecord.Feed.class, read.get(7));
        assertArrayEquals(new long[] {1, 2}, feed.deferred());
        assertEquals(article(1, 100), read.get(8));
        assertEquals(new LogRecord.Footer(new SegmentSummary(1, 1, 1, 10, 10)), read.get(9));
        try (SegmentStore store = SegmentStore.open(files, folder, damage)) {
            SegmentFile file = store.get(1).orElseThrow();
            assertTrue(file.isSealed());
            assertEquals(new SegmentSummary(1, 1, 1, 10, 10), file.summary());
        }
    }

    @Test
    void footerSaysWhatMustBeKnownOfASegmentThatGoes() throws IOException {
        var known = new LogRecord.Known(HASH, 10);
        store(1, 100);
        long note = appender.position();
        appender.append(new LogRecord.Tombstone(HASH, 1, 5), 1, 5);
        long end = appender.position();
        SegmentSummary summary = appender.summary();
        store(2, 100);
        appender.append(new LogRecord.Remembered(List.of(known)), 2, 5);
        appender.rollBack(end, summary);
        appender.seal(1, 2000);
        try (SegmentStore store = SegmentStore.open(files, folder, damage)) {
            assertEquals(new SegmentContents(List.of(known), List.of(note)),
                    SegmentContents.read(store.get(1).orElseThrow()).orElseThrow());
        }
        byte[] whole = Files.readAllBytes(path);
        whole[whole.length - 30] ^= 1;
        Files.write(path, whole);
        try (SegmentStore store = SegmentStore.open(files, folder, damage)) {
            assertThrows(SegmentDamagedException.class,
                    () -> SegmentContents.read(store.get(1).orElseThrow()));
        }
    }

    @Test
    void segmentThatWasOpenOverARestartHasNoContents() throws IOException {
        store(1, 100);
        appender.force();
        SegmentSummary summary = appender.summary();
        long length = appender.position();
        SegmentHeader header = appender.header();
        appender.close();
        appender = SegmentAppender.resume(files, new SegmentFile(files,
                StorageConfig.DEFAULT, path, header, length, false, summary));
        store(2, 100);
        appender.seal(2, 2000);
        try (SegmentStore store = SegmentStore.open(files, folder, damage)) {
            SegmentFile file = store.get(1).orElseThrow();
            assertEquals(2, file.summary().articles());
            assertTrue(SegmentContents.read(file).isEmpty());
        }
    }

    @Test
    void bodiesLargerThanAnyBufferComeBack() throws IOException {
        long offset = store(1, 3 << 20);
        store(2, 10);
        appender.force();
        try (SegmentStore store = SegmentStore.open(files, folder, damage)) {
            TailRepair repair = TailRepair.repair(files, store.get(1).orElseThrow(), 0);
            assertEquals(0, repair.cut());
            ArticleReader reader = store.open(1, offset).orElseThrow();
            assertArrayEquals(body(1, 3 << 20), reader.read(3 << 20));
            reader.release();
            assertTrue(store.open(1, offset + 1).isEmpty());
            assertTrue(store.open(1, 64).isEmpty());
            assertTrue(store.open(1, 1L << 39).isEmpty());
            assertTrue(store.open(2, offset).isEmpty());
        }
    }

    @Test
    void tornLastRecordIsCutAtEveryOctet() throws IOException {
        store(1, 50);
        appender.force();
        long offset = store(2, 60);
        appender.force();
        appender.close();
        byte[] whole = Files.readAllBytes(path);
        for (int length = (int) offset; length < whole.length; length++) {
            Files.write(path, java.util.Arrays.copyOf(whole, length));
            assertEquals(offset, repaired(), "length " + length);
        }
        for (int at = (int) offset; at < whole.length; at++) {
            byte[] torn = whole.clone();
            torn[at] ^= 0x41;
            Files.write(path, torn);
            // The three octets that are always zero are covered by the CRC too.
            assertEquals(offset, repaired(), "octet " + at);
        }
        Files.write(path, whole);
        assertEquals(whole.length, repaired());
    }

    @Test
    void anOctetThatChangesBeforeForcedRecordsIsDamageAndNothingIsCut() throws IOException {
        store(1, 50);
        appender.force();
        long second = store(2, 60);
        appender.force();
        long third = store(3, 70);
        appender.force();
        appender.close();
        byte[] whole = Files.readAllBytes(path);
        for (int at = (int) second; at < third; at++) {
            byte[] rotten = whole.clone();
            rotten[at] ^= 0x10;
            Files.write(path, rotten);
            assertEquals(whole.length, repaired(), "octet " + at);
            var found = steps(0).stream().filter(s -> s instanceof SegmentScanner.Damage)
                    .map(s -> (SegmentScanner.Damage) s).toList();
            assertEquals(1, found.size());
            assertEquals(second, found.getFirst().offset());
            assertEquals(third, found.getFirst().end());
        }
    }

    @Test
    void unforcedRecordsBehindATornOneAreCutWithIt() throws IOException {
        store(1, 50);
        appender.force();
        long second = store(2, 60);
        store(3, 70);
        appender.force();
        appender.close();
        byte[] whole = Files.readAllBytes(path);
        whole[(int) second + 55] ^= 1;
        Files.write(path, whole);
        assertEquals(second, repaired());
    }

    @Test
    void recordInsideAnArticleIsNeverTakenForOne() throws IOException {
        store(1, 50);
        appender.force();
        byte[] real = Files.readAllBytes(path);
        long offset = appender.position();
        // An article that quotes a whole good record of another segment, with another salt.
        Path other = folder.resolve("other");
        try (SegmentAppender foreign = SegmentAppender.create(files, other,
                new SegmentHeader(9, 1, 1000, SPOOL, 42), List.of())) {
            foreign.append(article(7, 30), HASH, List.of(Piece.of(body(7, 30))));
            foreign.force();
        }
        byte[] quoted = Files.readAllBytes(other);
        appender.append(article(2, quoted.length), HASH, List.of(Piece.of(quoted)));
        appender.force();
        long third = store(3, 10);
        appender.force();
        appender.close();
        byte[] whole = Files.readAllBytes(path);
        whole[(int) offset] ^= 1;
        Files.write(path, whole);
        List<SegmentScanner.Step> steps = steps(real.length);
        assertEquals(third, ((SegmentScanner.Damage) steps.getFirst()).end());
    }

    @Test
    void noiseIsDamageAndCostsNoMemory() throws IOException {
        var random = new Random(SEED);
        byte[] header = java.util.Arrays.copyOf(Files.readAllBytes(path), 64);
        for (int round = 0; round < 50; round++) {
            ByteBuffer noise = ByteBuffer.allocate(64 + random.nextInt(5000));
            random.nextBytes(noise.array());
            noise.put(header);
            while (noise.remaining() >= 48) {
                // Heads with the right magic and lengths of every size.
                noise.putInt(SegmentFormat.RECORD_MAGIC).putInt(random.nextInt(9) << 24)
                        .putInt(random.nextInt() >>> random.nextInt(32))
                        .putInt(random.nextInt() >>> random.nextInt(32))
                        .position(noise.position() + random.nextInt(32));
            }
            Files.write(path, noise.array());
            List<SegmentScanner.Step> steps = steps(64);
            assertTrue(steps.size() <= 2, "seed " + SEED);
            assertEquals(64, repaired(), "seed " + SEED);
        }
    }

    @Test
    void countsInAGoodRecordAreNotBelieved() {
        ByteBuffer meta = ByteBuffer.allocate(20).putInt(Integer.MAX_VALUE).rewind();
        for (byte type : new byte[] {RecordType.REMEMBERED, RecordType.FEED,
            RecordType.ARTICLE, RecordType.GROUP, 77}) {
            var head = new RecordHead(type, 20, 0, 1, 1, 0, 0, 0);
            assertTrue(MetaReader.decode(head, meta.duplicate()).isEmpty());
        }
    }

    @Test
    void segmentsOfAnotherSpoolAreRefused() throws IOException {
        appender.close();
        SegmentAppender.create(files, folder.resolve("00000002.seg"),
                new SegmentHeader(2, 1, 1000, new UUID(3, 4), 5), List.of()).close();
        var refused = org.junit.jupiter.api.Assertions.assertThrows(SegmentFormatException.class,
                () -> SegmentStore.open(files, folder, damage));
        assertTrue(refused.getMessage().contains("another spool"));
    }

    @Test
    void segmentWithoutAGoodHeaderIsKeptAsideAndReported() throws IOException {
        store(1, 50);
        appender.seal(1, 1);
        appender.close();
        SegmentAppender.create(files, folder.resolve("00000002.seg"),
                new SegmentHeader(2, 2, 1000, SPOOL, 5), List.of()).close();
        byte[] whole = Files.readAllBytes(path);
        whole[20] ^= 1;
        whole[30] ^= 1;
        Files.write(path, whole);
        try (SegmentStore store = SegmentStore.open(files, folder, damage)) {
            assertEquals(1, damage.size());
            assertTrue(damage.getFirst().contains("00000001.seg is damaged at 0"),
                    damage::toString);
            assertTrue(Files.exists(folder.resolve("00000001.seg.damaged")));
            assertTrue(store.get(1).isEmpty());
        }
    }

    @Test
    void littleThatIsForcedAgainAndAgainSeldomMakesTheFileLonger() throws IOException {
        Set<Long> lengths = new HashSet<>();
        for (int i = 1; i <= 200; i++) {
            store(i, 100);
            appender.forceOnTheWay();
            lengths.add(Files.size(path));
        }
        assertEquals(1, lengths.size());
        long end = appender.position();
        assertTrue(Files.size(path) > end);
        SegmentSummary summary = appender.summary();
        store(201, 100);
        appender.rollBack(end, summary);
        assertEquals(end, Files.size(path));
        appender.forceOnTheWay();
        assertEquals(end, Files.size(path));
        store(201, 100);
        appender.forceOnTheWay();
        appender.seal(201, 2000);
        assertEquals(appender.position(), Files.size(path));
        assertEquals(203, records().size()); // The checkpoint and the footer, too.
    }

    @Test
    void zerosThatWereWrittenAheadAreNoLoss() throws IOException {
        store(1, 100);
        appender.forceOnTheWay();
        long end = appender.position();
        appender.close();
        assertTrue(Files.size(path) > end);
        try (SegmentStore store = SegmentStore.open(files, folder, damage)) {
            TailRepair repair = TailRepair.repair(files, store.get(1).orElseThrow(), 0);
            assertTrue(repair.blank());
            assertEquals(end, repair.length());
            assertEquals(end, Files.size(path));
            assertEquals(1, repair.summary().articles());
        }
        Files.write(path, new byte[] {0, 0, 1}, StandardOpenOption.APPEND);
        try (SegmentStore store = SegmentStore.open(files, folder, damage)) {
            TailRepair repair = TailRepair.repair(files, store.get(1).orElseThrow(), 0);
            assertFalse(repair.blank());
            assertEquals(end, Files.size(path));
        }
    }

    @Test
    void segmentMayLoseItsZerosWhileItIsRead() throws IOException {
        for (boolean sealed : new boolean[] {false, true}) {
            store(1, 100);
            appender.forceOnTheWay();
            long end = appender.position();
            try (FileChannel channel = files.read(path)) {
                var scanner = new SegmentScanner(channel, appender.header(),
                        SegmentFormat.HEADER_OCTETS, 0);
                assertInstanceOf(SegmentScanner.Found.class, scanner.next());
                if (sealed) {
                    appender.seal(1, 2000);
                } else {
                    appender.finish();
                }
                SegmentScanner.Step step = scanner.next();
                for (; step instanceof SegmentScanner.Found; step = scanner.next()) {
                    continue;
                }
                assertEquals(new SegmentScanner.End(sealed ? appender.position() : end), step);
            }
        }
    }

    @Test
    void zerosThatWereReadAheadAreNoDamageOnceRecordsStandThere() throws IOException {
        store(1, 100);
        appender.forceOnTheWay();
        long length = Files.size(path);
        try (FileChannel channel = files.read(path)) {
            var scanner = new SegmentScanner(channel, appender.header(),
                    SegmentFormat.HEADER_OCTETS, 0);
            assertInstanceOf(SegmentScanner.Found.class, scanner.next());
            int last = 1;
            for (; appender.position() < length; last++) {
                store(last + 1, 10_000);
            }
            appender.flush();
            for (int n = 1; n < last; n++) {
                var found = assertInstanceOf(SegmentScanner.Found.class, scanner.next());
                assertEquals(n, found.sequence());
            }
        }
    }

    @Test
    void anySingleBitOfAHeaderMayFlip() throws IOException {
        SegmentHeader header = appender.header();
        appender.close();
        byte[] whole = Files.readAllBytes(path);
        for (int bit = 0; bit < 8 * SegmentFormat.HEADER_OCTETS; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(path, flipped);
            try (FileChannel channel = files.read(path)) {
                assertEquals(header, SegmentHeader.read(path, channel));
            }
        }
    }

    private long repaired() throws IOException {
        try (SegmentStore store = SegmentStore.open(files, folder, damage)) {
            TailRepair repair = TailRepair.repair(files, store.get(1).orElseThrow(), 0);
            assertEquals(repair.length(), Files.size(path));
            return repair.length();
        }
    }

    private List<LogRecord> records() throws IOException {
        var records = new ArrayList<LogRecord>();
        for (SegmentScanner.Step step : steps(SegmentFormat.HEADER_OCTETS)) {
            records.add(assertInstanceOf(SegmentScanner.Found.class, step).record());
        }
        return records;
    }

    private List<SegmentScanner.Step> steps(long from) throws IOException {
        try (FileChannel channel = files.read(path)) {
            SegmentHeader header = SegmentHeader.read(path, channel);
            var scanner = new SegmentScanner(channel, header,
                    Math.max(from, SegmentFormat.HEADER_OCTETS), 0);
            var steps = new ArrayList<SegmentScanner.Step>();
            for (var step = scanner.next(); !(step instanceof SegmentScanner.End);
                    step = scanner.next()) {
                steps.add(step);
            }
            return steps;
        }
    }

    private long store(int n, int octets) throws IOException {
        return appender.append(article(n, octets), HASH, List.of(Piece.of(body(n, octets))));
    }

    private static LogRecord.Article article(int n, int octets) {
        return new LogRecord.Article(n, 10L * n, "<" + n + "@x.example>", "peer", 12, 5, 1,
                octets, List.of(new LogRecord.Filed("a.b", n)), octets);
    }

    private static byte[] body(int n, int octets) {
        byte[] body = new byte[octets];
        new Random(n).nextBytes(body);
        System.arraycopy("SPLR".getBytes(StandardCharsets.US_ASCII), 0, body, octets / 2, 4);
        return body;
    }
}
