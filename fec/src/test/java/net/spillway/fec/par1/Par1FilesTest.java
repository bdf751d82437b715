package net.spillway.fec.par1;

import static net.spillway.fec.TestFiles.contents;
import static net.spillway.fec.TestFiles.options;
import static net.spillway.fec.TestFiles.par2;
import static net.spillway.fec.TestFiles.tree;
import static net.spillway.fec.TestFiles.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.backblaze.erasure.Galois;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.spillway.fec.FileState;
import net.spillway.fec.ParityOptions;
import net.spillway.fec.TestFiles;
import net.spillway.fec.VerifyReport.Verdict;
import net.spillway.fec.packet.Par2Exception;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Creating, verifying and repairing PAR1 sets, alone and both ways with par2cmdline. */
class Par1FilesTest {
    @TempDir Path folder;

    private Path index;
    private List<Path> files;

    @BeforeEach
    void writeFiles() throws Exception {
        index = folder.resolve("set.par");
        files = List.of(
                write(folder, "a.bin", 50_001),
                write(folder, "b.bin", 7),
                write(folder, "c with blanks.bin", 20_000),
                write(folder, "d.bin", 50_001),
                write(folder, "empty", 0));
    }

    private Par1Creator.Created create(int volumes) throws Exception {
        return new Par1Creator(index, files, volumes, false, options()).create();
    }

    private Par1Report verify(Path... extras) throws Exception {
        return Par1Verifier.verify(
                Par1Archive.open(index), folder, List.of(extras), options());
    }

    private Par1Result repair(Path... extras) throws Exception {
        return Par1Repairer.repair(
                Par1Archive.open(index), folder, List.of(extras), options());
    }

    private void assertContents(Map<String, byte[]> before) throws Exception {
        Map<String, byte[]> after = contents(folder);
        before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
        assertTrue(tree(folder).stream().noneMatch(name -> name.contains(".spillway-")));
    }

    private void damage(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void volumesAreNamedInTheOldManner() throws Exception {
        assertEquals(
                List.of("set.par", "set.p01", "set.p02"),
                create(2).files().stream().map(f -> f.getFileName().toString()).toList());
        assertEquals("x.p99", Par1Names.volume("x", 99));
        assertEquals("x.q00", Par1Names.volume("x", 100));
        assertEquals("x.r55", Par1Names.volume("x", 255));
        assertTrue(Par1Names.isVolumeName("X.PAR"));
        assertFalse(Par1Names.isVolumeName("x.par2"));
        assertFalse(Par1Names.isVolumeName("x.r00"));
    }

    @Test
    void untouchedFilesAreWhole() throws Exception {
        create(2);
        Par1Report report = verify();
        assertInstanceOf(Verdict.Whole.class, report.verdict());
        assertEquals(List.of(1, 2), report.volumes());
        assertEquals(5, report.files().size());
        assertInstanceOf(Par1Result.NothingToDo.class, repair());
    }

    @Test
    void lostAndDamagedFilesComeBack() throws Exception {
        Map<String, byte[]> before = contents(folder);
        create(3);
        damage(files.get(0));
        Files.delete(files.get(1));
        Files.delete(files.get(3));
        Files.delete(files.get(4));
        assertEquals(new Verdict.Repairable(3), verify().verdict());
        var repaired = assertInstanceOf(Par1Result.Repaired.class, repair());
        assertEquals(List.of("a.bin", "b.bin", "d.bin", "empty"), repaired.files());
        assertEquals(List.of(folder.resolve("a.bin.1")), repaired.backups());
        assertEquals(List.of(1, 2, 3), repaired.used());
        assertContents(before);
    }

    @Test
    void anyVolumesAtHandDo() throws Exception {
        Map<String, byte[]> before = contents(folder);
        List<Path> made = create(5).files();
        Files.delete(index);
        Files.delete(made.get(1));
        Files.delete(made.get(3));
        index = made.get(4);
        Files.delete(files.get(0));
        Files.delete(files.get(2));
        var repaired = assertInstanceOf(Par1Result.Repaired.class, repair());
        assertEquals(List.of(2, 4), repaired.used());
        assertContents(before);
    }

    @Test
    void moreLossesThanVolumesLeaveEverythingUntouched() throws Exception {
        create(1);
        damage(files.get(0));
        Files.delete(files.get(2));
        List<String> names = tree(folder);
        assertEquals(new Verdict.NotRecoverable(1), verify().verdict());
        assertEquals(new Par1Result.NotRecoverable(1), repair());
        assertEquals(names, tree(folder));
    }

    @Test
    void damagedVolumeIsNamedAndNotUsed() throws Exception {
        Map<String, byte[]> before = contents(folder);
        List<Path> made = create(2).files();
        damage(made.get(1));
        Files.delete(files.get(0));
        Par1Archive archive = Par1Archive.open(index);
        assertEquals(1, archive.problems().size());
        assertEquals("set.p01, offset 16: the file is damaged (its MD5 is wrong)",
                archive.problems().getFirst().toString());
        var repaired = assertInstanceOf(Par1Result.Repaired.class, repair());
        assertEquals(List.of(2), repaired.used());
        assertContents(before);
    }

    @Test
    void renamedFilesAreFoundAndFilesThatChangedPlacesToo(@TempDir Path elsewhere)
            throws Exception {
        Map<String, byte[]> before = contents(folder);
        create(0);
        Path first = files.get(0);
        Path second = files.get(3);
        Path third = files.get(2);
        Path away = elsewhere.resolve("away");
        Files.move(first, away);
        Files.move(second, first);
        Files.move(away, second);
        Files.move(third, away);
        Files.move(files.get(1), folder.resolve("what"));
        Par1Report report = verify(away);
        assertEquals(new Verdict.Repairable(0), report.verdict());
        assertInstanceOf(FileState.Misnamed.class, report.files().get(1).state());
        assertInstanceOf(Par1Result.Repaired.class, repair(away));
        assertTrue(Files.exists(away));
        assertTrue(Files.exists(folder.resolve("what")), "nobody offered it");
        Files.delete(folder.resolve("what"));
        assertContents(before);
        Files.move(files.get(1), folder.resolve("what"));
        assertInstanceOf(Par1Result.Repaired.class, repair(folder.resolve("what")));
        assertFalse(Files.exists(folder.resolve("what")), "it was offered");
        assertContents(before);
    }

    @Test
    void memoryAndThreadsDoNotChangeTheVolumes() throws Exception {
        create(3);
        Map<String, byte[]> before = contents(folder);
        ParityOptions small = options().withMemory(ParityOptions.MIN_MEMORY).withThreads(3);
        List<Path> many = new ArrayList<>(files);
        for (int i = 0; i < 200; i++) {
            many.add(write(folder, "z" + i, i == 77 ? 60_000 : 1));
        }
        Path a = folder.resolve("m.par");
        new Par1Creator(a, many, 2, false, small).create();
        Path b = folder.resolve("n.par");
        new Par1Creator(b, many, 2, false, options().withThreads(1)).create();
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("m.p02")),
                Files.readAllBytes(folder.resolve("n.p02")));
        assertContents(before);
    }

    /** Two files whose numbers have a ratio of order 3 look the same to volumes 1, 4, 7... */
    private int[] singularPair() {
        for (int high = 2; high <= 255; high++) {
            for (int low = 1; low < high; low++) {
                byte ratio = Galois.divide((byte) high, (byte) low);
                if (Galois.exp(ratio, 3) == 1) {
                    return new int[] {low, high};
                }
            }
        }
        throw new AssertionError("the field has elements of order 3");
    }

    @Test
    void singularVolumesArePassedOverAndNamed() throws Exception {
        int[] pair = singularPair();
        files = new ArrayList<>();
        for (int i = 1; i <= pair[1]; i++) {
            files.add(write(folder, String.format("f%03d", i), 10 + i));
        }
        Map<String, byte[]> before = contents(folder);
        List<Path> made = create(8).files();
        for (int number : List.of(2, 3, 5, 6)) {
            Files.delete(made.get(number));
        }
        Files.delete(files.get(pair[0] - 1));
        Files.delete(files.get(pair[1] - 1));
        Par1Report report = verify();
        assertEquals(List.of(1, 4, 7, 8), report.volumes());
        assertEquals(List.of(1, 8), report.used());
        assertEquals(List.of(4, 7), report.dependent());
        var repaired = assertInstanceOf(Par1Result.Repaired.class, repair());
        assertEquals(List.of(4, 7), repaired.dependent());
        assertContents(before);
        Files.delete(made.get(8));
        Files.delete(files.get(pair[0] - 1));
        Files.delete(files.get(pair[1] - 1));
        assertEquals(new Verdict.NotRecoverable(1), verify().verdict());
        assertEquals(new Par1Result.NotRecoverable(1), repair());
    }

    @Test
    void requestsThatCannotBeMetAreRefused() throws Exception {
        create(1);
        var e = assertThrows(Par2Exception.class, () -> create(1));
        assertEquals(Par2Exception.Kind.EXISTS, e.kind());
        Path twin = write(folder, "sub/a.bin", 3);
        index = folder.resolve("other.par");
        files = List.of(files.getFirst(), twin);
        e = assertThrows(Par2Exception.class, () -> create(1));
        assertTrue(e.getMessage().contains("no folders"), e.getMessage());
        List<Path> many = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            many.add(write(folder, "many/" + i, 1));
        }
        files = many;
        e = assertThrows(Par2Exception.class, () -> create(1));
        assertTrue(e.getMessage().contains("PAR2 takes more"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> create(256));
        assertFalse(Files.exists(index));
    }

    @Test
    void namesBeyondAsciiSurvive() throws Exception {
        files = List.of(write(folder, "größe.bin", 100), write(folder, "日本", 100));
        Map<String, byte[]> before = contents(folder);
        create(2);
        files.forEach(file -> assertTrue(file.toFile().delete()));
        assertInstanceOf(Par1Result.Repaired.class, repair());
        assertContents(before);
        byte[] widened = {'d', 0, (byte) 0xc3, 0, (byte) 0xbc, 0, 'r', 0, 0, 0};
        assertEquals("dür", Par1Names.decode(widened, 0, widened.length));
        byte[] latin = {'d', 0, (byte) 0xfc, 0, 'r', 0};
        assertEquals("dür", Par1Names.decode(latin, 0, latin.length));
    }

    @Test
    void theirVerifyAndRepairWorkWithOurSet() throws Exception {
        TestFiles.needPar2();
        Map<String, byte[]> before = contents(folder);
        create(3);
        assertEquals(0, par2(folder, "verify", "-q", "set.par"));
        damage(files.get(0));
        Files.delete(files.get(1));
        Files.delete(files.get(3));
        assertEquals(1, par2(folder, "verify", "-q", "set.par"));
        assertEquals(0, par2(folder, "repair", "-q", "set.par"));
        assertContents(before);
        for (int i = 0; i < 4; i++) {
            Files.delete(files.get(i));
        }
        assertEquals(2, par2(folder, "repair", "-q", "set.par"));
    }

    /** par2 does not create PAR1, so the other way is ours repairing what theirs took for whole. */
    @Test
    void ourRepairAgreesWithTheirsOnEveryPairOfLosses() throws Exception {
        TestFiles.needPar2();
        create(2);
        Map<String, byte[]> before = new TreeMap<>(contents(folder));
        for (int i = 0; i < 4; i++) {
            for (int k = i + 1; k < 4; k++) {
                Files.delete(files.get(i));
                Files.delete(files.get(k));
                assertInstanceOf(Par1Result.Repaired.class, repair());
                assertContents(before);
                Files.delete(files.get(i));
                Files.write(files.get(k), Arrays.copyOf(before.get(
                        files.get(k).getFileName().toString()), 3));
                assertEquals(0, par2(folder, "repair", "-q", "set.p01"));
                assertContents(before);
                Files.deleteIfExists(folder.resolve(files.get(k).getFileName() + ".1"));
            }
        }
    }
}
