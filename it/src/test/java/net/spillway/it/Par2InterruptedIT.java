package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C and SIGTERM in the middle of work on parity, sent to a real process. */
@Timeout(180)
class Par2InterruptedIT {
    private static final int SIZE = 100_000_000;

    @TempDir
    Path temp;
    private Path data;

    @BeforeEach
    void makeFile() throws IOException {
        data = Folders.file(temp.resolve("data.bin"), 1, SIZE);
    }

    private Process start(String... arguments) throws IOException {
        ProcessBuilder program = Program.process(temp, arguments);
        // Maven may run with SIGINT ignored, and what it starts inherits that.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(program.command());
        return program.command(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(temp)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Sends a signal as soon as there is a folder for files in the making. */
    private int interrupt(Process process, String signal) throws Exception {
        try {
            while (process.isAlive() && names().stream().noneMatch(n -> n.startsWith("."))) {
                Thread.onSpinWait();
            }
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .inheritIO().start().waitFor();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still running");
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130, -t1", "TERM, 143, -t2"})
    void interruptedCreatingLeavesNothing(String signal, int status, String threads)
            throws Exception {
        Process process = start("par2", "create", threads, "-s50000", "-c1000", "set.par2",
                "data.bin");
        assertEquals(status, interrupt(process, signal));
        assertEquals(List.of("data.bin"), names());
    }

    @Test
    void interruptedRepairingLeavesTheDamagedFileAsItIs() throws Exception {
        CommandLine.in(temp).run("par2", "create", "-s50000", "-c40", "-n1", "set.par2",
                "data.bin").expect(0);
        try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
            file.seek(40_000_000);
            file.write(new byte[1_900_000]);
        }
        List<String> before = names();
        byte[] damaged = Files.readAllBytes(data);
        assertEquals(130, interrupt(start("par2", "repair", "-t2", "set.par2"), "INT"));
        assertEquals(before, names());
        assertArrayEquals(damaged, Files.readAllBytes(data));
        CommandLine.in(temp).run("par2", "repair", "set.par2").expect(0);
    }
}
