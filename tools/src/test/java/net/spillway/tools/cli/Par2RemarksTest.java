package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import net.spillway.tools.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the par2 commands say besides their result, so that nobody is left to guess. */
class Par2RemarksTest {
    @TempDir private Path dir;
    private Path par2;
    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        par2 = dir.resolve("set.par2");
        file = Files.write(dir.resolve("file"), new byte[3000]);
    }

    /** Remarks go to the standard error of the process. */
    private static String remarks(Supplier<Run> work) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes));
        try {
            Run run = work.get();
            assertEquals(0, run.exitCode(), run.err());
        } finally {
            System.setErr(before);
        }
        return bytes.toString();
    }

    /** They may be large, are hidden, and nothing else removes them. */
    @Test
    void foldersOfRunsThatWereKilledAreNamedOnceAndKept() throws IOException {
        assertEquals("", remarks(() -> Run.spillway("par2", "create", par2, file)));
        Path left = Files.createDirectory(dir.resolve(".spillway-123"));
        Files.write(left.resolve("0"), new byte[2000]);
        Files.createDirectory(dir.resolve(".spillway-mine"));
        for (String command : List.of("verify", "repair")) {
            String said = remarks(() -> Run.spillway("par2", command, par2));
            assertTrue(said.contains(left + ": left by a run that was killed, 2.0 kB; remove it if"
                    + " no other run is under way here"), said);
            assertEquals(1, said.lines().count(), said);
        }
        Files.createDirectory(dir.resolve(".spillway-456"));
        String said = remarks(() -> Run.spillway(
                "par2", "create", "--overwrite", par2, file));
        assertTrue(said.contains(left + " and 1 more: left by runs that were killed"), said);
        assertTrue(Files.exists(left.resolve("0")));
    }

    @Test
    void recoveryBlocksThatEmptyFilesCannotHaveAreNotPassedOverInSilence() throws IOException {
        Path empty = Files.createFile(dir.resolve("empty"));
        assertTrue(remarks(() -> Run.spillway("par2", "create", "-c", 2, par2, empty))
                .contains("no recovery blocks are made: all files are empty"));
        assertFalse(remarks(() -> Run.spillway(
                "par2", "create", "--overwrite", "-c", 2, par2, empty, file)).contains("empty"));
    }

    @Test
    void nameThatNoSetMayHaveIsRefusedWithAWayToGoOn() throws IOException {
        assumeTrue(dir.getFileSystem().getSeparator().equals("/"));
        Files.createFile(dir.resolve("a\\b"));
        Run run = Run.spillway("par2", "create", "-R", par2, dir);
        assertEquals(ExitCode.USAGE.code(), run.exitCode());
        assertTrue(run.err().contains("it has a backslash; rename it, or name the other files"
                + " without it instead of their folder"), run.err());
    }

    /** The folder that the set's own and all files have in common may be that of everything. */
    @Test
    void folderAdvisedForNamesIsTheDeepestThatAllFilesAreIn() throws IOException {
        Path deep = Files.createDirectories(dir.resolve("a/b"));
        Path first = Files.createFile(deep.resolve("first"));
        Path second = Files.createFile(Files.createDirectory(deep.resolve("c")).resolve("second"));
        Path other = Files.createDirectory(dir.resolve("other"));
        Run run = Run.spillway("par2", "create", "-B", other, par2, first, second);
        assertEquals(ExitCode.USAGE.code(), run.exitCode());
        assertTrue(run.err().contains("-B " + deep + " has them begin"), run.err());
    }

    @Test
    void oneVolumeOfTheOlderFormatIsNotCalledEach() {
        Path par = dir.resolve("set.par");
        assertTrue(Run.spillway("par2", "create", "-c", 1, par, file).out()
                .contains("1 recovery volume of 3.0 kB, beside"));
        assertTrue(Run.spillway("par2", "create", "--overwrite", "-c", 2, par, file).out()
                .contains("2 recovery volumes of 3.0 kB each, beside"));
    }

    @Test
    void filesOfTheOlderFormatAreNamedWhereAFolderIsTakenWithThem() throws IOException {
        Path other = Files.createFile(dir.resolve("other.p01"));
        List<String> said = new ArrayList<>();
        assertEquals(List.of(file, other), Par2Folder.files(dir, path -> false, said::add));
        assertEquals(List.of("taken too, though it is called like a PAR1 file: " + other), said);
    }
}
