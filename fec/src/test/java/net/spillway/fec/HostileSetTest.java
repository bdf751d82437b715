package net.spillway.fec;

import static net.spillway.fec.TestFiles.options;
import static net.spillway.fec.TestFiles.random;
import static net.spillway.fec.TestFiles.tree;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketWriter;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.Par2Packet;
import net.spillway.fec.packet.SliceChecksum;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sets that were made to do harm; packets alone are in PacketScannerTest. The time limit is far
 * above what bounded work takes and far below what these sets are meant to cost.
 */
@Timeout(60)
class HostileSetTest {
    private static final Hash16 ANY = new Hash16(3, 4);

    /** Around the folder of the set, so that what is written outside of it is seen. */
    @TempDir Path outer;

    private Path folder;
    private Path index;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(outer.resolve("set"));
        index = folder.resolve("set.par2");
    }

    private record Described(String name, long length, Hash16 md5, Hash16 head) {
        Described(String name, long length) {
            this(name, length, ANY, ANY);
        }

        Hash16 id() {
            return PacketWriter.fileId(head, length, name.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Writes the packets of a set and any others, and returns its ID. */
    private Hash16 write(
            long sliceSize, List<Described> files, List<Described> others, Par2Packet... more)
            throws IOException {
        List<Hash16> ids = files.stream().map(Described::id).sorted().toList();
        List<Hash16> otherIds = others.stream().map(Described::id).sorted().toList();
        Hash16 set = PacketWriter.setId(sliceSize, ids, otherIds);
        List<Par2Packet> packets = new ArrayList<>();
        packets.add(new Par2Packet.Main(set, sliceSize, ids, otherIds));
        for (Described f : files) {
            packets.add(description(set, f));
        }
        for (Described f : others) {
            packets.add(description(set, f));
        }
        packets.addAll(List.of(more));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(index))) {
            for (Par2Packet packet : packets) {
                out.write(PacketWriter.bytes(packet));
            }
        }
        return set;
    }

    private static Par2Packet description(Hash16 set, Described f) {
        return new Par2Packet.FileDesc(set, f.id(), f.md5(), f.head(), f.length(), f.name(), true);
    }

    private VerifyReport verify(ProgressListener progress) throws IOException {
        return Par2Verifier.verify(Par2Archive.open(index), folder, List.of(), progress);
    }

    private RepairResult repair() throws IOException {
        return Par2Repairer.repair(Par2Archive.open(index), folder, List.of(), options());
    }

    private Par2Exception refused(Par2Exception.Kind kind) throws Exception {
        List<String> names = tree(outer);
        Par2Exception[] thrown = new Par2Exception[1];
        Allocation.assertBounded(
                () -> thrown[0] = assertThrows(Par2Exception.class, this::repair));
        assertEquals(kind, thrown[0].kind(), thrown[0].getMessage());
        assertEquals(names, tree(outer));
        return thrown[0];
    }

    /** A Main packet that says what it likes and is sealed all the same. */
    private static byte[] main(Consumer<ByteBuffer> change) throws IOException {
        Hash16 file = new Described("a", 4).id();
        byte[] packet = PacketWriter.bytes(new Par2Packet.Main(ANY, 4, List.of(file), List.of()));
        change.accept(ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN));
        Hash16.md5(packet, 64, packet.length - 64).put(ByteBuffer.wrap(packet).position(32));
        Hash16.md5(packet, 32, packet.length - 32).put(ByteBuffer.wrap(packet).position(16));
        return packet;
    }

    private void refusedMain(String why, Consumer<ByteBuffer> change) throws Exception {
        Files.write(index, main(change));
        Par2Exception e = refused(Par2Exception.Kind.NOT_PAR2);
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    @Test
    void impossibleSliceSizesAndCountsThatWrapAreRefused() throws Exception {
        for (long size : new long[] {0, 1, 3, 1001, Long.MIN_VALUE, Long.MAX_VALUE, -1, -4,
                1L << 62, (1L << 30) + 4}) {
            refusedMain("the slice size is " + Long.toUnsignedString(size),
                    packet -> packet.putLong(64, size));
        }
        for (int count : new int[] {2, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 28}) {
            refusedMain("counts " + Integer.toUnsignedString(count),
                    packet -> packet.putInt(72, count));
        }
    }

    @Test
    void impossiblePacketLengthsAreRefused() throws Exception {
        for (long length : new long[] {0, 4, 60, 63, -1, -64, Long.MIN_VALUE, Long.MAX_VALUE,
                1L << 62, 1L << 32, 96}) {
            refusedMain(length == 96 ? "claims 96 bytes, 92 are left" : "",
                    packet -> packet.putLong(8, length));
        }
        for (int length : new int[] {8, 16, 40, 63}) {
            Files.write(index, Arrays.copyOf(main(packet -> { }), length));
            refused(Par2Exception.Kind.NOT_PAR2);
        }
    }

    /** Each length is possible alone. */
    @Test
    void lengthsOfFilesThatWrapWhenAddedAreRefused() throws Exception {
        for (long length : new long[] {Long.MAX_VALUE, 1L << 62, Long.MAX_VALUE - 3}) {
            write(1 << 30, List.of(new Described("a", length), new Described("b", length),
                    new Described("c", length), new Described("d", length)), List.of());
            refused(Par2Exception.Kind.IMPOSSIBLE);
        }
    }

    @Test
    void millionTinyPacketsOfAMillionSetsAreSkipped() throws Exception {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(index), 1 << 20)) {
            ByteBuffer template =
                    ByteBuffer.wrap(PacketWriter.bytes(new Par2Packet.Creator(ANY, "abcd")));
            byte[] bytes = template.array();
            for (int i = 0; i < 1_000_000; i++) {
                template.putInt(32, i);
                Hash16.md5(bytes, 32, bytes.length - 32).put(template.position(16));
                out.write(bytes);
            }
        }
        var e = refused(Par2Exception.Kind.INCOMPLETE);
        assertTrue(e.getMessage().contains("too many different packets"), e.getMessage());
    }

    @Test
    void millionDamagedPacketsAreSkipped() throws Exception {
        byte[] packet = PacketWriter.bytes(new Par2Packet.Creator(ANY, "abcd"));
        packet[packet.length - 1] ^= 1;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(index), 1 << 20)) {
            for (int i = 0; i < 1_000_000; i++) {
                out.write(packet);
            }
        }
        var e = refused(Par2Exception.Kind.NOT_PAR2);
        assertTrue(e.getMessage().contains("the packet is damaged"), e.getMessage());
    }

    @Test
    void packetsThatWouldFillTheMemoryAreSkipped() throws Exception {
        Par2Packet[] many = new Par2Packet[1200];
        for (int i = 0; i < many.length; i++) {
            many[i] = description(ANY, new Described("x".repeat(32_000) + i, 1));
        }
        write(4, List.of(new Described("a", 1)), List.of(), many);
        Allocation.assertBounded(() -> {
            Par2Archive archive = Par2Archive.open(index);
            assertEquals(1, archive.set().files().size());
            assertTrue(archive.problems().getFirst().message().contains("too many"));
            assertEquals(100, archive.problems().size());
            assertTrue(archive.problemCount() > 400, "all are counted");
        });
    }

    /** Names of almost the greatest length, written twice since they are not ASCII. */
    @Test
    void honestSetOfManyLongNamesIsRead() throws Exception {
        Par2SetBuilder builder = new Par2SetBuilder(4);
        String folders = ("é" + "x".repeat(250) + "/").repeat(15);
        for (int i = 0; i < 2300; i++) {
            Hash16 md5 = new Hash16(i, i);
            List<SliceChecksum> slices = List.of(new SliceChecksum(md5, i));
            builder.add(folders + i, new FileHashes(4, md5, md5, slices));
        }
        Par2Set set = builder.build();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        set.criticalPackets().forEach(file::writeBytes);
        Par2Collector collector = new Par2Collector();
        collector.add("set.par2", file.toByteArray());
        assertEquals(set.files(), collector.archive(set.id()).set().files());
        assertEquals(List.of(), collector.problems());
    }

    @Test
    void filesThatAreListedButNotDescribedAreNamed() throws Exception {
        List<Hash16> ids = IntStream.range(0, 65_536).mapToObj(i -> new Hash16(i, i)).toList();
        Hash16 set = PacketWriter.setId(4, ids, List.of());
        Files.write(index,
                PacketWriter.bytes(new Par2Packet.Main(set, 4, ids, List.of())));
        var e = refused(Par2Exception.Kind.INCOMPLETE);
        assertTrue(e.getMessage().contains("no description of file 0000"), e.getMessage());
    }

    @Test
    void moreSlicesThanThereCanBeAreRefused() throws Exception {
        write(4, List.of(new Described("a", 4 * 32_768), new Described("b", 1)), List.of());
        refused(Par2Exception.Kind.IMPOSSIBLE);
        write(1 << 30, List.of(new Described("a", Long.MAX_VALUE),
                new Described("b", Long.MAX_VALUE)), List.of());
        refused(Par2Exception.Kind.IMPOSSIBLE);
    }

    @Test
    void lengthsThatSumPastTheLargestNumberDoNoHarm() throws Exception {
        write(4, List.of(new Described("a", 3)), List.of(new Described("b", Long.MAX_VALUE),
                new Described("c", Long.MAX_VALUE), new Described("d", Long.MAX_VALUE)));
        for (String name : List.of("a", "b", "c", "d")) {
            Files.write(folder.resolve(name), new byte[3]);
        }
        Allocation.assertBounded(() -> {
            VerifyReport report = verify((phase, done, total) -> {
                assertTrue(done >= 0 && done <= total, phase + " " + done + "/" + total);
            });
            assertEquals(new VerifyReport.Verdict.NotRecoverable(1), report.verdict());
            assertEquals(3, report.others().size());
        });
        Allocation.assertBounded(
                () -> assertEquals(new RepairResult.NotRecoverable(1), repair()));
    }

    @Test
    void largestSlicesCostNoMoreThanTheFilesThatAreThere() throws Exception {
        List<Described> files = IntStream.range(0, 1000)
                .mapToObj(i -> new Described("f" + i, (1 << 30) - i)).toList();
        write(1 << 30, files, List.of());
        for (int i = 0; i < 100; i++) {
            Files.write(folder.resolve("f" + i), random(i, 100));
        }
        Allocation.assertBounded(
                () -> assertEquals(new RepairResult.NotRecoverable(1000), repair()));
    }

    @Test
    void recoverySliceOfTheWrongSizeDoesNotHideTheRightOne() throws Exception {
        byte[] data = random(1, 400);
        FileHasher hasher = new FileHasher(400);
        hasher.update(data, 0, 400);
        FileHashes h = hasher.finish();
        Described file = new Described("good", 400, h.md5(), h.md5of16k());
        Hash16 set = write(400, List.of(file), List.of());
        byte[] right;
        try (ParityEncoder encoder = ParityEncoder.builder(400).recovery(0, 1).build()) {
            encoder.add(0, data, 0, 400);
            right = encoder.recovery(0);
        }
        Files.write(folder.resolve("set.vol0+1.par2"),
                RecoveryPacket.bytes(set, 0, random(2, 404)));
        Files.write(folder.resolve("set.vol0+2.par2"), RecoveryPacket.bytes(set, 0, right));
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertEquals(1, Par2Archive.open(index).problems().size());
    }

    @Test
    void exponentThatRepeatsHundredsOfTimesCountsOnce() throws Exception {
        Hash16 set = write(400, List.of(new Described("a", 800)), List.of());
        try (OutputStream out = Files.newOutputStream(folder.resolve("set.vol0+1.par2"))) {
            for (int i = 0; i < 500; i++) {
                out.write(RecoveryPacket.bytes(set, 7, random(i, 400)));
            }
        }
        Allocation.assertBounded(() -> {
            Par2Archive archive = Par2Archive.open(index);
            assertEquals(List.of(7), archive.exponents());
            assertEquals(100, archive.problems().size());
            assertTrue(archive.problems().getFirst().message().contains("the exponent 7"));
            assertEquals(new RepairResult.NotRecoverable(1), repair());
        });
    }

    @Test
    void liarsForSeveralFilesChangeNothing() throws Exception {
        Hash16 set = write(400, List.of(new Described("a", 800), new Described("sub/b", 5)),
                List.of());
        try (OutputStream out = Files.newOutputStream(folder.resolve("set.vol0+9.par2"))) {
            for (int e : new int[] {0, 3, 9}) {
                out.write(RecoveryPacket.bytes(set, e, random(e, 400)));
            }
        }
        Files.write(folder.resolve("a"), random(8, 900));
        var e = refused(Par2Exception.Kind.HASH_MISMATCH);
        assertTrue(e.getMessage().contains("does not match"), e.getMessage());
    }

    /** All slices are said to have the CRC of zeros, and there is a file of zeros. */
    @Test
    void checksumsMadeToCollideCostBoundedWork() throws Exception {
        int n = 32_768;
        byte[] zeros = new byte[1 << 20];
        int crc = SliceChecksum.of(zeros, 0, 8, 8).crc32();
        List<SliceChecksum> same = IntStream.range(0, n)
                .mapToObj(i -> new SliceChecksum(new Hash16(i, 1), crc)).toList();
        Described file = new Described("a", 8L * n);
        Hash16 set = PacketWriter.setId(8, List.of(file.id()), List.of());
        write(8, List.of(file), List.of(), new Par2Packet.SliceChecksums(set, file.id(), same));
        Files.write(folder.resolve("a"), zeros);
        Allocation.assertBounded(() -> assertEquals(new VerifyReport.Verdict.NotRecoverable(n),
                verify(ProgressListener.NONE).verdict()));
    }

    /** Many lost files begin alike and are as long as many files that are there. */
    @Test
    void filesThatBeginAlikeAreReadOnceEach() throws Exception {
        byte[] content = new byte[1 << 20];
        Hash16 head = Hash16.md5(Arrays.copyOf(content, 16_384));
        List<Described> files = IntStream.range(0, 1000)
                .mapToObj(i -> new Described("lost" + i, content.length, new Hash16(i, i), head))
                .toList();
        write(1 << 16, files, List.of());
        for (int i = 0; i < 60; i++) {
            Files.write(folder.resolve("there" + i), content);
        }
        Allocation.assertBounded(
                () -> assertEquals(new RepairResult.NotRecoverable(16_000), repair()));
    }

    @Test
    void namesThatNoFolderCanHoldAreRefused() throws Exception {
        for (String name : List.of("a\0b", "x".repeat(256), "ä".repeat(128), "a/" + "/b",
                "/etc/x", "x/../../y", "Z:x", "\\\\host\\x", "./a", "a/..", "y".repeat(5000))) {
            write(400, List.of(new Described(name, 4)), List.of());
            refused(Par2Exception.Kind.UNSAFE_NAME);
        }
    }

    @Test
    void whatWindowsTakesForDevicesIsRefusedThere() throws Exception {
        for (String name : List.of("nul", "NUL.txt", "sub/con", "Aux.c", "COM1", "lpt9.x.y",
                "com¹", "prn .txt", "CONIN$", "ab:c", "a.", "sub /x", "what?", "a\tb")) {
            assertThrows(Par2Exception.class, () -> SafeNames.checkForWindows(name), name);
            SafeNames.check(name);
        }
        for (String name : List.of("null", "console.txt", "com10", "lpt", "auxiliary/x", ".a")) {
            SafeNames.checkForWindows(name);
        }
    }

    @Test
    void oneNameForTwoFilesOrForAFileAndAFolderIsRefused() throws Exception {
        write(4, List.of(new Described("a", 1), new Described("a", 2)), List.of());
        refused(Par2Exception.Kind.CONTRADICTION);
        write(4, List.of(new Described("a", 1), new Described("a/b", 2)), List.of());
        refused(Par2Exception.Kind.CONTRADICTION);
        write(4, List.of(new Described("a", 1)), List.of(new Described("a", 0)));
        refused(Par2Exception.Kind.CONTRADICTION);
    }

    @Test
    void linksOnTheWayToAFileAreRefusedAndLinksInItsPlaceReplaced() throws Exception {
        Path elsewhere = Files.createDirectory(outer.resolve("elsewhere"));
        for (String target : List.of(elsewhere.toString(), "../elsewhere", "../nowhere")) {
            Path link = Files.createSymbolicLink(folder.resolve("out"), Path.of(target));
            write(4, List.of(new Described("out/x", 1)), List.of());
            Allocation.assertBounded(
                    () -> assertInstanceOf(RepairResult.NothingToDo.class, repair()));
            assertFalse(Files.exists(elsewhere.resolve("x")));
            Files.delete(link);
        }
        Described empty = new Described("e", 0, Hash16.md5(new byte[0]), Hash16.md5(new byte[0]));
        write(4, List.of(empty), List.of());
        Files.createSymbolicLink(folder.resolve("e"), elsewhere.resolve("dangling"));
        Allocation.assertBounded(() -> assertEquals(
                List.of(folder.resolve("e.1")),
                assertInstanceOf(RepairResult.Repaired.class, repair()).backups()));
        assertTrue(Files.isSymbolicLink(folder.resolve("e.1")));
        assertFalse(Files.exists(elsewhere.resolve("dangling")));
    }

    @Test
    void linksInTheWayOfVolumesAreRefusedOrReplacedButNeverFollowed() throws Exception {
        Path data = Files.write(folder.resolve("data"), random(1, 4000));
        Path elsewhere = Files.createDirectory(outer.resolve("elsewhere"));
        Path victim = Files.write(elsewhere.resolve("victim"), new byte[] {1, 2, 3});
        for (String link : List.of("set.par2", "set.vol0+1.par2")) {
            for (Path target : List.of(victim, elsewhere.resolve("dangling"))) {
                Files.createSymbolicLink(folder.resolve(link), target);
                Par2Creator.Builder creator = Par2Creator.builder(index, folder)
                        .files(List.of(data)).sliceSize(400).recoveryCount(1).options(options());
                var e = assertThrows(Par2Exception.class, () -> creator.build().create());
                assertEquals(Par2Exception.Kind.EXISTS, e.kind());
                assertEquals(List.of("data", link), tree(folder).subList(1, 3));
                creator.overwrite(true).build().create();
                assertFalse(Files.isSymbolicLink(folder.resolve(link)));
                assertEquals(3, Files.size(victim));
                assertFalse(Files.exists(elsewhere.resolve("dangling")));
                Files.delete(index);
                Files.delete(folder.resolve("set.vol0+1.par2"));
            }
        }
    }

    @Test
    void checksumsForAnotherNumberOfSlicesAreRefused() throws Exception {
        Described file = new Described("a", 100);
        Hash16 set = PacketWriter.setId(4, List.of(file.id()), List.of());
        write(4, List.of(file), List.of(), new Par2Packet.SliceChecksums(set, file.id(),
                Collections.nCopies(24, new SliceChecksum(ANY, 1))));
        refused(Par2Exception.Kind.CONTRADICTION);
    }
}
