package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.spillway.it.CommandLine.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parity of ours in the hands of par2cmdline, and the other way round. */
class Par2IT {
    private static final String PAR2 = "/usr/bin/par2";
    private static final int WHOLE = 0;
    private static final int REPAIRABLE = 1;
    private static final int NOT_RECOVERABLE = 3;

    @TempDir
    Path temp;
    private CommandLine commands;
    private Map<String, String> originals;

    /** One of the two programs: arguments in, outcome out. */
    private interface Par2 {
        Outcome run(String... arguments) throws IOException, InterruptedException;
    }

    @BeforeEach
    void makeFiles() throws IOException {
        commands = CommandLine.in(temp);
        Folders.file(temp.resolve("one.bin"), 1, 500_000);
        Folders.file(temp.resolve("two.bin"), 2, 123_457);
        Folders.file(temp.resolve("three.bin"), 3, 10);
        originals = Folders.contents(temp);
    }

    private Outcome ours(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "par2";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return commands.run(command);
    }

    private Outcome theirs(String... arguments) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of(PAR2)), PAR2 + " is not installed");
        String[] command = new String[arguments.length + 1];
        command[0] = PAR2;
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return commands.runForeign(command);
    }

    private void damage() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(
                temp.resolve("one.bin").toFile(), "rw")) {
            file.seek(100_000);
            file.write(new byte[3_000]);
        }
        Files.delete(temp.resolve("three.bin"));
    }

    private void createDamageRepair(Par2 creator, Par2 repairer) throws Exception {
        creator.run("create", "-s4096", "-r20", "set.par2", "one.bin", "two.bin", "three.bin")
                .expect(WHOLE);
        repairer.run("verify", "set.par2").expect(WHOLE);
        damage();
        repairer.run("verify", "set.par2").expect(REPAIRABLE);
        repairer.run("repair", "set.par2").expect(WHOLE);
        Map<String, String> now = Folders.contents(temp);
        originals.forEach((name, hash) -> assertEquals(hash, now.get(name), name));
        // Whatever there is to be searched may be called like an option that removes the set.
        Files.writeString(temp.resolve("-p"), "some words");
        creator.run("verify", "set.par2", "-p").expect(WHOLE);
        assertTrue(Files.exists(temp.resolve("set.par2")), "a name is no option");
    }

    @Test
    void par2VerifiesAndRepairsOurSet() throws Exception {
        createDamageRepair(this::ours, this::theirs);
    }

    @Test
    void weVerifyAndRepairTheSetOfPar2() throws Exception {
        createDamageRepair(this::theirs, this::ours);
    }

    @Test
    void weVerifyAndRepairOurOwnSet() throws Exception {
        createDamageRepair(this::ours, this::ours);
    }

    @Test
    void moreDamageThanParityIsNotRecoverable() throws Exception {
        ours("create", "-s4096", "-c3", "set.par2", "one.bin", "two.bin", "three.bin")
                .expect(WHOLE);
        Files.delete(temp.resolve("two.bin"));
        ours("verify", "set.par2").expect(NOT_RECOVERABLE);
        ours("repair", "set.par2").expect(NOT_RECOVERABLE);
        assertEquals(false, Files.exists(temp.resolve("two.bin")));
    }
}
