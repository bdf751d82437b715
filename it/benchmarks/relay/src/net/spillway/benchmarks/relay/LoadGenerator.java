package net.spillway.benchmarks.relay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** nntpload.c, compiled. It checks every reply and every octet, and counts what is wrong. */
public final class LoadGenerator {
    private final Path program;
    private final String processors;

    private LoadGenerator(Path program, String processors) {
        this.program = program;
        this.processors = processors;
    }

    /** What one run told: operations, lines and octets a second, and the time it took. */
    public record Told(double operations, double perSecond, double linesPerSecond, double megabytes,
            double seconds) {}

    public static LoadGenerator compile(Path source, Path folder, String processors)
            throws IOException, InterruptedException {
        Path program = folder.resolve("nntpload");
        Process compiler = new ProcessBuilder("cc", "-O2", "-pthread", "-o", program.toString(),
                source.toString()).inheritIO().start();
        if (compiler.waitFor() != 0) {
            throw new IOException("cc could not compile " + source);
        }
        return new LoadGenerator(program, processors);
    }

    /** @throws IOException if any reply or octet was wrong */
    public Told run(List<String> arguments, int port, String bind)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", processors,
                program.toString(), "--port", "" + port, "--bind", bind));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String line = new String(process.getInputStream().readAllBytes()).strip();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + "\nsaid " + line);
        }
        return new Told(number(line, "ok"), number(line, "per_s"), number(line, "lines_per_s"),
                number(line, "MB_per_s"), number(line, "seconds"));
    }

    private static double number(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":([0-9.]+)").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
