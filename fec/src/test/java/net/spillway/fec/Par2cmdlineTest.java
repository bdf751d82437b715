package net.spillway.fec;

import static net.spillway.fec.TestFiles.contents;
import static net.spillway.fec.TestFiles.options;
import static net.spillway.fec.TestFiles.par2;
import static net.spillway.fec.TestFiles.random;
import static net.spillway.fec.TestFiles.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.spillway.fec.engine.Engines;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compatible both ways with par2cmdline. */
class Par2cmdlineTest {
    @TempDir Path folder;

    private List<Path> files;

    @BeforeAll
    static void needsPar2() {
        TestFiles.needPar2();
    }

    @BeforeEach
    void writeFiles() throws Exception {
        files =
                List.of(
                        write(folder, "big file.bin", 50_001),
                        write(folder, "small.bin", 7),
                        write(folder, "sub/deep/exact.bin", 8000),
                        write(folder, "größe.bin", 5003));
    }

    private Par2Creator.Builder creator() {
        return Par2Creator.builder(folder.resolve("set.par2"), folder)
                .files(files)
                .sliceSize(400)
                .recoveryCount(30)
                .options(options());
    }

    private void createTheirs(String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of("create", "-q", "-q"));
        args.addAll(List.of(more));
        args.add("set.par2");
        files.forEach(file -> args.add(folder.relativize(file).toString()));
        assertEquals(0, par2(folder, args.toArray(String[]::new)));
    }

    private RepairResult repairOurs() throws Exception {
        Par2Archive archive = Par2Archive.open(folder.resolve("set.par2"));
        return Par2Repairer.repair(archive, folder, List.of(), options());
    }

    private void damage() throws Exception {
        Path big = files.getFirst();
        byte[] bytes = Files.readAllBytes(big);
        ByteArrayOutputStream shifted = new ByteArrayOutputStream();
        shifted.write(bytes, 0, 10_000);
        shifted.writeBytes(new byte[] {1, 2, 3});
        shifted.write(bytes, 10_000, 30_000);
        shifted.writeBytes(random(3, 1000));
        shifted.write(bytes, 41_000, 9_001);
        Files.write(big, shifted.toByteArray());
        Files.delete(files.get(1));
        byte[] exact = Files.readAllBytes(files.get(2));
        Files.write(files.get(2), Arrays.copyOf(exact, 6000));
    }

    @Test
    void theirVerifyAcceptsOurSet() throws Exception {
        creator().build().create();
        assertEquals(0, par2(folder, "verify", "-q", "set.par2"));
    }

    @Test
    void theirVerifyAcceptsOurSetWithAnEmptyFile() throws Exception {
        files = new ArrayList<>(files);
        files.add(write(folder, "empty", 0));
        creator().build().create();
        assertEquals(0, par2(folder, "verify", "-q", "set.par2"));
        Files.delete(folder.resolve("empty"));
        var repaired = assertInstanceOf(RepairResult.Repaired.class, repairOurs());
        assertEquals(List.of("empty"), repaired.files());
        assertEquals(0, Files.size(folder.resolve("empty")));
    }

    @Test
    void theirRepairWorksWithOurSet() throws Exception {
        Map<String, byte[]> before = contents(folder);
        creator().build().create();
        damage();
        assertEquals(1, par2(folder, "verify", "-q", "set.par2"));
        assertEquals(0, par2(folder, "repair", "-q", "set.par2"));
        assertSame(before);
    }

    @Test
    void ourVerifyAndRepairWorkWithTheirSet() throws Exception {
        Map<String, byte[]> before = contents(folder);
        createTheirs("-s400", "-c30");
        Par2Archive archive = Par2Archive.open(folder.resolve("set.par2"));
        assertEquals(30, archive.recovery().size());
        assertEquals(List.of(), archive.problems());
        VerifyReport whole =
                Par2Verifier.verify(archive, folder, List.of(), ProgressListener.NONE);
        assertInstanceOf(VerifyReport.Verdict.Whole.class, whole.verdict());
        damage();
        assertInstanceOf(RepairResult.Repaired.class, repairOurs());
        assertSame(before);
        assertEquals(0, par2(folder, "verify", "-q", "set.par2"));
    }

    @Test
    void theirRenamedFileIsFoundAndGetsItsName() throws Exception {
        Map<String, byte[]> before = contents(folder);
        createTheirs("-s400", "-c2");
        Files.move(files.getFirst(), folder.resolve("what is this"));
        assertInstanceOf(RepairResult.Repaired.class, repairOurs());
        assertSame(before);
    }

    @Test
    void recoverySlicesAndSetIdAreTheSameBytesAsTheirs() throws Exception {
        createTheirs("-s400", "-c21", "-f7");
        Par2Archive theirs = Par2Archive.open(folder.resolve("set.par2"));
        for (String engine : List.of("vector", "portable", "scalar")) {
            if (engine.equals("vector") && !Engines.vectorAvailable()) {
                continue;
            }
            Par2Creator.Builder ours =
                    Par2Creator.builder(folder.resolve(engine + ".par2"), folder)
                            .files(files)
                            .sliceSize(400)
                            .recoveryCount(21)
                            .firstExponent(7)
                            .options(options().withEngine(Engines.named(engine)));
            ours.build().create();
            assertSameRecovery(theirs, Par2Archive.open(folder.resolve(engine + ".par2")));
        }
    }

    private static void assertSameRecovery(Par2Archive theirs, Par2Archive ours)
            throws Exception {
        assertEquals(theirs.set().id(), ours.set().id());
        assertEquals(theirs.set().files(), ours.set().files());
        assertEquals(theirs.exponents(), ours.exponents());
        for (int e : theirs.exponents()) {
            byte[] a = new byte[(int) theirs.set().sliceSize()];
            byte[] b = a.clone();
            theirs.recovery().get(e).read(0, a, 0, a.length);
            ours.recovery().get(e).read(0, b, 0, b.length);
            assertArrayEquals(a, b, "exponent " + e);
        }
    }

    @Test
    void volumesAreNamedAsTheirs() throws Exception {
        createTheirs("-s400", "-c21", "-f7");
        List<String> theirs = volumes();
        for (String name : theirs) {
            Files.delete(folder.resolve(name));
        }
        creator().recoveryCount(21).firstExponent(7).build().create();
        assertEquals(theirs, volumes());
        for (String name : theirs) {
            Files.delete(folder.resolve(name));
        }
        createTheirs("-s400", "-c10", "-u", "-n3");
        theirs = volumes();
        creator()
                .recoveryCount(10)
                .volumes(new VolumeLayout.Uniform(3))
                .overwrite(true)
                .build()
                .create();
        assertEquals(theirs, volumes());
    }

    private List<String> volumes() throws Exception {
        return contents(folder).keySet().stream().filter(n -> n.endsWith(".par2")).toList();
    }

    private void assertSame(Map<String, byte[]> before) throws Exception {
        Map<String, byte[]> after = contents(folder);
        before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
        assertTrue(
                after.keySet().stream().noneMatch(name -> name.contains(".spillway-")),
                "no working folder is left");
    }
}
