package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.spillway.tools.progress.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The par2 commands take what par2cmdline takes, and mean the same by it. */
class Par2cmdlineMannerTest {
    private static final Path PAR2 = Path.of("/usr/bin/par2");

    @TempDir private Path dir;
    private Path par2;
    private Path data;
    private byte[] contents;

    @BeforeEach
    void writeFiles() throws IOException {
        par2 = dir.resolve("set.par2");
        data = dir.resolve("data.bin");
        contents = new byte[20_000];
        new Random(7).nextBytes(contents);
        Files.write(data, contents);
    }

    private static Run par2(int exitCode, Object... words) {
        Run run = Run.spillway(Stream.concat(Stream.of("par2"), Stream.of(words)).toArray());
        assertEquals(exitCode, run.exitCode(), run.out() + run.err());
        return run;
    }

    private void create(Object... options) {
        par2(0, Stream.concat(Stream.of("c", "-s1000"), Stream.of(options)).toArray());
    }

    private void damage(int... blocks) throws IOException {
        byte[] bad = contents.clone();
        for (int block : blocks) {
            bad[block * 1000 + 17] ^= 1;
        }
        Files.write(data, bad);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static List<String> parity(Path folder) throws IOException {
        return names(folder).stream().filter(name -> name.endsWith(".par2")).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "-s1000 -c1", "-s1000 -c5 -u", "-s1000 -c50 -u", "-s1000 -c100 -u -n4",
        "-s1000 -c14 -l", "-s1000 -c39 -l", "-s1000 -c40 -l", "-s1000 -c41 -l", "-s1000 -c100 -l",
        "-s1000 -c130 -l -f20", "-s1000 -c50 -n3", "-s1000 -c8 -n3 -f95", "-s1000 -r33",
        "-b33 -r12", "-b7 -r100 -u", "-s1000 -r1", "-s100 -rk30", "-s100 -rk30 -n2",
        "-s100 -rk90 -u", "-s100 -rk90 -u -n3", "-s1000 -rk90 -l", "-s1000 -rm1 -l",
        "-s1000 -c0", "-s1000"
    })
    void volumesAreThoseThatPar2cmdlineMakes(String options) throws Exception {
        assumeTrue(Files.isExecutable(PAR2), "par2 is not installed");
        Path theirs = Files.createDirectory(dir.resolve("theirs"));
        Files.copy(data, theirs.resolve("data.bin"));
        List<String> words = new ArrayList<>(List.of(PAR2.toString(), "c", "-q", "-q"));
        words.addAll(List.of(options.split(" ")));
        words.addAll(List.of("set.par2", "data.bin"));
        Process process = new ProcessBuilder(words).directory(theirs.toFile())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("said").toFile()).start();
        assertEquals(0, process.waitFor(), Files.readString(dir.resolve("said")));
        words = new ArrayList<>(List.of("c"));
        words.addAll(List.of(options.split(" ")));
        words.addAll(List.of(par2.toString(), data.toString()));
        par2(0, words.toArray());
        assertEquals(parity(theirs), parity(dir));
    }

    @Test
    void archiveIsNamedByAnOptionToo() throws IOException {
        create("-a", par2, "-c", 3, data);
        assertTrue(Files.exists(par2));
        par2(0, "v", "-a" + par2);
        damage(4);
        par2(1, "verify", "-a", par2);
        Path copy = Files.write(dir.resolve("copy"), contents);
        Files.delete(data);
        par2(0, "r", "-a", par2, copy);
        assertArrayEquals(contents, Files.readAllBytes(data));
        par2(0, "info", "-a", par2);
        par2(2, "create", "-a", par2);
    }

    @Test
    void purgingLeavesNothingButTheFiles() throws IOException {
        create("-c3", par2, data);
        create("-c1", dir.resolve("other.par2"), data);
        List<String> others = List.of("data.bin", "other.par2", "other.vol0+1.par2");
        damage(1, 5, 9, 13);
        par2(3, "repair", "-p", par2);
        assertTrue(Files.exists(par2), "only what is whole is purged");
        damage(1);
        par2(1, "verify", "-p", par2);
        assertTrue(Files.exists(par2));
        Path removed = par2.toRealPath();
        Run run = par2(0, "repair", "-p", par2);
        assertTrue(run.out().contains("removed   " + removed), run.out());
        assertEquals(others, names(dir));
        Run again = par2(0, "verify", "--purge", "--json", dir.resolve("other.par2"));
        assertEquals(2, ((List<?>) ((Map<?, ?>) Json.read(again.out())).get("removed")).size());
        assertEquals(List.of("data.bin"), names(dir));
    }

    @Test
    void purgingSparesFilesThatHoldOtherThings() throws IOException {
        create("-c1", par2, data);
        par2(0, "c", "-c1", "-s400", "-a", dir.resolve("other.par2"), data);
        Path both = dir.resolve("set.vol7+1.par2");
        byte[] one = Files.readAllBytes(dir.resolve("set.vol0+1.par2"));
        byte[] two = Files.readAllBytes(dir.resolve("other.par2"));
        byte[] joined = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, joined, one.length, two.length);
        Files.write(both, joined);
        Path unnamed = Files.move(dir.resolve("set.vol0+1.par2"), dir.resolve("obfuscated"));
        par2(0, "verify", "-p", par2, unnamed);
        assertTrue(Files.exists(both) && Files.exists(unnamed));
        assertFalse(Files.exists(par2));
    }

    @Test
    void theOlderFormatIsPurgedToo() throws IOException {
        Path par = dir.resolve("old.par");
        par2(0, "c", "-c2", "-v", par, data);
        Files.write(dir.resolve("old.p03"), new byte[100]);
        damage(3);
        Run run = par2(0, "r", "-p", "-vv", par);
        assertTrue(run.out().contains("removed"), run.out());
        assertEquals(List.of("data.bin", "old.p03"), names(dir));
    }

    @Test
    void nameWithoutAnEndingWillDo() throws IOException {
        create("-c2", par2, data);
        par2(0, "v", dir.resolve("set"));
        create("-c2", data);
        par2(0, "verify", data);
        par2(2, "verify", dir.resolve("nothing"));
        par2(0, "c", "-c1", dir.resolve("old.par"), data);
        par2(0, "verify", dir.resolve("old"));
    }

    @Test
    void lostIndexIsMadeUpForByVolumes() throws IOException {
        create("-c3", par2, data);
        Files.delete(par2);
        damage(2);
        par2(1, "verify", par2);
        par2(1, "verify", dir.resolve("set"));
        par2(1, "verify", dir.resolve("set.vol0+1.par2"));
        par2(0, "repair", par2);
        par2(0, "c", "-c2", dir.resolve("old.par"), data);
        Files.delete(dir.resolve("old.par"));
        par2(0, "verify", dir.resolve("old.par"));
        par2(0, "verify", dir.resolve("old.p02"));
    }

    @Test
    void everythingInTheFolderMayBeNamed() throws IOException {
        create("-c2", par2, data);
        Files.createDirectory(dir.resolve("folder"));
        Files.createSymbolicLink(dir.resolve("dangling"), dir.resolve("nowhere"));
        Files.write(dir.resolve("note.txt"), new byte[3]);
        damage(2, 3);
        List<Object> words = new ArrayList<>(List.of("r", par2));
        names(dir).forEach(name -> words.add(dir.resolve(name)));
        par2(0, words.toArray());
        assertArrayEquals(contents, Files.readAllBytes(data));
    }

    @Test
    void volumesAreKnownByTheirContentToo() throws IOException {
        create("-c1", par2, data);
        Path volume = Files.move(dir.resolve("set.vol0+1.par2"), dir.resolve("a8f3"));
        damage(2);
        par2(3, "verify", par2);
        par2(1, "verify", par2, volume);
        Files.delete(par2);
        par2(0, "repair", volume);
    }

    @Test
    void moreIsSaidWhenWished() throws IOException {
        create("-c3", par2, data);
        byte[] shifted = Arrays.copyOfRange(contents, 3_500, 12_000);
        Files.write(data, shifted);
        byte[] volume = Files.readAllBytes(dir.resolve("set.vol1+2.par2"));
        int second = volume.length / 2; // Of its two recovery packets.
        volume[second + 100] ^= 1;
        Files.write(dir.resolve("set.vol1+2.par2"), volume);
        Run plain = par2(3, "v", par2);
        assertTrue(plain.out().contains("skipped   set.vol1+2.par2, offset " + second + ": "),
                plain.out());
        assertFalse(plain.out().contains("lacking: "), plain.out());
        Run more = par2(3, "v", "-v", par2);
        assertTrue(more.out().contains("volume    set.vol0+1.par2: 0"), more.out());
        assertTrue(more.out().contains("lacking: 0-3, 12-19"), more.out());
        assertFalse(more.out().contains("found: "), more.out());
        Run most = par2(3, "v", "-v", "-v", par2);
        assertTrue(most.out().contains("found: 4-11 in data.bin from octet 500 on"), most.out());
        assertEquals(most.out(), par2(3, "v", "-vv", par2).out());
        Files.write(data, contents);
        Run made = par2(0, "c", "-vv", "-c1", dir.resolve("x.par2"), data);
        assertTrue(made.out().contains("made        ") && made.out().contains("computed    by"),
                made.out());
    }

    @Test
    void quietOnceOrTwiceIsSilenceAndContradictsVerbose() throws IOException {
        create("-c1", par2, data);
        assertEquals("", par2(0, "v", "-q", "-q", par2).out());
        assertEquals("", par2(0, "v", "-qq", par2).out());
        assertTrue(par2(2, "v", "-q", "-v", par2).err().contains("-v does not go with -q"));
    }

    @Test
    void whatWouldLeaveDataUnsearchedIsTakenButLeavesNone() throws IOException {
        create("-c1", par2, data);
        Files.write(data, Arrays.copyOfRange(contents, 1500, contents.length));
        Files.write(dir.resolve("extra"), Arrays.copyOf(contents, 1700));
        for (List<String> options : List.of(List.of("-N"), List.of("-N", "-S64"))) {
            List<Object> words = new ArrayList<>(List.of("v"));
            words.addAll(options);
            words.addAll(List.of(par2, dir.resolve("extra")));
            par2(1, words.toArray());
        }
    }

    @Test
    void foldersThatAStarBringsAreLeftOut() throws IOException {
        Path sub = Files.createDirectory(dir.resolve("sub"));
        Run made = par2(0, "c", "-c1", "-s1000", par2, data, sub);
        assertTrue(made.out().startsWith("1 file, "), made.out());
        assertTrue(par2(2, "c", "-c1", dir.resolve("y.par2"), sub).err()
                .contains("There are no files in what was named"));
    }

    @Test
    void whatCannotBeReadIsNotCalledRepairable() throws IOException {
        create("-c1", par2, data);
        Files.delete(par2);
        Files.createSymbolicLink(par2, Path.of("/proc/self/mem")); // Nobody can read from there.
        Run run = par2(74, "v", par2, "--json");
        assertEquals(74L, ((Map<?, ?>) Json.read(run.out())).get("exitCode"));
    }

    @Test
    void whatWentWrongInsideIsNotCalledRepairableEither() throws Exception {
        CommandLine top = CommandLines.create("par2", "verify");
        CommandLine verify = top.getSubcommands().get("par2").getSubcommands().get("verify")
                .setOut(new PrintWriter(Writer.nullWriter()))
                .setErr(new PrintWriter(Writer.nullWriter()));
        for (int codes = 0; codes < 2; codes++) {
            CommandLine.ParseResult words = top.parseArgs(codes == 0
                    ? new String[] {"par2", "verify", "a.par2"}
                    : new String[] {"par2", "verify", "a.par2", "--par2-exit-codes"});
            assertEquals(codes == 0 ? 74 : 7, verify.getExecutionExceptionHandler()
                    .handleExecutionException(new IllegalStateException("a bug"), verify, words));
        }
    }

    @Test
    void exitCodesCanBeThoseOfPar2cmdline() throws IOException {
        String codes = "--par2-exit-codes";
        par2(0, "c", "-c1", "-s1000", codes, par2, data);
        par2(6, "c", "-c1", "-s1000", codes, par2, data);
        par2(3, "c", codes, "-s3", par2, data);
        par2(3, "c", codes, "-s1000", "-b5", par2, data);
        par2(0, "v", codes, par2);
        damage(1);
        par2(1, "v", codes, par2);
        damage(1, 2);
        par2(2, "v", codes, par2);
        par2(2, "r", codes, par2);
        par2(3, "v", codes, dir.resolve("nothing.par2"));
        par2(4, "v", codes, Files.write(dir.resolve("x.par2"), new byte[99]));
        Run json = par2(4, "v", codes, "--json", dir.resolve("x.par2"));
        assertEquals(4L, ((Map<?, ?>) Json.read(json.out())).get("exitCode"));
        damage(1);
        par2(0, "r", codes, par2);
    }

    @Test
    void memoryAndThreadsMayBeSaidEverywhere() throws IOException {
        create("-c2", "-m16", "-t2", par2, data);
        par2(0, "v", "-m16", "-t2", "-T1", par2);
        damage(7);
        par2(1, "v", "-t1", "-T", 2, par2);
        assertTrue(par2(2, "v").err().startsWith("spillway par2 verify: Say which"));
        par2(2, "v", "-T0", par2);
        par2(2, "v", "-m0", par2);
        Files.write(data, contents);
        create("-T2", "-c2", "--overwrite", par2, data);
        par2(2, "c", "-T0", "--overwrite", par2, data);
        damage(7);
        par2(0, "r", "-m16", "-t1", "-T2", par2);
        assertArrayEquals(contents, Files.readAllBytes(data));
    }

    @Test
    void namesCannotDriveTheTerminal() throws IOException {
        Path odd = Files.write(dir.resolve("a\u001b[2Jb\nc\u009bd\u202ee"), contents);
        create("-c1", par2, odd);
        Run whole = par2(0, "v", par2);
        assertTrue(whole.out().contains("whole     a?[2Jb?c?d?e"), whole.out());
        Files.write(odd, new byte[3]);
        Files.createDirectory(Files.move(odd, dir.resolve("moved")).resolveSibling(
                odd.getFileName()));
        Run run = par2(1, "r", par2, Files.write(dir.resolve("copy"), contents));
        assertTrue(run.err().contains("a?[2Jb?c?d?e is in the way"), run.err());
    }

    @Test
    void redundancyAsASizeMustHaveRoomForABlock() {
        Run run = par2(2, "c", "-s10000", "-rk1", par2, data);
        assertTrue(run.err().contains("no room for one recovery block"), run.err());
        assertTrue(par2(2, "c", "-rx5", par2, data).err().contains("not a percentage"));
    }
}
