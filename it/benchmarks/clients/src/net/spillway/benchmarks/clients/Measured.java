package net.spillway.benchmarks.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a command took.
 *
 * @param cpu seconds of processor, of it and all it started
 * @param wall seconds
 * @param peak octets of memory that all of them together held at the most, looked at now and then
 * @param said its standard output
 */
record Measured(double cpu, double wall, long peak, String said) {
    private static final int POLL_MILLIS = 20;
    private static final long PATIENCE_SECONDS = 900;
    private static final String SCRIPT = """
            TIMEFORMAT='%3R %3U %3S'
            time { ("$@" >"$0" 2>"$0.err" </dev/null); }
            """;

    /** Runs it; fails if it does. */
    static Measured run(Path folder, List<String> command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "said", ".txt");
        List<String> all = new ArrayList<>(List.of("bash", "-c", SCRIPT, out.toString()));
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all).directory(folder.toFile());
        builder.environment().put("SPILLWAY_NO_BUILD", "1");
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try (BufferedReader err = process.errorReader()) {
            long peak = 0;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                peak = Math.max(peak, process.descendants().mapToLong(Measured::resident).sum());
                if (System.nanoTime() > end) {
                    throw new IOException("not done in time: " + command);
                }
            }
            String said = Files.readString(out);
            if (process.exitValue() != 0) {
                throw new IOException("exit status " + process.exitValue() + " of: "
                        + String.join(" ", command) + "\n" + tail(said)
                        + tail(Files.readString(Path.of(out + ".err"))));
            }
            String[] times = err.readLine().split(" ");
            return new Measured(Double.parseDouble(times[1]) + Double.parseDouble(times[2]),
                    Double.parseDouble(times[0]), peak, said);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** One after the other. */
    Measured then(Measured next) {
        return new Measured(cpu + next.cpu, wall + next.wall, Math.max(peak, next.peak),
                next.said);
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - 1500));
    }

    private static long resident(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(l -> l.startsWith("VmRSS:"))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("[^0-9]", "")) << 10).sum();
        } catch (IOException | UncheckedIOException e) {
            return 0; // It has ended.
        }
    }
}
