package net.spillway.fec;

import static net.spillway.fec.TestFiles.contents;
import static net.spillway.fec.TestFiles.options;
import static net.spillway.fec.TestFiles.random;
import static net.spillway.fec.TestFiles.tree;
import static net.spillway.fec.TestFiles.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.spillway.fec.VerifyReport.Verdict;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.PacketWriter;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.Par2Packet;
import net.spillway.fec.packet.SliceData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Creating, verifying and repairing sets of files on disk. */
class Par2FilesTest {
    /** Around the folder of the set, so that what is written outside of it is seen. */
    @TempDir Path outer;

    private Path folder;
    private Path index;
    private Path big;
    private Path small;
    private Path deep;
    private Path empty;
    private List<Path> files;

    @BeforeEach
    void writeFiles() throws Exception {
        folder = Files.createDirectory(outer.resolve("set"));
        index = folder.resolve("set.par2");
        big = write(folder, "big.bin", 50_001);
        small = write(folder, "small.bin", 7);
        deep = write(folder, "sub/deep.bin", 8000);
        empty = write(folder, "sub/empty", 0);
        files = List.of(big, small, deep, empty);
    }

    private Par2Creator.Builder creator() {
        return Par2Creator.builder(index, folder)
                .files(files)
                .sliceSize(400)
                .recoveryCount(20)
                .options(options());
    }

    @Test
    void sliceHashesInLanesTellCompleteFilesFromDamagedOnes() throws Exception {
        creator().build().create();
        Par2Archive archive = Par2Archive.open(index);
        assertEquals(new FileState.Complete(big), state(verifyWarm(archive), "big.bin"));
        byte[] bytes = Files.readAllBytes(big);
        for (int at : new int[] {0, 20_000, 50_000}) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            Files.write(big, damaged);
            assertEquals(
                    new FileState.Damaged(big, 125), state(verifyWarm(archive), "big.bin"));
        }
        Files.write(big, bytes);
        assertInstanceOf(Verdict.Whole.class, verifyWarm(archive).verdict());
    }

    @Test
    void sliceHashesInLanesFindTheSameSlicesAsTheSearch() throws Exception {
        byte[] bytes = Files.readAllBytes(big);
        Arrays.fill(bytes, 49_000, bytes.length, (byte) 0);
        Files.write(big, bytes);
        creator().build().create();
        Par2Archive archive = Par2Archive.open(index);
        List<byte[]> damages =
                List.of(
                        joined(bytes, 0, 20_000),
                        joined(bytes, 0, 50_000),
                        joined(bytes, 0, 49_999),
                        joined(bytes, 0, 1),
                        joined(bytes, 13, bytes.length),
                        joined(bytes, 0, 10_000, 11_001, bytes.length),
                        joined(bytes, 0, 30_000, 29_000, bytes.length),
                        joined(bytes, 0, bytes.length, 5, 6),
                        joined(bytes, 400, 800, 0, 400, 800, bytes.length));
        for (byte[] damaged : damages) {
            Files.write(big, damaged);
            VerifyReport plain = verify();
            VerifyReport warm = verifyWarm(archive);
            assertEquals(plain.located(), warm.located());
            assertEquals(state(plain, "big.bin"), state(warm, "big.bin"));
        }
        var repaired = Par2Repairer.repair(archive, verifyWarm(archive), folder, options());
        assertInstanceOf(RepairResult.Repaired.class, repaired);
        assertArrayEquals(bytes, Files.readAllBytes(big));
    }

    /** The ranges of {@code bytes} one after the other. */
    private static byte[] joined(byte[] bytes, int... ranges) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < ranges.length; i += 2) {
            out.write(bytes, ranges[i], ranges[i + 1] - ranges[i]);
        }
        return out.toByteArray();
    }

    private VerifyReport verifyWarm(Par2Archive archive) throws IOException {
        return Par2Verifier.verify(archive, folder, List.of(), ParityOptions.defaults(), true);
    }

    private VerifyReport verify(Path... extras) throws IOException {
        return Par2Verifier.verify(
                Par2Archive.open(index), folder, List.of(extras), ProgressListener.NONE);
    }

    private RepairResult repair(Path... extras) throws IOException {
        return Par2Repairer.repair(
                Par2Archive.open(index), folder, List.of(extras), options());
    }

    /** Creates a set, does harm, repairs and compares. */
    private RepairResult.Repaired assertRepairs(Harm harm) throws Exception {
        Map<String, byte[]> before = contents(folder);
        creator().build().create();
        harm.done();
        var repaired = assertInstanceOf(RepairResult.Repaired.class, repair());
        assertContents(before);
        assertInstanceOf(Verdict.Whole.class, verify().verdict());
        assertInstanceOf(RepairResult.NothingToDo.class, repair());
        return repaired;
    }

    private void assertContents(Map<String, byte[]> before) throws IOException {
        Map<String, byte[]> after = contents(folder);
        before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
        assertTrue(after.keySet().stream().noneMatch(name -> name.contains(".spillway-")));
    }

    @FunctionalInterface
    private interface Harm {
        void done() throws Exception;
    }

    private FileState state(VerifyReport report, String name) {
        return report.files().stream()
                .filter(f -> f.file().name().equals(name))
                .findFirst()
                .orElseThrow()
                .state();
    }

    @Test
    void untouchedFilesAreWhole() throws Exception {
        creator().build().create();
        VerifyReport report = verify();
        assertInstanceOf(Verdict.Whole.class, report.verdict());
        assertEquals(147, report.totalSlices());
        assertEquals(147, report.availableSlices());
        assertEquals(20, report.recoverySlices());
        assertEquals(4, report.files().size());
        assertEquals(List.of(), Par2Archive.open(index).problems());
    }

    @Test
    void anyVolumeOpensTheSet() throws Exception {
        List<Path> made = creator().build().create().files();
        assertEquals(
                List.of(
                        "set.par2",
                        "set.vol00+1.par2",
                        "set.vol01+2.par2",
                        "set.vol03+4.par2",
                        "set.vol07+8.par2",
                        "set.vol15+5.par2"),
                made.stream().map(p -> p.getFileName().toString()).toList());
        Files.delete(index);
        assertEquals(20, Par2Archive.open(made.get(3)).recovery().size());
    }

    @Test
    void missingFilesAreRebuiltWithTheirFolders() throws Exception {
        var repaired =
                assertRepairs(
                        () -> {
                            Files.delete(deep.getParent().resolve("empty"));
                            byte[] lost = Files.readAllBytes(deep);
                            Files.write(deep, Arrays.copyOf(lost, 400));
                            Files.delete(small);
                        });
        assertEquals(20, repaired.recoverySlices());
        assertEquals(List.of(folder.resolve("sub/deep.bin.1")), repaired.backups());
    }

    @Test
    void wholeFolderThatIsGoneComesBack() throws Exception {
        assertRepairs(
                () -> {
                    Files.delete(deep);
                    Files.delete(empty);
                    Files.delete(deep.getParent());
                });
    }

    @Test
    void damagedBytesCostOnlyTheirSlices() throws Exception {
        creator().build().create();
        byte[] bytes = Files.readAllBytes(big);
        bytes[10] ^= 1;
        bytes[30_000] ^= 1;
        bytes[50_000] ^= 1;
        Files.write(big, bytes);
        VerifyReport report = verify();
        assertEquals(new FileState.Damaged(big, 123), state(report, "big.bin"));
        assertEquals(new Verdict.Repairable(3), report.verdict());
        assertEquals(3, report.missing().cardinality());
    }

    @Test
    void damagedBytesAreRepairedAndTheOldFileIsKept() throws Exception {
        byte[] damaged = Files.readAllBytes(big);
        Arrays.fill(damaged, 4000, 4900, (byte) 0);
        Files.write(folder.resolve("big.bin.1"), new byte[] {1});
        var repaired = assertRepairs(() -> Files.write(big, damaged));
        assertEquals(List.of(folder.resolve("big.bin.2")), repaired.backups());
        assertArrayEquals(damaged, Files.readAllBytes(folder.resolve("big.bin.2")));
        assertEquals(List.of("big.bin"), repaired.files());
        assertEquals(3, repaired.recoverySlices());
    }

    @Test
    void repairedFileMayBeReadByWhomTheDamagedOneMight() throws Exception {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        Set<PosixFilePermission> own = PosixFilePermissions.fromString("rw-------");
        Files.setPosixFilePermissions(big, own);
        assertRepairs(() -> Files.write(big, new byte[] {1, 2, 3}, StandardOpenOption.WRITE));
        assertEquals(own, Files.getPosixFilePermissions(big));
    }

    /** Else its owner could not read what root has repaired for him. */
    @Test
    void repairedFileStaysThatOfItsOwnerWhereTheSystemAllows() throws Exception {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("unix"));
        try {
            Files.setAttribute(big, "unix:uid", 4321);
            Files.setAttribute(big, "unix:gid", 8765);
        } catch (IOException e) {
            assumeTrue(false, "only root may give files away: " + e);
        }
        Files.setPosixFilePermissions(big, PosixFilePermissions.fromString("rw-r-----"));
        assertRepairs(() -> Files.write(big, new byte[] {1, 2, 3}, StandardOpenOption.WRITE));
        assertEquals(4321, Files.getAttribute(big, "unix:uid"));
        assertEquals(8765, Files.getAttribute(big, "unix:gid"));
        assertEquals(PosixFilePermissions.fromString("rw-r-----"),
                Files.getPosixFilePermissions(big));
    }

    @Test
    void insertedAndRemovedBytesOnlyShiftSlices() throws Exception {
        var repaired =
                assertRepairs(
                        () -> {
                            byte[] bytes = Files.readAllBytes(big);
                            ByteArrayOutputStream shifted = new ByteArrayOutputStream();
                            shifted.write(bytes, 0, 10_100);
                            shifted.writeBytes(random(5, 1234));
                            shifted.write(bytes, 10_100, 20_000);
                            shifted.write(bytes, 30_103, 50_001 - 30_103);
                            Files.write(big, shifted.toByteArray());
                        });
        assertEquals(2, repaired.recoverySlices());
    }

    @Test
    void appendedGarbageCostsNothing() throws Exception {
        var repaired =
                assertRepairs(
                        () -> {
                            append(big, random(1, 777));
                            append(small, new byte[] {1});
                        });
        assertEquals(0, repaired.recoverySlices());
    }

    private static void append(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes, StandardOpenOption.APPEND);
    }

    @Test
    void truncatedFileIsRepaired() throws Exception {
        var repaired =
                assertRepairs(
                        () -> Files.write(big, Arrays.copyOf(Files.readAllBytes(big), 46_000)));
        assertEquals(11, repaired.recoverySlices());
    }

    @Test
    void renamedFileThatIsOfferedGetsItsNameBack() throws Exception {
        creator().build().create();
        Map<String, byte[]> before = contents(folder);
        Path renamed = folder.resolve("sub/other name");
        Files.move(big, renamed);
        VerifyReport report = verify(renamed);
        assertEquals(new FileState.Misnamed(renamed, true), state(report, "big.bin"));
        assertEquals(new Verdict.Repairable(0), report.verdict());
        var repaired = assertInstanceOf(RepairResult.Repaired.class, repair(renamed));
        assertEquals(List.of(new FoundFile("big.bin", renamed, true)), repaired.found());
        assertContents(before);
        assertFalse(Files.exists(renamed));
    }

    @Test
    void fileFoundBesideTheSetThatNobodyOfferedIsCopiedAndStays() throws Exception {
        creator().build().create();
        byte[] before = Files.readAllBytes(big);
        Path copy = folder.resolve("sub/my copy");
        Files.move(big, copy);
        PosixFileAttributeView view =
                Files.getFileAttributeView(copy, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString("rw-------"));
        }
        assertEquals(new FileState.Misnamed(copy, false), state(verify(), "big.bin"));
        var repaired = assertInstanceOf(RepairResult.Repaired.class, repair());
        assertEquals(List.of(new FoundFile("big.bin", copy, false)), repaired.found());
        assertArrayEquals(before, Files.readAllBytes(big));
        assertArrayEquals(before, Files.readAllBytes(copy));
        if (view != null) {
            assertEquals(Files.getPosixFilePermissions(copy), Files.getPosixFilePermissions(big));
        }
    }

    @Test
    void fileFoundElsewhereIsCopiedAndLeftThere(@TempDir Path elsewhere) throws Exception {
        creator().build().create();
        Map<String, byte[]> before = contents(folder);
        Path found = elsewhere.resolve("found");
        Files.move(big, found);
        assertEquals(new Verdict.NotRecoverable(106), verify().verdict());
        assertInstanceOf(RepairResult.Repaired.class, repair(found));
        assertContents(before);
        assertTrue(Files.exists(found));
    }

    @Test
    void slicesAreFoundInJoinedExtraFiles(@TempDir Path elsewhere) throws Exception {
        creator().build().create();
        Map<String, byte[]> before = contents(folder);
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(random(8, 99));
        joined.writeBytes(Files.readAllBytes(big));
        joined.writeBytes(Files.readAllBytes(deep));
        Path extra = Files.write(elsewhere.resolve("joined"), joined.toByteArray());
        Files.delete(big);
        Files.delete(deep);
        VerifyReport report = verify(extra);
        assertEquals(new Verdict.Repairable(0), report.verdict());
        assertInstanceOf(RepairResult.Repaired.class, repair(extra));
        assertContents(before);
    }

    @Test
    void filesThatChangedPlacesAreBothRepaired() throws Exception {
        byte[] a = Files.readAllBytes(big);
        byte[] b = Files.readAllBytes(deep);
        var repaired =
                assertRepairs(
                        () -> {
                            Files.write(big, b);
                            Files.write(deep, a);
                        });
        assertEquals(0, repaired.recoverySlices());
    }

    @Test
    void oneOfTwoEqualFilesIsCopiedFromTheOther() throws Exception {
        Path twin = folder.resolve("twin.bin");
        Files.copy(big, twin);
        files = List.of(big, twin);
        var repaired = assertRepairs(() -> Files.delete(twin));
        assertEquals(0, repaired.recoverySlices());
        assertTrue(Files.exists(big));
    }

    @Test
    void fileOfThousandsOfEqualSlicesIsRepaired() throws Exception {
        Files.write(big, new byte[400 * 5000 + 3]);
        var repaired =
                assertRepairs(
                        () -> {
                            byte[] bytes = new byte[400 * 5000 + 3];
                            Arrays.fill(bytes, 1000, 2000, (byte) 1);
                            Files.write(big, bytes);
                        });
        assertEquals(0, repaired.recoverySlices());
    }

    @Test
    void dataThatNearlyRepeatsItselfIsNotSkipped() throws Exception {
        byte[] period = random(4, 1010);
        byte[] data = new byte[30 * 1010];
        for (int i = 0; i < 30; i++) {
            System.arraycopy(period, 0, data, i * 1010, 1010);
            data[i * 1010 + 5 * i] ^= 1;
        }
        Files.write(big, data);
        var repaired =
                assertRepairs(
                        () -> {
                            byte[] damaged = data.clone();
                            damaged[10_050] ^= 1;
                            damaged[20_050] ^= 1;
                            Files.write(big, damaged);
                        });
        assertTrue(repaired.recoverySlices() <= 2);
    }

    @Test
    void damagedVolumesAreUsedAsFarAsTheyAreGood() throws Exception {
        List<Path> made = creator().build().create().files();
        byte[] lost = Files.readAllBytes(deep);
        Path volume = made.getLast();
        byte[] bytes = Files.readAllBytes(volume);
        bytes[bytes.length / 2] ^= 1; // In the middle there are recovery packets.
        Files.write(volume, bytes);
        Files.delete(index);
        index = made.get(1);
        Files.delete(deep);
        Par2Archive archive = Par2Archive.open(index);
        assertEquals(19, archive.recovery().size());
        assertEquals(1, archive.problems().size());
        assertTrue(archive.problems().getFirst().toString().startsWith("set.vol15+5.par2, "));
        assertEquals(new Verdict.NotRecoverable(1), verify().verdict());
        Files.write(deep, Arrays.copyOf(lost, 400));
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertArrayEquals(lost, Files.readAllBytes(deep));
    }

    @Test
    void notEnoughRecoverySlicesLeaveEverythingUntouched() throws Exception {
        creator().recoveryCount(5).build().create();
        byte[] bytes = Files.readAllBytes(big);
        Arrays.fill(bytes, 0, 3000, (byte) 0);
        Files.write(big, bytes);
        Files.delete(small);
        Map<String, byte[]> before = contents(folder);
        List<String> names = tree(folder);
        assertEquals(new RepairResult.NotRecoverable(4), repair());
        assertContents(before);
        assertEquals(names, tree(folder));
    }

    @Test
    void recoveryDataThatLiesEndsInAHashMismatchAndChangesNothing() throws Exception {
        Par2Set set = creator().recoveryCount(0).build().create().set();
        byte[] lie = RecoveryPacket.bytes(set.id(), 0, random(1, 400));
        Files.write(folder.resolve("set.vol0+1.par2"), lie);
        byte[] damaged = Files.readAllBytes(big);
        damaged[0] ^= 1;
        Files.write(big, damaged);
        Map<String, byte[]> before = contents(folder);
        List<String> names = tree(folder);
        var e = assertThrows(Par2Exception.class, this::repair);
        assertEquals(Par2Exception.Kind.HASH_MISMATCH, e.kind());
        assertTrue(e.getMessage().contains("big.bin"), e.getMessage());
        assertContents(before);
        assertEquals(names, tree(folder));
    }

    /** Replaces the content of recovery slices, in packets that are sound. */
    private void makeLiars(Path volume, int... exponents) throws Exception {
        Par2Archive archive = Par2Archive.open(index);
        byte[] bytes = Files.readAllBytes(volume);
        for (int e : exponents) {
            var place = (SliceData.InFile) archive.recovery().get(e);
            assertEquals(volume.getFileName(), place.file().getFileName());
            byte[] lie = RecoveryPacket.bytes(archive.set().id(), e, random(e, 400));
            System.arraycopy(
                    lie, 0, bytes, (int) place.offset() - RecoveryPacket.OVERHEAD, lie.length);
        }
        Files.write(volume, bytes);
    }

    private void loseSlices(int count) throws IOException {
        byte[] bytes = Files.readAllBytes(big);
        for (int i = 0; i < count; i++) {
            bytes[i * 1200] ^= 1;
        }
        Files.write(big, bytes);
    }

    @Test
    void volumeThatLiesIsDoneWithoutIfItCanBeSpared() throws Exception {
        List<Path> made = creator().build().create().files();
        Map<String, byte[]> before = contents(folder);
        makeLiars(made.get(2), 1, 2);
        loseSlices(10);
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertArrayEquals(before.get("big.bin"), Files.readAllBytes(big));
    }

    @Test
    void sliceThatLiesInAVolumeThatCannotBeSparedIsDoneWithout() throws Exception {
        List<Path> made = creator().build().create().files();
        Map<String, byte[]> before = contents(folder);
        makeLiars(made.get(5), 15);
        loseSlices(17);
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertArrayEquals(before.get("big.bin"), Files.readAllBytes(big));
    }

    @Test
    void liarThatCannotBeSparedEndsInAHashMismatch() throws Exception {
        List<Path> made = creator().build().create().files();
        makeLiars(made.get(5), 15);
        loseSlices(20);
        Map<String, byte[]> before = contents(folder);
        var e = assertThrows(Par2Exception.class, this::repair);
        assertEquals(Par2Exception.Kind.HASH_MISMATCH, e.kind());
        assertContents(before);
    }

    @Test
    void ofRecoverySlicesThatClaimOneExponentTheRightOneIsFound() throws Exception {
        creator().recoveryCount(3).build().create();
        Map<String, byte[]> before = contents(folder);
        byte[] lie = RecoveryPacket.bytes(Par2Archive.open(index).set().id(), 1, random(1, 400));
        // Read first, since the index is.
        Files.write(index, lie, StandardOpenOption.APPEND);
        Par2Archive archive = Par2Archive.open(index);
        assertEquals(List.of(1), List.copyOf(archive.rivals().keySet()));
        loseSlices(3);
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertArrayEquals(before.get("big.bin"), Files.readAllBytes(big));
    }

    @Test
    void setsInOneFolderAreNotMixed() throws Exception {
        creator().build().create();
        Par2Creator.builder(folder.resolve("set.other.par2"), folder)
                .files(List.of(small))
                .sliceSize(4)
                .recoveryCount(3)
                .options(options())
                .build()
                .create();
        assertEquals(20, Par2Archive.open(index).recovery().size());
        assertEquals(
                3, Par2Archive.open(folder.resolve("set.other.par2")).recovery().size());
        Par2Collector collector = new Par2Collector();
        collector.add(index);
        collector.add(folder.resolve("set.other.par2"));
        assertEquals(2, collector.setIds().size());
    }

    @Test
    void columnChunksAndThreadsGiveTheSameFiles() throws Exception {
        files = List.of(write(folder, "wide.bin", 1_000_003));
        Par2Creator.Builder builder = creator().sliceSize(200_000).recoveryCount(30);
        builder.build().create();
        Map<String, byte[]> once = contents(folder);
        var small = options().withMemory(ParityOptions.MIN_MEMORY).withThreads(1);
        creator()
                .sliceSize(200_000)
                .recoveryCount(30)
                .overwrite(true)
                .options(small)
                .build()
                .create();
        assertContents(once);
        byte[] damaged = Files.readAllBytes(files.getFirst());
        damaged[0] ^= 1;
        damaged[999_999] ^= 1;
        Files.write(files.getFirst(), damaged);
        var result =
                Par2Repairer.repair(Par2Archive.open(index), folder, List.of(), small);
        assertInstanceOf(RepairResult.Repaired.class, result);
        assertContents(once);
    }

    @Test
    void existingOutputsAreRefusedUnlessAskedFor() throws Exception {
        creator().build().create();
        Map<String, byte[]> before = contents(folder);
        var e = assertThrows(Par2Exception.class, () -> creator().build().create());
        assertEquals(Par2Exception.Kind.EXISTS, e.kind());
        assertTrue(e.getMessage().contains("set.par2"), e.getMessage());
        assertContents(before);
        creator().overwrite(true).build().create();
        assertContents(before);
    }

    /** The set's ID does not tell a change behind the first 16 KiB, and nobody could use the set. */
    @Test
    void overwritingTakesOldVolumesThatDescribeFilesAsTheyWere() throws Exception {
        files = List.of(write(folder, "data.bin", 100_000));
        List<Path> old = creator().sliceSize(4096).recoveryCount(12).build().create().files();
        assertEquals(List.of(), creator().sliceSize(4096).recoveryCount(3).overwrite(true).build()
                .create().removed(), "what describes the same files stays");
        byte[] changed = Files.readAllBytes(files.getFirst());
        changed[70_000] ^= 1;
        Files.write(files.getFirst(), changed);
        Par2Creator.Created created = creator().sliceSize(4096).recoveryCount(3).overwrite(true)
                .build().create();
        assertFalse(created.removed().isEmpty());
        assertTrue(old.containsAll(created.removed()));
        assertTrue(created.removed().stream().noneMatch(Files::exists));
        Par2Archive.open(index);
    }

    @Test
    void folderInTheWayOfAVolumeLeavesTheOldSetAsItIs() throws Exception {
        List<Path> made = creator().build().create().files();
        Path last = made.getLast();
        Files.delete(last);
        Files.createDirectory(last);
        Map<String, byte[]> before = contents(folder);
        refused(creator().overwrite(true), last.getFileName() + " is in the way");
        assertContents(before);
    }

    @Test
    void moreThanTheDiskCanHoldIsRefusedBeforeWorkBegins() throws Exception {
        List<String> names = tree(folder);
        var e = assertThrows(FileSystemException.class, () -> creator()
                .sliceSize(1 << 30).recoveryCount(65_535).build().create());
        assertTrue(e.getReason().contains("70,367,674,925,880 bytes are needed"), e.getReason());
        assertEquals(names, tree(folder));
    }

    @Test
    void requestsThatCannotBeMetAreRefusedAndLeaveNothing(@TempDir Path elsewhere)
            throws Exception {
        List<String> names = tree(folder);
        Path outside = write(elsewhere, "outside", 10);
        refused(creator().files(List.of(outside)), "not inside the folder");
        refused(creator().files(List.of(folder.resolve("nothing"))), "is not there");
        Files.write(big, new byte[32768 * 4 + 1]);
        refused(creator().sliceSize(4), "at most 32768");
        refused(creator().recoveryCount(40_000).firstExponent(40_000), "too many");
        assertEquals(names, tree(folder));
        assertThrows(
                IllegalArgumentException.class,
                () -> Par2Creator.builder(index, folder).build());
        assertThrows(IllegalArgumentException.class, () -> creator().sliceSize(10));
        assertThrows(IllegalArgumentException.class, () -> creator().blockCount(0));
        assertThrows(IllegalArgumentException.class, () -> creator().redundancy(Double.NaN));
    }

    private static void refused(Par2Creator.Builder builder, String why) {
        var e = assertThrows(Par2Exception.class, () -> builder.build().create());
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    @Test
    void blockCountAndRedundancyDecideUnlessSizesAreGiven() throws Exception {
        var made =
                Par2Creator.builder(index, folder)
                        .files(files)
                        .blockCount(100)
                        .redundancy(10)
                        .options(options())
                        .build()
                        .create();
        assertEquals(100, made.set().sliceCount());
        assertEquals(10, made.recoverySlices());
    }

    @Test
    void progressNeverExceedsItsTotal() throws Exception {
        Map<ProgressListener.Phase, Long> reached = new EnumMap<>(ProgressListener.Phase.class);
        Map<ProgressListener.Phase, Long> totals = new EnumMap<>(ProgressListener.Phase.class);
        ParityOptions watched =
                options()
                        .withProgress(
                                (phase, done, total) -> {
                                    assertTrue(done <= total, phase + " " + done + "/" + total);
                                    reached.put(phase, done);
                                    totals.put(phase, total);
                                });
        creator().options(watched).build().create();
        byte[] damaged = Files.readAllBytes(big);
        damaged[0] ^= 1;
        Files.write(big, damaged);
        Par2Repairer.repair(Par2Archive.open(index), folder, List.of(), watched);
        assertEquals(totals, reached);
        assertEquals(
                EnumSet.complementOf(EnumSet.of(ProgressListener.Phase.HASHING)),
                reached.keySet());
        reached.clear();
        append(big, new byte[1]);
        Par2Repairer.repair(Par2Archive.open(index), folder, List.of(), watched);
        assertEquals(50_001, reached.get(ProgressListener.Phase.WRITING), "a copy");
    }

    /** Writes an index for a set of one file, whose name is not checked. */
    private void writeSetNaming(String name) throws IOException {
        byte[] data = random(1, 400);
        FileHasher hasher = new FileHasher(400);
        hasher.update(data, 0, 400);
        FileHashes h = hasher.finish();
        Hash16 id = Par2SetBuilder.fileId(h.md5of16k(), 400, name);
        Hash16 set = PacketWriter.setId(400, List.of(id), List.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                PacketWriter.bytes(new Par2Packet.Main(set, 400, List.of(id), List.of())));
        out.writeBytes(
                PacketWriter.bytes(
                        new Par2Packet.FileDesc(
                                set, id, h.md5(), h.md5of16k(), 400, name, true)));
        out.writeBytes(
                PacketWriter.bytes(new Par2Packet.SliceChecksums(set, id, h.slices())));
        try (ParityEncoder encoder = ParityEncoder.builder(400).recovery(0, 1).build()) {
            encoder.add(0, data, 0, 400);
            out.writeBytes(RecoveryPacket.bytes(set, 0, encoder.recovery(0)));
        }
        Files.write(index, out.toByteArray());
    }

    @Test
    void currentFolderNeedsNoName() throws Exception {
        writeSetNaming("not in the current folder");
        VerifyReport report = Par2Verifier.verify(
                Par2Archive.open(index), Path.of(""), List.of(), ProgressListener.NONE);
        assertEquals(new Verdict.Repairable(1), report.verdict());
    }

    @Test
    void setNamingFilesOutsideTheFolderIsRefusedAndWritesNothing() throws Exception {
        writeSetNaming("good");
        assertInstanceOf(RepairResult.Repaired.class, repair());
        for (String name : List.of("../evil", outer + "/evil", "a/../../evil", "a\\b", "C:evil")) {
            writeSetNaming(name);
            List<String> names = tree(outer);
            var e = assertThrows(Par2Exception.class, this::repair);
            assertEquals(Par2Exception.Kind.UNSAFE_NAME, e.kind());
            assertEquals(names, tree(outer));
        }
    }

    @Test
    void linksInTheWayAreNotFollowed(@TempDir Path elsewhere) throws Exception {
        Path victim = write(elsewhere, "victim", 100);
        byte[] before = Files.readAllBytes(victim);
        writeSetNaming("good");
        Files.createSymbolicLink(folder.resolve("good"), victim);
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertArrayEquals(before, Files.readAllBytes(victim));
        assertArrayEquals(random(1, 400), Files.readAllBytes(folder.resolve("good")));
        Files.delete(folder.resolve("good"));
        Files.createSymbolicLink(folder.resolve("good"), elsewhere.resolve("dangling"));
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertFalse(Files.exists(elsewhere.resolve("dangling")));
        writeSetNaming("out/good");
        Files.createSymbolicLink(folder.resolve("out"), elsewhere);
        VerifyReport report = verify();
        assertEquals(new FileState.Refused(folder.resolve("out/good")), state(report, "out/good"));
        assertEquals(new Verdict.Refused(), report.verdict());
        assertInstanceOf(RepairResult.NothingToDo.class, repair());
        assertFalse(Files.exists(elsewhere.resolve("good")));
    }

    @Test
    void folderInTheWayOfAFileIsNamed() throws Exception {
        writeSetNaming("way/good");
        Files.write(folder.resolve("way"), new byte[1]);
        var e = assertThrows(Par2Exception.class, this::repair);
        assertEquals(Par2Exception.Kind.EXISTS, e.kind());
        Files.delete(folder.resolve("way"));
        Files.createDirectories(folder.resolve("way/good"));
        e = assertThrows(Par2Exception.class, this::repair);
        assertTrue(e.getMessage().contains("good is in the way"), e.getMessage());
    }

    @Test
    void filesThatAreNoSetAreNamed() throws Exception {
        Files.write(index, random(1, 5000));
        var e = assertThrows(Par2Exception.class, () -> Par2Archive.open(index));
        assertEquals(Par2Exception.Kind.NOT_PAR2, e.kind());
        assertTrue(e.getMessage().contains("set.par2"), e.getMessage());
        Files.write(index, RecoveryPacket.bytes(new Hash16(1, 2), 0, new byte[400]));
        e = assertThrows(Par2Exception.class, () -> Par2Archive.open(index));
        assertEquals(Par2Exception.Kind.INCOMPLETE, e.kind());
    }

    @Test
    void emptyFileListedInTheMainPacketIsRebuiltToo() throws Exception {
        FileHashes none = new FileHasher(400).finish();
        FileHasher hasher = new FileHasher(400);
        hasher.update(Files.readAllBytes(small), 0, 7);
        FileHashes seven = hasher.finish();
        Hash16 a = Par2SetBuilder.fileId(none.md5of16k(), 0, "none");
        Hash16 b = Par2SetBuilder.fileId(seven.md5of16k(), 7, "small.bin");
        Hash16 set = PacketWriter.setId(400, List.of(a, b), List.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Par2Packet packet :
                List.of(
                        new Par2Packet.Main(set, 400, List.of(a, b), List.of()),
                        new Par2Packet.FileDesc(
                                set, a, none.md5(), none.md5of16k(), 0, "none", true),
                        new Par2Packet.FileDesc(
                                set, b, seven.md5(), seven.md5of16k(), 7, "small.bin", true),
                        new Par2Packet.SliceChecksums(set, b, seven.slices()))) {
            out.writeBytes(PacketWriter.bytes(packet));
        }
        Files.write(index, out.toByteArray());
        assertEquals(new Verdict.Repairable(0), verify().verdict());
        assertInstanceOf(RepairResult.Repaired.class, repair());
        assertEquals(0, Files.size(folder.resolve("none")));
    }

    @Test
    void setThatContradictsItselfIsRefusedByPlace() throws Exception {
        Par2Set set = creator().build().create().set();
        ParFile f = set.files().getFirst();
        append(
                index,
                PacketWriter.bytes(
                        new Par2Packet.FileDesc(
                                set.id(),
                                f.id(),
                                new Hash16(1, 1),
                                f.md5of16k(),
                                f.length(),
                                f.name(),
                                true)));
        var e = assertThrows(Par2Exception.class, () -> Par2Archive.open(index));
        assertEquals(Par2Exception.Kind.CONTRADICTION, e.kind());
        assertTrue(e.getMessage().startsWith("set.par2, offset "), e.getMessage());
    }

    @Test
    void recoverySlicesOfTheWrongSizeOrTwiceAreLeftOut() throws Exception {
        Par2Set set = creator().recoveryCount(1).build().create().set();
        append(index, RecoveryPacket.bytes(set.id(), 5, new byte[404]));
        append(index, RecoveryPacket.bytes(set.id(), 6, new byte[400]));
        append(index, RecoveryPacket.bytes(set.id(), 6, random(1, 400)));
        Par2Archive archive = Par2Archive.open(index);
        assertEquals(List.of(0, 6), archive.exponents());
        assertEquals(2, archive.problems().size(), archive.problems().toString());
    }

    @Test
    void setWithMoreSlicesThanThereCanBeIsRefusedWithoutMemory() throws Exception {
        Hash16 head = new Hash16(3, 4);
        Hash16 id = PacketWriter.fileId(head, Long.MAX_VALUE, new byte[] {'x'});
        Hash16 set = PacketWriter.setId(4, List.of(id), List.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                PacketWriter.bytes(new Par2Packet.Main(set, 4, List.of(id), List.of())));
        out.writeBytes(
                PacketWriter.bytes(
                        new Par2Packet.FileDesc(
                                set, id, head, head, Long.MAX_VALUE, "x", true)));
        Files.write(index, out.toByteArray());
        var e = assertThrows(Par2Exception.class, () -> Par2Archive.open(index));
        assertEquals(Par2Exception.Kind.IMPOSSIBLE, e.kind());
        assertTrue(e.getMessage().startsWith("set.par2, offset 0: "), e.getMessage());
    }
}
