package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.spillway.tools.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell hands on names whose bytes are no UTF-8 as they are; Java reads them without those. */
class Par2BytesAsNamesTest {
    @TempDir private Path dir;
    private Path par2;

    /** As the command line has it. */
    private Path word;

    private Path file;
    private byte[] contents;

    @BeforeEach
    void writeFile() throws IOException {
        par2 = dir.resolve("set.par2");
        contents = new byte[3000];
        new Random(5).nextBytes(contents);
        word = dir.resolve("lat\ufffdin.bin");
        try {
            file = Path.of(URI.create("file://" + dir.toUri().getRawPath() + "lat%E4in.bin"));
            Files.write(file, contents);
        } catch (IOException e) {
            assumeTrue(false, "this file system has no such names: " + e);
        }
        assumeTrue(file.toString().equals(word.toString()) && !Files.exists(word));
    }

    @Test
    void fileIsFoundByWhatIsLeftOfItsName() throws IOException {
        Run create = Run.spillway("par2", "create", "-s", 1000, "-c", 2, par2, word);
        assertEquals(0, create.exitCode(), create.err());
        byte[] damaged = contents.clone();
        damaged[17] ^= 1;
        Files.write(file, damaged);
        Run verify = Run.spillway("par2", "verify", par2, word);
        assertEquals(ExitCode.FAILED.code(), verify.exitCode());
        assertTrue(verify.out().contains("damaged   lat\u00e4in.bin (2 of 3"), verify.out());
        assertEquals(0, Run.spillway("par2", "repair", par2, word).exitCode());
        assertArrayEquals(contents, Files.readAllBytes(file));
        Run all = Run.spillway("par2", "create", "-R", "--overwrite", par2, dir);
        assertEquals(0, all.exitCode(), all.err());
        assertEquals(0, Run.spillway("par2", "verify", par2).exitCode());
    }

    @Test
    void filesThatLookTheSameAreAllMeant() throws IOException {
        Path other = Path.of(URI.create(file.toUri().toString().replace("%E4", "%E5")));
        Files.write(other, new byte[1]);
        assertEquals(List.of(file, other), Par2Names.onDisk(word));
        assertEquals(List.of(par2.resolveSibling("x")),
                Par2Names.onDisk(Files.createFile(dir.resolve("x"))));
        assertEquals(List.of(), Par2Names.onDisk(dir.resolve("y")));
    }

    /** PAR1 has names of text only; the advice is that of the command, and given once. */
    @Test
    void par1RefusesItAndSaysOnceWhatToDo() {
        Run run = Run.spillway("par2", "create", dir.resolve("set.par"), word);
        assertEquals(ExitCode.USAGE.code(), run.exitCode());
        String said = run.err().toLowerCase(Locale.ROOT);
        assertTrue(said.contains("it is no text in the system's character set"), said);
        assertEquals(2, said.split("rename it", -1).length, said);
    }

    @Test
    void whatIsNotThereIsRefusedWithTheReason() {
        Run run = Run.spillway("par2", "create", par2, dir.resolve("\ufffd.bin"));
        assertEquals(ExitCode.USAGE.code(), run.exitCode());
        assertTrue(run.err().contains("its name is no text in the system's character set"),
                run.err());
        assertTrue(Run.spillway("par2", "create", word).err()
                .contains("say before it which .par2 file to make"));
    }
}
