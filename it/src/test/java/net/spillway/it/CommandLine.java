package net.spillway.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs {@code spillway} to its end and gives back everything it said. */
final class CommandLine {
    private final Path folder;
    private final Duration timeout;
    private final Map<String, String> environment = new HashMap<>();

    private CommandLine(Path folder, Duration timeout) {
        this.folder = folder;
        this.timeout = timeout;
    }

    /** How a run ended; the texts are complete. */
    record Outcome(int exitCode, String stdout, String stderr) {
        /** This outcome, or an error with all that was said if the exit code is another. */
        Outcome expect(int wanted) {
            if (exitCode != wanted) {
                throw new AssertionError("exit code " + exitCode + " instead of " + wanted
                        + "\n--- stdout\n" + stdout + "\n--- stderr\n" + stderr);
            }
            return this;
        }
    }

    /** Runs in that folder, at most two minutes each. */
    static CommandLine in(Path folder) {
        return new CommandLine(folder, Duration.ofMinutes(2));
    }

    /** The same with another limit. */
    CommandLine within(Duration limit) {
        CommandLine other = new CommandLine(folder, limit);
        other.environment.putAll(environment);
        return other;
    }

    /** Sets an environment variable for what is run from now on. */
    CommandLine with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Runs the program; one that takes too long is killed, and that is an error. */
    Outcome run(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = Program.process(folder, arguments);
        builder.environment().putAll(environment);
        return run(builder);
    }

    /** Runs any other program in the same way. */
    Outcome runForeign(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        return run(builder);
    }

    private Outcome run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "stdout", ".txt");
        Path err = Files.createTempFile(folder, "stderr", ".txt");
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                throw new AssertionError("not done after " + timeout + ": " + builder.command()
                        + "\n--- stdout\n" + text(out) + "\n--- stderr\n" + text(err));
            }
            return new Outcome(process.exitValue(), text(out), text(err));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
