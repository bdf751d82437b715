package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.spillway.tools.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say of files behind a link that leads out of the folder of the set. */
class Par2LinkedFoldersTest {
    @TempDir private Path temporary;
    private Path dir;
    private Path base;
    private Path par2;
    private Path plain;
    private byte[] contents;

    @BeforeEach
    void writeFiles() throws IOException {
        dir = temporary.toRealPath();
        base = Files.createDirectory(dir.resolve("base"));
        par2 = base.resolve("set.par2");
        contents = new byte[5000];
        new Random(3).nextBytes(contents);
        plain = Files.write(base.resolve("plain"), contents);
        Files.write(Files.createDirectory(dir.resolve("disk2")).resolve("f"), new byte[3000]);
    }

    private void link() throws IOException {
        Files.createSymbolicLink(base.resolve("sub"), Path.of("../disk2"));
    }

    @Test
    void createRefusesThemAndSaysHowToNameThem() throws IOException {
        link();
        for (Object[] words : new Object[][] {
                {"par2", "create", par2, base.resolve("sub/f"), plain},
                {"par2", "create", "-R", par2, base.resolve("sub"), plain}}) {
            Run run = Run.spillway(words);
            assertEquals(ExitCode.USAGE.code(), run.exitCode(), run.err());
            assertTrue(run.err().contains(base.resolve("sub/f") + " is refused"), run.err());
            assertTrue(run.err().contains(dir.resolve("disk2/f") + ", with -B " + dir + ","),
                    run.err());
            assertFalse(Files.exists(par2));
        }
        Run advised = Run.spillway(
                "par2", "create", "-B", dir, par2, dir.resolve("disk2/f"), plain);
        assertEquals(0, advised.exitCode(), advised.err());
        assertEquals(0, Run.spillway("par2", "verify", "-B", dir, par2).exitCode());
    }

    /** Where the folder is named by a link to it, a misspelt name must not look like a way out. */
    @Test
    void fileThatIsNotThereIsSaidNotToBe() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("base"));
        Path set = link.resolve("set.par2");
        link();
        Files.createSymbolicLink(base.resolve("dangling"), Path.of("nowhere"));
        for (String name : List.of("nosuch", "nosuch/file", "sub/nosuch/file", "dangling/file")) {
            for (Object[] words : new Object[][] {
                    {"par2", "create", set, link.resolve("plain"), link.resolve(name)},
                    {"par2", "create", "-B", link, set, link.resolve(name)},
                    {"par2", "create", link.resolve("set.par"), link.resolve(name)}}) {
                Run run = Run.spillway(words);
                assertEquals(ExitCode.USAGE.code(), run.exitCode(), run.err());
                assertTrue(run.err().contains(link.resolve(name) + ": there is no such file")
                        || run.err().contains(link.resolve(name) + " is not there"), run.err());
                assertFalse(run.err().contains("refused"), run.err());
            }
        }
        Run good = Run.spillway("par2", "create", "-B", link, set, link.resolve("plain"));
        assertEquals(0, good.exitCode(), good.err());
    }

    /** Files that are not there have no part in the folder that is advised. */
    @Test
    void folderAdvisedIsOneOfTheFilesThatAreThere() throws IOException {
        link();
        Run run = Run.spillway(
                "par2", "create", par2, base.resolve("sub/f"), base.resolve("nosuch/file"));
        Path disk2 = dir.resolve("disk2");
        assertTrue(run.err().contains(disk2.resolve("f") + ", with -B " + disk2 + ","), run.err());
    }

    /** Whoever is told that it leads out looks for a folder elsewhere, and there is none. */
    @Test
    void linkThatLeadsNowhereIsSaidToMaybeDoSo() throws IOException {
        Path sub = Files.createDirectory(base.resolve("sub"));
        Files.write(sub.resolve("f"), new byte[3000]);
        assertEquals(0, Run.spillway("par2", "create", "-s", 1000, "-c", 3, par2,
                sub.resolve("f"), plain).exitCode());
        Files.delete(sub.resolve("f"));
        Files.delete(sub);
        Files.createSymbolicLink(sub, Path.of("missing"));
        Files.delete(plain);
        Run verify = Run.spillway("par2", "verify", par2);
        assertEquals(ExitCode.NOT_RECOVERABLE.code(), verify.exitCode(), verify.err());
        assertTrue(verify.out().contains("refused   sub/f (a link on the way leads out of the"
                + " folder, or nowhere)"), verify.out());
        assertFalse(Files.exists(base.resolve("missing")));
    }

    /** A script must not take files for whole that nobody may look after. */
    @Test
    void othersAreCheckedAndRepairedAndTheExitCodeSaysThatNotAllIsWell() throws IOException {
        Files.createDirectory(base.resolve("sub"));
        Files.write(base.resolve("sub/f"), new byte[3000]);
        assertEquals(0, Run.spillway("par2", "create", "-s", 1000, "-c", 2, par2,
                base.resolve("sub/f"), plain).exitCode());
        Files.delete(base.resolve("sub/f"));
        Files.delete(base.resolve("sub"));
        link();
        for (String command : new String[] {"verify", "repair"}) {
            Run whole = Run.spillway("par2", command, par2);
            assertEquals(ExitCode.UNREADABLE.code(), whole.exitCode(), whole.err());
            assertTrue(whole.out().contains("refused   sub/f (a link on the way leads out"),
                    whole.out());
            assertTrue(whole.out().contains("All others are whole. 1 file is refused"),
                    whole.out());
        }
        byte[] damaged = contents.clone();
        damaged[17] ^= 1;
        Files.write(plain, damaged);
        assertEquals(ExitCode.FAILED.code(), Run.spillway("par2", "verify", par2).exitCode());
        Run repair = Run.spillway("par2", "repair", "--json", par2);
        assertEquals(ExitCode.UNREADABLE.code(), repair.exitCode(), repair.err());
        assertTrue(repair.out().contains("\"refused\": [\"sub/f\"]"), repair.out());
        assertArrayEquals(contents, Files.readAllBytes(plain));
        assertArrayEquals(new byte[3000], Files.readAllBytes(dir.resolve("disk2/f")));
        assertEquals(6, Run.spillway("par2", "verify", "--par2-exit-codes", par2).exitCode());
    }
}
