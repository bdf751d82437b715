package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Par2CommandTest {
    private static final int BLOCK = 1000;

    @TempDir private Path dir;
    private Path par2;
    private Path large;
    private Path small;
    private byte[] contents;

    @BeforeEach
    void writeFiles() throws IOException {
        par2 = dir.resolve("set.par2");
        large = dir.resolve("large.bin");
        small = Files.createDirectories(dir.resolve("tree/deep")).resolve("small.bin");
        contents = new byte[20 * BLOCK];
        new Random(7).nextBytes(contents);
        Files.write(large, contents);
        Files.write(small, Arrays.copyOf(contents, 2 * BLOCK + 1));
    }

    private Run create(Object... options) {
        Object[] words = Stream.concat(Stream.of("par2", "create", "-s", BLOCK),
                Stream.of(options)).toArray();
        Run run = Run.spillway(words);
        assertEquals(0, run.exitCode(), run.err());
        return run;
    }

    private void damage(int... blocks) throws IOException {
        byte[] bad = contents.clone();
        for (int block : blocks) {
            bad[block * BLOCK + 17] ^= 1;
        }
        Files.write(large, bad);
    }

    private List<String> volumes() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains(".vol")).sorted().toList();
        }
    }

    @Test
    void verifySaysWholeThenDamagedThenNotRecoverable() throws IOException {
        create("-c", 3, par2, large);
        Run whole = Run.spillway("par2", "verify", par2);
        assertEquals(ExitCode.DONE.code(), whole.exitCode());
        damage(1, 5, 9);
        Run damaged = Run.spillway("par2", "v", par2);
        assertEquals(ExitCode.FAILED.code(), damaged.exitCode());
        assertTrue(damaged.out().contains("3 of 20 blocks lacking, 3 recovery blocks"),
                damaged.out());
        damage(1, 5, 9, 11, 13);
        Run lost = Run.spillway("par2", "verify", par2);
        assertEquals(ExitCode.NOT_RECOVERABLE.code(), lost.exitCode());
        assertTrue(lost.out().contains("2 more would be needed"), lost.out());
    }

    @Test
    void filesThatWereSwappedAreToldFromDamagedOnes() throws IOException {
        Path other = dir.resolve("other.bin");
        byte[] others = new byte[contents.length];
        new Random(9).nextBytes(others);
        Files.write(other, others);
        create("-c", 1, par2, large, other);
        Files.write(large, others);
        Files.write(other, contents);
        Run verify = Run.spillway("par2", "verify", par2);
        assertEquals(ExitCode.FAILED.code(), verify.exitCode());
        assertTrue(verify.out().contains(
                "damaged   large.bin (its contents are those of other.bin)"), verify.out());
        assertTrue(verify.out().contains(
                "damaged   other.bin (its contents are those of large.bin)"), verify.out());
        assertTrue(Run.spillway("par2", "verify", par2, "--json").out().contains(
                "\"contentsOf\": \"other.bin\""));
    }

    @Test
    void fileWithoutContentsIsNotTakenForWhatLiesEmptyUnderAnotherName() throws IOException {
        Path empty = Files.createFile(dir.resolve("empty.bin"));
        create("-c", 1, par2, large, empty);
        Files.write(large, new byte[0]);
        Run verify = Run.spillway("par2", "verify", par2);
        assertFalse(verify.out().contains("its contents"), verify.out());
        assertTrue(verify.out().contains("large.bin (0 of 20 blocks are good)"), verify.out());
    }

    @Test
    void repairMakesFilesWholeAndKeepsTheDamagedOne() throws IOException {
        create("-r", "50%", "-R", par2, dir);
        damage(0, 19);
        Files.delete(small);
        Run run = Run.spillway("par2", "repair", par2);
        assertEquals(ExitCode.DONE.code(), run.exitCode(), run.err());
        assertArrayEquals(contents, Files.readAllBytes(large));
        assertEquals(2 * BLOCK + 1, Files.size(small));
        assertTrue(Files.exists(dir.resolve("large.bin.1")));
    }

    @Test
    void repairThatCannotSucceedTouchesNothing() throws IOException {
        create("-c", 1, par2, large);
        damage(3, 4);
        byte[] before = Files.readAllBytes(large);
        Run run = Run.spillway("par2", "r", par2);
        assertEquals(ExitCode.NOT_RECOVERABLE.code(), run.exitCode());
        assertArrayEquals(before, Files.readAllBytes(large));
        assertFalse(Files.exists(dir.resolve("large.bin.1")));
        Run quiet = Run.spillway("par2", "repair", "-q", par2);
        assertEquals("", quiet.out());
        assertEquals("spillway par2 repair: Repair is not possible: 2 of 20 blocks lacking,"
                + " 1 recovery block at hand; 1 more would be needed. Other files that may hold"
                + " some can be named behind the set.", quiet.err().strip());
    }

    @Test
    void jsonTellsStatesAndCounts() throws IOException {
        create("-c", 2, par2, large);
        damage(2);
        Run run = Run.spillway("par2", "verify", "--json", par2);
        Map<?, ?> result = (Map<?, ?>) Json.read(run.out());
        assertEquals(1L, result.get("exitCode"));
        assertEquals("repairable", result.get("verdict"));
        assertEquals(20L, result.get("blocks"));
        assertEquals(19L, result.get("blocksAtHand"));
        Map<?, ?> file = (Map<?, ?>) ((List<?>) result.get("files")).getFirst();
        assertEquals("damaged", file.get("state"));
        assertEquals(19L, file.get("blocksFound"));
    }

    @Test
    void quietPrintsNothingAndTheExitCodeTells() throws IOException {
        Run created = create("-q", "-c", 2, par2, large);
        assertEquals("", created.out() + created.err());
        damage(2);
        Run verified = Run.spillway("par2", "verify", "--quiet", par2);
        assertEquals(ExitCode.FAILED.code(), verified.exitCode());
        assertEquals("", verified.out() + verified.err());
    }

    @Test
    void redundancyIsInProportionToBlocks() throws IOException {
        create("-r25", "-u", "-n", 1, par2, large);
        assertEquals(List.of("set.vol0+5.par2"), volumes());
    }

    @Test
    void volumesCanBeUniformLimitedOrSoMany() throws IOException {
        create("-c12", "-u", "-n3", dir.resolve("u.par2"), large);
        create("-c12", "-n2", dir.resolve("n.par2"), large);
        create("-c50", "-l", dir.resolve("l.par2"), large);
        create("-c4", "-f10", dir.resolve("f.par2"), large);
        assertEquals(List.of(
                "f.vol10+1.par2", "f.vol11+2.par2", "f.vol13+1.par2",
                "l.vol00+01.par2", "l.vol01+02.par2", "l.vol03+04.par2", "l.vol07+08.par2",
                "l.vol15+15.par2", "l.vol30+20.par2",
                "n.vol00+4.par2", "n.vol04+8.par2",
                "u.vol00+4.par2", "u.vol04+4.par2", "u.vol08+4.par2"), volumes());
    }

    @Test
    void blockCountChoosesTheBlockSize() throws IOException {
        Run run = Run.spillway("par2", "create", "-b", 5, "-c", 1, "--json", par2, large);
        assertEquals(4000L, ((Map<?, ?>) Json.read(run.out())).get("blockSize"), run.out());
    }

    @Test
    void singleFileGetsASetOfItsName() throws IOException {
        create("-c", 1, large);
        assertTrue(Files.exists(dir.resolve("large.bin.par2")));
    }

    @Test
    void memoryAndThreadsDoNotChangeTheResult() throws IOException {
        create("-c", 5, dir.resolve("a.par2"), large);
        create("-c", 5, "-m", 1, "-t", 1, dir.resolve("b.par2"), large);
        assertArrayEquals(Files.readAllBytes(dir.resolve("a.vol3+2.par2")),
                Files.readAllBytes(dir.resolve("b.vol3+2.par2")));
    }

    @Test
    void filesBelowAnotherBaseKeepTheirRelativeNames() throws IOException {
        Path elsewhere = Files.createDirectory(dir.resolve("elsewhere")).resolve("x.par2");
        create("-c", 1, "-B", dir, elsewhere, small);
        Run run = Run.spillway("par2", "verify", "-B", dir, elsewhere);
        assertEquals(0, run.exitCode(), run.out());
        assertTrue(run.out().contains("tree/deep/small.bin"), run.out());
    }

    @Test
    void existingSetIsReplacedOnlyWhenAsked() throws IOException {
        create("-c", 1, par2, large);
        Run refused = Run.spillway("par2", "create", "-s", BLOCK, "-c", 1, par2, large);
        assertEquals(ExitCode.FAILED.code(), refused.exitCode());
        assertTrue(refused.err().contains("--overwrite"), refused.err());
        create("-c", 1, "--overwrite", par2, large);
    }

    @Test
    void nameThatIsTooLongForVolumesIsRefusedByItself() throws IOException {
        Path file = Files.write(dir.resolve("l".repeat(254)), new byte[BLOCK]);
        Run run = Run.spillway("par2", "create", file);
        assertEquals(ExitCode.FAILED.code(), run.exitCode());
        assertTrue(run.err().startsWith("spillway par2 create: " + file + ".par2: "), run.err());
        assertFalse(run.err().contains("->"), run.err());
    }

    @Test
    void replacedSetIsNotMadeOfItself() throws IOException {
        Path other = Files.write(dir.resolve("other.par2"), new byte[BLOCK]);
        Files.copy(other, small.resolveSibling("set.par2"));
        for (Path set : List.of(par2, dir.resolve("set.par"))) {
            Object[] words = {"par2", "create", "-c", 2, "--overwrite", set, large, other};
            assertEquals(0, Run.spillway(words).exitCode());
            Object[] all = Stream.concat(Stream.of(words), inFolder(set)).toArray();
            Run again = Run.spillway(all);
            assertEquals(0, again.exitCode(), again.err());
            Run run = Run.spillway("par2", "verify", set);
            assertEquals(0, run.exitCode(), run.out());
            assertEquals(3, run.out().lines().count(), run.out());
        }
        create("-c", 1, "--overwrite", "-R", par2, small.getParent());
        String info = Run.spillway("par2", "info", par2).out();
        assertTrue(info.contains("tree/deep/set.par2"), info);
    }

    @Test
    void whatIsNoOrdinaryFileInAFolderIsSaid() throws IOException {
        Path folder = small.getParent();
        Path other = Files.write(folder.resolve("other.par2"), new byte[BLOCK]);
        Path own = Files.write(folder.resolve("own.par2"), new byte[BLOCK]);
        Path first = Files.createSymbolicLink(folder.resolve("a-link"), large);
        Path second = Files.createSymbolicLink(folder.resolve("b-link"), large);
        Path noFile = Files.createSymbolicLink(folder.resolve("no-file"), dir);
        List<String> said = new ArrayList<>();
        assertEquals(List.of(first, second, other, own, small),
                Par2Folder.files(folder, own::equals, said::add));
        assertEquals(List.of(
                "taken as the file that the link leads to: " + first + " and 1 more",
                "left out, a link to a folder: " + noFile,
                "taken too, though it is a .par2 file: " + other), said);
    }

    @Test
    void wordsForNumbersSayWhatIsWanted() {
        for (var bad : Map.of("abc", "not a whole number", "99999999999", "too large").entrySet()) {
            Run run = Run.spillway("par2", "create", "-m", bad.getKey(), par2, large);
            assertEquals(ExitCode.USAGE.code(), run.exitCode());
            assertTrue(run.err().contains("\"" + bad.getKey() + "\" is " + bad.getValue()),
                    run.err());
        }
        Run both = Run.spillway("par2", "create", "-b", 5, "-s", 1000, par2, large);
        assertTrue(both.err().contains("-b") && both.err().contains("-s"), both.err());
    }

    @Test
    void fileFoundUnderANameThatWasNotGivenIsCopiedAndSaid() throws IOException {
        create("-c", 1, par2, large);
        Path backup = Files.move(large, dir.resolve("my-backup.bin"));
        Run run = Run.spillway("par2", "repair", par2);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("repaired  large.bin (copied from " + backup + ")"),
                run.out());
        assertArrayEquals(contents, Files.readAllBytes(backup));
        Files.delete(large);
        Map<?, ?> result = (Map<?, ?>) Json.read(
                Run.spillway("par2", "repair", "--json", par2, backup).out());
        assertEquals(List.of(), result.get("copied"));
        Map<?, ?> renamed = (Map<?, ?>) ((List<?>) result.get("renamed")).getFirst();
        assertEquals("large.bin", renamed.get("name"));
        assertEquals(backup.toString(), renamed.get("from"));
        assertFalse(Files.exists(backup));
    }

    /** The volumes of a set, as a shell's * would name them. */
    private Stream<Path> inFolder(Path set) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(file -> set.equals(par2)
                    ? file.getFileName().toString().matches("set\\..*par2")
                    : file.getFileName().toString().matches("set\\.(par|p\\d\\d)"))
                    .toList().stream();
        }
    }

    @Test
    void emptyFilesCountAsFiles() throws IOException {
        Path empty = Files.createFile(dir.resolve("empty"));
        assertTrue(create("-c", 0, par2, empty).out().startsWith("1 file, 0 B: 0 blocks"));
        Run run = create("-c", 1, "--overwrite", "--json", par2, large, empty);
        assertEquals(2L, ((Map<?, ?>) Json.read(run.out())).get("files"));
    }

    @Test
    void whatCannotBeMadeIsRefusedInTheWordsOfTheOptions() {
        Map.of(
                List.of("-s", 0, par2, large), "-s 0 is not a multiple of 4",
                List.of("-s", 6, par2, large), "-s 6 is not a multiple of 4",
                List.of("-n", 0, par2, large), "-n 0: there must be one volume at least",
                List.of("-n", 5, "-c", 2, par2, large), "-n 5: there is not one recovery block",
                List.of("-c", 65_536, par2, large), "-c 65536 is not between 0 and 65535",
                List.of("-f", 65_535, par2, large), "-f 65535 is not between 0 and 65534",
                List.of("", large), "\"\" is no name of a file",
                List.of(par2, ""), "\"\" is no name of a file",
                List.of("-B", dir, dir.resolve("no/set.par2"), large), "there is no folder",
                List.of(par2), "Try 'spillway par2 create --help'").forEach((words, message) -> {
                    Run run = Run.spillway(Stream.concat(
                            Stream.of("par2", "create"), words.stream()).toArray());
                    assertEquals(ExitCode.USAGE.code(), run.exitCode(), run.err());
                    assertTrue(run.err().contains(message), run.err());
                });
    }

    @Test
    void filesOutsideTheSetsFolderAreRefusedWithTheFolderThatWouldDo() {
        Path below = dir.resolve("tree/set.par2");
        Run run = Run.spillway("par2", "create", "-c", 1, below, large, small);
        assertEquals(ExitCode.USAGE.code(), run.exitCode(), run.err());
        assertTrue(run.err().contains(large + " is not inside the folder " + dir.resolve("tree")),
                run.err());
        assertTrue(run.err().contains("-B " + dir + " has them"), run.err());
        create("-c", 1, "-B", dir, below, large, small);
    }

    @Test
    void moreBlocksOrFilesThanThereCanBeAreRefusedWithWhatWouldDo() throws IOException {
        Path larger = Files.write(dir.resolve("larger"), new byte[200_000]);
        Run run = Run.spillway("par2", "create", "-s", 4, par2, larger);
        assertEquals(ExitCode.USAGE.code(), run.exitCode(), run.err());
        assertTrue(run.err().contains("-s 4 makes 50,000 blocks"), run.err());
        assertTrue(run.err().contains("-s 8 or more"), run.err());
        run = Run.spillway("par2", "create", "-b", 1, par2, large, larger);
        assertEquals(ExitCode.USAGE.code(), run.exitCode(), run.err());
        assertTrue(run.err().contains("-b 1: each of the 2 files"), run.err());
    }

    @Test
    void skippedPacketsAreAllCountedAndTheFirstOfThemTold() throws IOException {
        create("-c", 1, par2, large);
        ByteBuffer damaged = ByteBuffer.allocate(150 * 68).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 150; i++) {
            damaged.position(68 * i)
                    .put("PAR2\0PKT".getBytes(StandardCharsets.US_ASCII)).putLong(68);
        }
        Files.write(par2, damaged.array(), StandardOpenOption.APPEND);
        for (String command : List.of("verify", "info")) {
            Run json = Run.spillway("par2", command, "--json", par2);
            Map<?, ?> result = (Map<?, ?>) Json.read(json.out());
            assertEquals(150L, result.get("problemCount"));
            assertEquals(100, ((List<?>) result.get("problems")).size());
        }
        String few = Run.spillway("par2", "verify", par2).out();
        assertTrue(few.contains("145 more things (-v lists them)"), few);
        String many = Run.spillway("par2", "verify", "-v", par2).out();
        assertTrue(many.lines().anyMatch("skipped   50 more things"::equals), many);
        String info = Run.spillway("par2", "info", par2).out();
        assertTrue(info.contains("problem     50 more"), info);
    }

    @Test
    void blocksAreFoundInExtraFiles() throws IOException {
        create("-c", 1, par2, large);
        Path extra = Files.createDirectory(dir.resolve("other")).resolve("copy");
        Files.write(extra, Arrays.copyOfRange(contents, BLOCK, contents.length));
        Files.delete(large);
        Run run = Run.spillway("par2", "repair", par2, extra);
        assertEquals(0, run.exitCode(), run.out());
        assertArrayEquals(contents, Files.readAllBytes(large));
    }

    @Test
    void helpOfInfoNamesNothingThatOnlySearchingUses() {
        String info = Run.spillway("par2", "info", "--help").out();
        assertFalse(info.contains("search"), info);
        assertTrue(info.contains("more .par2 files"), info);
        assertTrue(Run.spillway("par2", "verify", "--help").out().contains("search"));
    }

    @Test
    void infoTellsWhatIsInASet() throws IOException {
        create("-c", 6, "-R", par2, dir);
        byte[] volume = Files.readAllBytes(dir.resolve("set.vol1+2.par2"));
        int second = volume.length / 2; // Of its two recovery packets.
        volume[second + 100] ^= 1;
        Files.write(dir.resolve("set.vol1+2.par2"), volume);
        Files.delete(large);
        Run text = Run.spillway("par2", "info", dir.resolve("set.vol3+3.par2"));
        assertEquals(0, text.exitCode(), text.err());
        assertTrue(text.out().contains("23 of 1,000 octets"), text.out());
        assertTrue(text.out().contains("set.vol3+3.par2: 3-5"), text.out());
        assertTrue(text.out().contains("tree/deep/small.bin (2,001 octets, 3 blocks)"));
        assertTrue(text.out().contains("problem     set.vol1+2.par2, offset " + second),
                text.out());
        Map<?, ?> info =
                (Map<?, ?>) Json.read(Run.spillway("par2", "info", "--json", par2).out());
        assertEquals(23L, info.get("blocks"));
        assertEquals(5L, info.get("recoveryBlocks"));
        assertEquals(2, ((List<?>) info.get("files")).size());
        assertEquals(1, ((List<?>) info.get("problems")).size());
        assertEquals(ExitCode.USAGE.code(),
                Run.spillway("par2", "info", dir.resolve("none.par2")).exitCode());
        assertEquals(ExitCode.USAGE.code(), Run.spillway("par2", "info", small).exitCode());
    }

    @Test
    void theOlderFormatIsMadeVerifiedAndRepairedToo() throws IOException {
        Path par = dir.resolve("old.par");
        Path other = Files.write(dir.resolve("other.bin"), new byte[] {1, 2, 3});
        assertEquals(0, Run.spillway("par2", "create", "-c", 2, par, large, other).exitCode());
        Run info = Run.spillway("par2", "info", par);
        assertTrue(info.out().contains("volumes     1-2"), info.out());
        assertEquals(ExitCode.DONE.code(), Run.spillway("par2", "verify", par).exitCode());
        damage(3);
        Files.delete(other);
        Run damaged = Run.spillway("par2", "verify", "--json", par);
        assertEquals(ExitCode.FAILED.code(), damaged.exitCode(), damaged.err());
        assertEquals("repairable", ((Map<?, ?>) Json.read(damaged.out())).get("verdict"));
        Files.delete(dir.resolve("old.p01"));
        Run lost = Run.spillway("par2", "repair", par);
        assertEquals(ExitCode.NOT_RECOVERABLE.code(), lost.exitCode());
        assertTrue(lost.out().contains("1 more would be needed"), lost.out());
        Files.write(other, new byte[] {1, 2, 3});
        Run repaired = Run.spillway("par2", "repair", dir.resolve("old.p02"));
        assertEquals(ExitCode.DONE.code(), repaired.exitCode(), repaired.err());
        assertArrayEquals(contents, Files.readAllBytes(large));
        assertTrue(Files.exists(dir.resolve("large.bin.1")));
    }

    @Test
    void whatTheOlderFormatCannotDoIsRefused() {
        Path par = dir.resolve("old.par");
        Run options = Run.spillway("par2", "create", "-s", BLOCK, par, large);
        assertEquals(ExitCode.USAGE.code(), options.exitCode());
        assertTrue(options.err().contains("do not apply"), options.err());
        Run folders = Run.spillway("par2", "create", par, small);
        assertEquals(ExitCode.USAGE.code(), folders.exitCode());
        assertTrue(folders.err().contains("no other folders"), folders.err());
        Run missing = Run.spillway("par2", "verify", par);
        assertEquals(ExitCode.USAGE.code(), missing.exitCode());
    }

    @Test
    void volumesNamedOnTheCommandLineCountToo() throws IOException {
        create("-c", 3, par2, large);
        Path away = Files.createDirectory(dir.resolve("away"));
        for (String volume : volumes()) {
            Files.move(dir.resolve(volume), away.resolve(volume));
        }
        damage(4);
        assertEquals(ExitCode.NOT_RECOVERABLE.code(),
                Run.spillway("par2", "verify", par2).exitCode());
        assertEquals(ExitCode.DONE.code(), Run.spillway("par2", "repair", par2,
                away.resolve("set.vol1+2.par2")).exitCode());
    }
}
