package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import net.spillway.it.CommandLine.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job, as the README shows it, with smaller files. */
class DemoIT {
    @TempDir
    Path temp;

    @Test
    void demoGivesBackIdenticalFiles() throws Exception {
        Folders.file(temp.resolve("input/large.bin"), 1, 20_000_000);
        Folders.file(temp.resolve("input/tree/small.bin"), 2, 5_000);
        Folders.file(temp.resolve("input/tree/below/tiny.bin"), 3, 17);
        CommandLine commands = CommandLine.in(Files.createDirectory(temp.resolve("work")))
                .within(Duration.ofMinutes(4));
        Outcome outcome = commands.run("demo", temp.resolve("input/large.bin").toString(),
                temp.resolve("input/tree").toString()).expect(0);
        assertTrue(outcome.stdout().contains("identical  3 of 3 files"), outcome::stdout);
    }
}
