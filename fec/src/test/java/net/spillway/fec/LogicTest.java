package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import net.spillway.fec.VolumeLayout.Volume;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.SliceChecksum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decisions that look at no data: plans, layouts, names, sizes. */
class LogicTest {
    @TempDir Path folder;

    private static BitSet first(int n) {
        BitSet bits = new BitSet();
        bits.set(0, n);
        return bits;
    }

    @Test
    void planCountsMissingSlicesAgainstDifferentRecoverySlices() {
        assertEquals(new RecoveryPlan.Whole(), RecoveryPlan.of(5, first(5), List.of()));
        assertEquals(
                new RecoveryPlan.Repairable(List.of(3, 4), List.of(1, 7, 9)),
                RecoveryPlan.of(5, first(3), List.of(9, 1, 7, 7)));
        var lacking = new RecoveryPlan.Lacking(3, 2);
        assertEquals(lacking, RecoveryPlan.of(5, first(2), List.of(4, 4, 2)));
        assertEquals(1, lacking.lacking());
    }

    @Test
    void volumesGrowAsThoseOfPar2cmdline() {
        assertEquals(
                List.of(new Volume(0, 1), new Volume(1, 2), new Volume(3, 4), new Volume(7, 3)),
                new VolumeLayout.Exponential().volumes(0, 10));
        assertEquals(
                List.of(new Volume(5, 2), new Volume(7, 4), new Volume(11, 4)),
                new VolumeLayout.ExponentialIn(3).volumes(5, 10));
        assertEquals(
                List.of(new Volume(0, 4), new Volume(4, 3), new Volume(7, 3)),
                new VolumeLayout.Uniform(3).volumes(0, 10));
        assertEquals(
                List.of(new Volume(0, 1), new Volume(1, 2), new Volume(3, 3), new Volume(6, 3)),
                new VolumeLayout.Limited(3).volumes(0, 9));
        assertEquals(List.of(), new VolumeLayout.Exponential().volumes(0, 0));
        assertThrows(
                IllegalArgumentException.class, () -> new VolumeLayout.Uniform(4).volumes(0, 3));
        assertThrows(
                IllegalArgumentException.class, () -> new VolumeLayout.Limited(0).volumes(0, 3));
    }

    @Test
    void volumeNamesAreAsWideAsTheirLargestNumbers() {
        assertEquals("a.vol07+3.par2", VolumeNames.volume("a", new Volume(7, 3), 10, 4));
        assertEquals("a.vol003+04.par2", VolumeNames.volume("a", new Volume(3, 4), 100, 37));
        assertEquals("a.b", VolumeNames.stem("a.b.vol003+04.PAR2"));
        assertEquals("a.b", VolumeNames.stem("a.b.par2"));
        assertEquals("a.b", VolumeNames.stem("a.b"));
    }

    @Test
    void layoutOrdersFilesByIdAndCountsSlices() throws Exception {
        Hash16 low = new Hash16(5, 1);
        Hash16 high = new Hash16(1, -1);
        Par2Layout layout =
                Par2Layout.of(
                        400,
                        List.of(new Par2Layout.Item(high, 401), new Par2Layout.Item(low, 1200)));
        assertEquals(0, layout.firstSlice(low));
        assertEquals(3, layout.firstSlice(high));
        assertEquals(5, layout.sliceCount());
    }

    @Test
    void setsOfTooManySlicesAreRefused() {
        for (long length : new long[] {32768 * 4L + 1, 1L << 40, Long.MAX_VALUE}) {
            var e =
                    assertThrows(
                            Par2Exception.class,
                            () ->
                                    Par2Layout.of(
                                            4,
                                            List.of(
                                                    new Par2Layout.Item(
                                                            new Hash16(1, 1), length),
                                                    new Par2Layout.Item(
                                                            new Hash16(2, 2), length))));
            assertEquals(Par2Exception.Kind.IMPOSSIBLE, e.kind());
        }
    }

    @Test
    void sliceSizeIsTheSmallestThatKeepsToTheCount() throws Exception {
        assertEquals(100, SliceSizes.forCount(List.of(1000L, 0L), 10));
        assertEquals(104, SliceSizes.forCount(List.of(1001L), 10));
        assertEquals(4, SliceSizes.forCount(List.of(3L, 4L), 2000));
        List<Long> lengths = List.of(12_345L, 999L, 77L, 4_000_001L);
        long size = SliceSizes.forCount(lengths, 500);
        assertTrue(SliceSizes.slices(lengths, size) <= 500);
        assertTrue(SliceSizes.slices(lengths, size - 4) > 500);
        assertThrows(Par2Exception.class, () -> SliceSizes.forCount(List.of(1L, 1L), 1));
        assertThrows(Par2Exception.class, () -> SliceSizes.forCount(List.of(1L << 50), 9));
    }

    @Test
    void moreFilesThanTheUsualNumberOfSlicesGetTwoEach() {
        assertEquals(2000, SliceSizes.usualCount(lengths(2000)));
        assertEquals(4002, SliceSizes.usualCount(lengths(2001)));
        assertEquals(32_768, SliceSizes.usualCount(lengths(30_000)));
    }

    @Test
    void smallFilesAreCutIntoFewerSlicesThatAreNotTiny() {
        assertEquals(20, SliceSizes.usualCount(List.of(5L)));
        assertEquals(20, SliceSizes.usualCount(List.of(300_000L)));
        assertEquals(320, SliceSizes.usualCount(List.of(5L << 20)));
        assertEquals(2000, SliceSizes.usualCount(List.of(32L << 20)));
        assertEquals(2000, SliceSizes.usualCount(List.of(1L << 40)));
        assertEquals(300, SliceSizes.usualCount(lengths(150)));
    }

    /** Of so many files, and as many empty ones. */
    private static List<Long> lengths(int files) {
        return LongStream.range(0, 2L * files).mapToObj(i -> i % 2).toList();
    }

    @Test
    void recoverySlicesInPerCentAreOneAtLeast() {
        assertEquals(0, Par2Creator.recoverySlices(1000, 0));
        assertEquals(1, Par2Creator.recoverySlices(3, 1));
        assertEquals(75, Par2Creator.recoverySlices(1000, 7.5));
        assertEquals(327_680, Par2Creator.recoverySlices(32_768, 1000));
    }

    @Test
    void diskThatIsTooFullIsToldWithBothNumbers() throws Exception {
        DiskSpace.require(folder, 1000, 1000, () -> false);
        DiskSpace.require(folder, 1000, 0, () -> false);
        var e = assertThrows(FileSystemException.class,
                () -> DiskSpace.require(folder, 1000, 999, () -> false));
        assertEquals(
                folder + ": the disk is too full: 1,000 bytes are needed, 999 are free",
                e.getMessage());
    }

    /** Who makes room there gains nothing. */
    @Test
    void fileSystemThatCannotBeWrittenIsNotCalledTooFull() throws Exception {
        DiskSpace.require(folder, 1000, 1000, () -> true);
        var e = assertThrows(FileSystemException.class,
                () -> DiskSpace.require(folder, 1000, 999, () -> true));
        assertEquals(folder + ": the file system is read-only", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/etc/passwd", "../x", "a/../../x", "a/..", ".", "./a", "a//b", "a/", "a\\b",
                "..\\x", "C:x", "c:/x", "a\0b", "\\\\server\\x"
            })
    void namesThatLeadElsewhereAreRefused(String name) {
        var e = assertThrows(Par2Exception.class, () -> SafeNames.resolve(folder, name));
        assertEquals(Par2Exception.Kind.UNSAFE_NAME, e.kind());
    }

    @Test
    void ordinaryNamesAreResolved() throws Exception {
        for (String name : List.of("a", "a/b/c", "..a", "größe (1/2)", "ab:c", "...")) {
            assertEquals(folder.resolve(name), SafeNames.resolve(folder, name));
        }
    }

    @Test
    void folderThatIsNotThereIsNamedAndTheCurrentOneNeedsNoName() throws Exception {
        Path absent = folder.resolve("absent");
        var e = assertThrows(
                NoSuchFileException.class, () -> SafeNames.resolve(absent, "a/b"));
        assertEquals(absent.toString(), e.getFile());
        Path relative = Path.of("absent");
        e = assertThrows(
                NoSuchFileException.class, () -> PutInPlace.checkTheWayIsFree(relative, "a"));
        assertEquals("absent", e.getFile());
        Path here = Path.of("");
        assertEquals(Path.of("absent"), SafeNames.resolve(here, "absent"));
        PutInPlace.checkTheWayIsFree(here, "absent");
    }

    @Test
    void linkAmongTheParentsMustNotLeadOutside(@TempDir Path elsewhere) throws Exception {
        Files.createSymbolicLink(folder.resolve("out"), elsewhere);
        Files.createSymbolicLink(folder.resolve("dangling"), elsewhere.resolve("nowhere"));
        Files.createDirectory(folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("inside"), folder.resolve("real"));
        assertThrows(Par2Exception.class, () -> SafeNames.resolve(folder, "out/x"));
        assertThrows(Par2Exception.class, () -> SafeNames.resolve(folder, "out/deeper/x"));
        assertThrows(Par2Exception.class, () -> SafeNames.resolve(folder, "dangling/x"));
        assertEquals(folder.resolve("inside/x"), SafeNames.resolve(folder, "inside/x"));
    }

    @Test
    void hasherGivesAllHashesWhateverThePiecesAre() {
        byte[] data = TestFiles.random(1, 40_001);
        FileHashes whole = hash(data, 40_001);
        assertEquals(whole, hash(data, 1));
        assertEquals(whole, hash(data, 997));
        assertEquals(Hash16.md5(data), whole.md5());
        assertEquals(Hash16.md5(data, 0, 16384), whole.md5of16k());
        assertEquals(41, whole.slices().size());
        assertEquals(
                SliceChecksum.of(data, 40_000, 1, 1000), whole.slices().getLast());
        byte[] padded = new byte[1000];
        padded[0] = data[40_000];
        assertTrue(whole.slices().getLast().matches(padded, 0, 1000, 1000));
        FileHashes empty = new FileHasher(4).finish();
        assertEquals(empty.md5(), empty.md5of16k());
        assertEquals(List.of(), empty.slices());
    }

    private static FileHashes hash(byte[] data, int piece) {
        FileHasher hasher = new FileHasher(1000);
        for (int at = 0; at < data.length; at += piece) {
            hasher.update(data, at, Math.min(piece, data.length - at));
        }
        return hasher.finish();
    }

    @Test
    void setThatIsBuiltIsReadAgainFromItsPackets() throws Exception {
        byte[] data = TestFiles.random(3, 12_345);
        Par2Set set =
                new Par2SetBuilder(1000)
                        .creator("test")
                        .add("größe", hash(data, 4096))
                        .add("b/leer", new FileHasher(1000).finish())
                        .add("a", hash(data, 512))
                        .build();
        Par2Collector collector = new Par2Collector();
        for (byte[] packet : set.criticalPackets()) {
            collector.add("memory", packet);
            collector.add("again", packet);
        }
        collector.add("r", RecoveryPacket.bytes(set.id(), 3, new byte[1000]));
        assertEquals(List.of(set.id()), collector.setIds());
        Par2Archive archive = collector.archive(set.id());
        assertEquals(set, archive.set());
        assertEquals(List.of(3), archive.exponents());
        assertEquals(1, set.empties().size());
        assertEquals(26, set.sliceCount());
        for (int slice = 0; slice < 26; slice++) {
            assertEquals(set.files().get(slice / 13), set.fileOf(slice));
            assertEquals(slice % 13 == 12 ? 345 : 1000, set.sliceLength(slice));
            assertEquals(slice % 13 * 1000, set.sliceOffset(slice));
        }
    }

    @Test
    void rollingCrcEqualsTheCrcOfEachWindow() {
        byte[] data = TestFiles.random(9, 500);
        for (int window : new int[] {4, 100, 256}) {
            RollingCrc rolling = new RollingCrc(window);
            int register = ~crc(data, 0, window);
            for (int at = 0; at + window < data.length; at++) {
                assertEquals(crc(data, at, window), ~register);
                register = rolling.roll(register, data[at], data[at + window]);
            }
        }
        byte[] padded = Arrays.copyOf(data, 1500);
        assertEquals(
                crc(padded, 0, 1500), ~RollingCrc.zeros(~crc(data, 0, 500), 1000));
    }

    @Test
    void windowThatLeapsSeesWhatOneThatRollsSees() {
        byte[] data = TestFiles.random(10, 3000);
        for (int window : new int[] {4, 100, 1000}) {
            RollingCrc rolling = new RollingCrc(window);
            byte[] in = Arrays.copyOfRange(data, window, data.length);
            for (int n : new int[] {0, 1, 37, 1500}) {
                int register = ~crc(data, 50, window);
                assertEquals(
                        crc(data, 50 + n, window), ~rolling.roll(register, data, in, 50, n));
            }
        }
    }

    @Test
    void fourWindowsStopWhereACrcMayBeWanted() {
        byte[] data = TestFiles.random(11, 5000);
        int window = 500;
        int quarter = 1000;
        byte[] in = Arrays.copyOfRange(data, window, data.length);
        RollingCrc rolling = new RollingCrc(window);
        int[] wanted = {crc(data, 1234, window), crc(data, 3999, window)};
        RollingWindows windows = new RollingWindows(rolling, wanted);
        for (int k = 0; k < RollingWindows.COUNT; k++) {
            windows.start(k, ~crc(data, k * quarter, window));
        }
        BitSet found = new BitSet();
        for (int i = windows.run(0, quarter, data, in); i < quarter;
                i = windows.run(i + 1, quarter, data, in)) {
            for (int k = 0; k < RollingWindows.COUNT; k++) {
                assertEquals(crc(data, k * quarter + i, window), ~windows.register(k));
                if (windows.isPerhapsWanted(windows.register(k))) {
                    found.set(k * quarter + i);
                }
            }
            windows.step(i, quarter, data, in);
        }
        assertTrue(found.get(1234) && found.get(3999));
        assertTrue(found.cardinality() < 40, "few others come through");
    }

    private static int crc(byte[] data, int from, int length) {
        var crc = new CRC32();
        crc.update(data, from, length);
        return (int) crc.getValue();
    }
}
