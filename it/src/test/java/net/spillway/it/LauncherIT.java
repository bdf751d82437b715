package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.spillway.fec.engine.SliceEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherIT {
    @TempDir
    Path temp;

    @Test
    void nothingButTheVersionIsSaid() throws Exception {
        CommandLine.Outcome outcome = CommandLine.in(temp).run("--version").expect(0);
        assertTrue(outcome.stdout().startsWith("spillway "), outcome.stdout());
        assertEquals("", outcome.stderr());
    }

    @Test
    void theKernelsThatItHasCompiledEarlyAreThere() throws Exception {
        String launcher = Files.readString(Program.root().resolve("tools/bin/spillway"));
        // A class, by its package below ours or of the JDK, and how the names of methods begin.
        Matcher named = Pattern.compile(" ((?:\\w+\\.)+\\w+)::(\\w*)").matcher(launcher);
        int count = 0;
        for (; named.find(); count++) {
            String name = named.group(1).matches("(sun|jdk)\\..*") ? named.group(1)
                    : "net.spillway." + named.group(1);
            String file = "/" + name.replace('.', '/') + ".class";
            try (InputStream kernels = SliceEngine.class.getResourceAsStream(file)) {
                assertTrue(kernels != null, file);
                String prefix = named.group(2);
                assertTrue(ClassFile.of().parse(kernels.readAllBytes()).methods().stream()
                        .anyMatch(method -> method.methodName().stringValue().startsWith(prefix)),
                        named.group());
            }
        }
        assertEquals(12, count);
    }

    @Test
    void theIncubatingModuleIsNotMentionedToTheUser() throws Exception {
        Path file = Files.writeString(temp.resolve("a.txt"), "some words");
        CommandLine.Outcome outcome = CommandLine.in(temp)
                .run("par2", "create", "-c", "2", "-s", "4", "a.par2", file.toString()).expect(0);
        assertFalse((outcome.stderr() + outcome.stdout()).contains("incubat"), outcome.stderr());
    }

    @Test
    void classesAreArchivedOnceSoThatCommandsStartFaster() throws Exception {
        CommandLine.in(temp).run("par2", "--help").expect(0);
        Path archive = archive("par2");
        var written = Files.getLastModifiedTime(archive);
        Path log = temp.resolve("classes.log");
        CommandLine.Outcome outcome = CommandLine.in(temp).with("SPILLWAY_JAVA_OPTS",
                "-Xlog:class+load:file=" + log).run("par2", "--help").expect(0);
        assertEquals("", outcome.stderr());
        assertEquals(written, Files.getLastModifiedTime(archive));
        requireArchived(log, "net.spillway.tools.cli.CommandLines", "picocli.CommandLine",
                "jdk.incubator.vector.ByteVector");
    }

    /** Those of what comes last, too: the rehearsal did not fail before. */
    @Test
    void thoseWhoPostAndFetchHaveAnArchiveOfTheirOwnWithAllThatTheyNeed() throws Exception {
        Path file = Files.writeString(temp.resolve("d.txt"), "some words");
        Path posting = temp.resolve("post.log");
        Path fetching = temp.resolve("fetch.log");
        try (Federation federation = new Federation(temp.resolve("relays"))) {
            RelayProcess relay = federation.add("solo", "it.one");
            federation.start();
            CommandLine.in(temp).with("SPILLWAY_JAVA_OPTS", "-Xlog:class+load:file=" + posting)
                    .run("post", file.toString(), "--to", relay.hostPort(), "--group", "it.one",
                            "--nzb", "d.nzb").expect(0);
            CommandLine.in(temp).with("SPILLWAY_JAVA_OPTS", "-Xlog:class+load:file=" + fetching)
                    .run("fetch", "d.nzb", "--from", relay.hostPort(), "-o", "back").expect(0);
        }
        assertTrue(Files.size(archive("clients")) > 0);
        requireArchived(posting, "net.spillway.tools.post.Poster",
                "net.spillway.tools.post.PostResult");
        requireArchived(fetching, "net.spillway.tools.fetch.MirrorConnection",
                "net.spillway.tools.fetch.FetchResult");
    }

    private static void requireArchived(Path log, String... names) throws IOException {
        String loaded = Files.readString(log);
        for (String name : names) {
            assertTrue(Pattern.compile(" " + Pattern.quote(name) + " source: shared objects file")
                    .matcher(loaded).find(), name);
        }
    }

    private static Path archive(String part) throws IOException {
        try (Stream<Path> folders = Files.list(Program.root().resolve("tools/target"))) {
            return folders.filter(f -> f.getFileName().toString().startsWith("start-" + part + "-"))
                    .map(f -> f.resolve("spillway.aot")).findFirst().orElseThrow();
        }
    }

    @Test
    void whatCannotBeArchivedStartsAllTheSameAndUnseen() throws Exception {
        Path file = Files.writeString(temp.resolve("b.txt"), "some words");
        // As for another JDK's archive, or one of other options.
        CommandLine.Outcome outcome = CommandLine.in(temp)
                .with("SPILLWAY_JAVA_OPTS", "-XX:+UseG1GC -Dspillway.fec.engine=vector")
                .run("par2", "create", "-q", "-c", "2", "-s", "4", "b.par2", file.toString())
                .expect(0);
        assertEquals("", outcome.stderr() + outcome.stdout());
    }

    @Test
    void aWrongOptionIsAUsageErrorThatNamesIt() throws Exception {
        CommandLine.Outcome outcome = CommandLine.in(temp)
                .run("fetch", "a.nzb", "--from", "127.0.0.1:119", "--nonsense").expect(2);
        assertTrue(outcome.stderr().contains("--nonsense"), outcome.stderr());
        assertFalse(outcome.stderr().contains("\tat "), outcome.stderr());
    }

    @Test
    void aResultThatNobodyCanGetIsNoSuccess() throws Exception {
        Path file = Files.writeString(temp.resolve("c.txt"), "some words");
        requireLost(1, "par2", "create", "--json", "-c1", "-s4", "c.par2", file.toString());
        // Whose 1 would say that the file can be repaired.
        requireLost(74, "par2", "verify", "c.par2");
    }

    private void requireLost(int status, String... words) throws Exception {
        Path errors = temp.resolve("errors");
        Process process = Program.process(temp, words)
                .redirectOutput(new java.io.File("/dev/full"))
                .redirectError(errors.toFile()).start();
        assertEquals(status, process.waitFor());
        assertTrue(Files.readString(errors).contains("standard output cannot be written to: No"
                + " space left on device"), Files.readString(errors));
    }

    @Test
    void everyCommandHelpsAndTellsItsExitCodes() throws Exception {
        String[][] commands = {{"relay"}, {"post"}, {"fetch"}, {"par2", "create"},
            {"par2", "verify"}, {"par2", "repair"}, {"config", "check"}, {"demo"}, {"status"},
            {"spool", "forget"}, {"spool", "remove"}, {"spool", "rebuild"}, {"spool", "stats"},
            {"completion"}};
        for (String[] command : commands) {
            String[] line = java.util.Arrays.copyOf(command, command.length + 1);
            line[command.length] = "--help";
            CommandLine.Outcome outcome = CommandLine.in(temp).run(line).expect(0);
            assertTrue(outcome.stdout().contains("Usage: spillway " + String.join(" ", command)),
                    outcome.stdout());
            assertTrue(outcome.stdout().contains("Exit codes:"), outcome.stdout());
            // Nothing that these two need can come back later.
            boolean alone = command[0].equals("config") || command[0].equals("completion");
            assertEquals(!alone, outcome.stdout().contains("75"), outcome.stdout());
            assertEquals("", outcome.stderr());
        }
    }

    @Test
    void withoutAJdkTheLauncherSaysWhatToDo() throws Exception {
        ProcessBuilder builder = Program.process(temp, "--version");
        Path empty = Files.createDirectories(temp.resolve("empty"));
        builder.environment().put("JAVA_HOME", empty.toString());
        builder.environment().put("PATH", "/usr/bin:/bin");
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            assertTrue(said.contains("JDK 25"), said);
            assertTrue(said.contains("JAVA_HOME"), said);
        } else {
            // A JDK 25 in one of the usual places: that it was found is the other half.
            assertTrue(said.startsWith("spillway "), said);
        }
    }
}
