package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody who names .par2 files of two sets is to believe that both were looked at. */
class Par2OtherSetsTest {
    @TempDir private Path temporary;
    private Path dir;
    private Path x;
    private Path y;
    private Path second;

    @BeforeEach
    void makeTwoSetsAndDamageTheSecond() throws IOException {
        dir = temporary.toRealPath();
        x = dir.resolve("x.par2");
        y = dir.resolve("y.par2");
        create(x, file("first", 1));
        second = file("second", 2);
        create(y, second);
        Files.write(second, new byte[] {1}, StandardOpenOption.APPEND);
    }

    private Path file(String name, int seed) throws IOException {
        byte[] bytes = new byte[5000];
        new Random(seed).nextBytes(bytes);
        return Files.write(dir.resolve(name), bytes);
    }

    private static void create(Path par2, Path file) {
        Run run = Run.spillway("par2", "create", "-s", 1000, "-c", 3, par2, file);
        assertEquals(0, run.exitCode(), run.err());
    }

    @Test
    void namedFilesOfAnotherSetAreNamedAsNotLookedAt() {
        for (String command : new String[] {"verify", "repair"}) {
            Run run = Run.spillway("par2", command, x, y);
            assertEquals(0, run.exitCode(), run.err());
            assertTrue(run.out().contains("All files of this set are whole. Not looked at: " + y
                    + ", which belongs to another set; check it by itself."), run.out());
            Run quiet = Run.spillway("par2", command, "-q", x, y);
            assertEquals("", quiet.out());
            assertTrue(quiet.err().contains("Not looked at: " + y), quiet.err());
            Run json = Run.spillway("par2", command, "--json", x, y);
            assertTrue(json.out().contains("\"otherSets\": [\"" + y + "\"]"), json.out());
        }
    }

    @Test
    void repairThatDidSomethingSaysItToo() throws IOException {
        Files.write(dir.resolve("first"), new byte[] {1}, StandardOpenOption.APPEND);
        Run run = Run.spillway("par2", "repair", x, y, dir.resolve("y.vol0+1.par2"));
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("All files of this set are whole now, and no recovery block"
                + " was needed. Not looked at: " + y + " and 1 more, which belong to other sets"),
                run.out());
        assertEquals(5001, Files.size(second), "what was not named first is left alone");
    }

    /** What belongs together is found beside the first anyway, and nothing is said of it. */
    @Test
    void volumesOfTheSameSetMayBeNamedToo() {
        Run run = Run.spillway("par2", "verify", x, dir.resolve("x.vol0+1.par2"));
        assertTrue(run.out().endsWith("All files are whole." + System.lineSeparator()), run.out());
        assertTrue(Run.spillway("par2", "verify", x, "--json").out()
                .contains("\"otherSets\": []"));
    }

    @Test
    void fileThatHoldsTwoSetsSaysSo() throws IOException {
        Path both = dir.resolve("both.par2");
        Files.write(both, Files.readAllBytes(x));
        Files.write(both, Files.readAllBytes(y), StandardOpenOption.APPEND);
        Run run = Run.spillway("par2", "verify", both);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("All files of this set are whole. Not looked at: what " + both
                + " holds of other sets than this one."), run.out());
        assertFalse(run.out().contains("second"), run.out());
        assertTrue(Run.spillway("par2", "info", both).out().contains("what " + both + " holds"));
    }
}
