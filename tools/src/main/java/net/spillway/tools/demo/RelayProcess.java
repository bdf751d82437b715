package net.spillway.tools.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;

/** A {@code spillway relay} in a process of its own. */
final class RelayProcess {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final int LOG_LINES_SHOWN = 15;

    private final String name;
    private final Process process;
    private final Path log;

    private RelayProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Starts it; {@link #awaitReady} waits until it serves. */
    static RelayProcess start(Workplace workplace, String name, Path config) throws IOException {
        Path log = workplace.root().resolve(name + ".log");
        ProcessBuilder builder = SpillwayProcess.builder("relay", "--config", config.toString());
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new RelayProcess(name, workplace.start(builder), log);
    }

    /** Waits for its ready line. A {@code TEMPORARY} failure says that another port may help. */
    void awaitReady() throws InterruptedException, IOException {
        CompletableFuture<String> firstLine = CompletableFuture.supplyAsync(this::readFirstLine,
                task -> Thread.ofVirtual().start(task));
        try {
            String line = firstLine.get(START.toSeconds(), TimeUnit.SECONDS);
            if (!line.startsWith("ready ")) {
                int status = process.waitFor();
                throw new CommandFailure(
                        status == ExitCode.TEMPORARY.code() ? ExitCode.TEMPORARY : ExitCode.FAILED,
                        name + " ended with " + status + " before it was ready" + logTail());
            }
        } catch (TimeoutException | ExecutionException e) {
            throw new CommandFailure(ExitCode.FAILED, name + " did not become ready within "
                    + START.toSeconds() + " s" + logTail(), e);
        }
    }

    private String readFirstLine() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            return "";
        }
    }

    /** Asks it to stop, as SIGTERM does. */
    void askToStop() {
        process.destroy();
    }

    /** Waits until it has stopped, which must have been a clean stop. */
    void awaitStopped() throws InterruptedException, IOException {
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new CommandFailure(ExitCode.FAILED,
                    name + " did not stop within " + STOP.toSeconds() + " s" + logTail());
        }
        if (process.exitValue() != ExitCode.DONE.code()) {
            throw new CommandFailure(ExitCode.FAILED,
                    name + " stopped with " + process.exitValue() + logTail());
        }
    }

    private String logTail() throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        List<String> last =
                lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
        return last.isEmpty() ? "." : "; its log ends:\n" + String.join("\n", last);
    }
}
