package net.spillway.benchmarks.parity;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command on some processors only, and says what it took. */
final class Measured {
    private static final int POLL_MILLIS = 20;
    private static final int SHOWN = 2000;

    /**
     * Becomes the command in a process of its own, whose number it tells first; bash's own
     * {@code time} then says what that took. A shell, since a process started by a large one (such
     * as a JVM) would count the large one's memory as its own peak. With braces, or the inner
     * shell would keep the time, and with the last line, or there would be no outer one.
     */
    private static final String SCRIPT = """
            TIMEFORMAT='%3R %3U %3S'
            exec 9>&1
            time { (echo $BASHPID >&9; exec 9>&- >"$0" 2>&1 </dev/null "$@"); }
            exit $?
            """;

    private Measured() {}

    /**
     * Runs it.
     *
     * @throws IOException if its exit status is not 0
     */
    static Usage run(List<String> command, List<Integer> processors)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile("parity-benchmark", ".log");
        try {
            return run(command, processors, log);
        } finally {
            Files.delete(log);
        }
    }

    private static Usage run(List<String> command, List<Integer> processors, Path log)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("taskset", "-c"));
        all.add(String.join(",", processors.stream().map(String::valueOf).toList()));
        all.addAll(List.of("bash", "-c", SCRIPT, log.toString()));
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().put("SPILLWAY_NO_BUILD", "1");
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        double busyBefore = Processors.busy(processors);
        Process process = builder.start();
        try (BufferedReader out = process.inputReader(); BufferedReader err =
                process.errorReader()) {
            long peak = watch(process, Long.parseLong(out.readLine()));
            if (process.exitValue() != 0) {
                throw new IOException(failure(command, process.exitValue(), log));
            }
            double busy = Processors.busy(processors) - busyBefore;
            String[] times = err.readLine().split(" ");
            double wall = Double.parseDouble(times[0]);
            double cpu = Double.parseDouble(times[1]) + Double.parseDouble(times[2]);
            double others = Math.max(0, (busy - cpu) / wall / processors.size());
            return new Usage(cpu, wall, peak, others);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Waits for the end, and returns the peak of memory. */
    private static long watch(Process process, long pid) throws InterruptedException {
        long peak = 0;
        do {
            peak = Math.max(peak, Processors.peak(pid));
        } while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS));
        return peak;
    }

    private static String failure(List<String> command, int status, Path log) throws IOException {
        String said = Files.readString(log).strip();
        String line = String.join(" ", command);
        return "exit status " + status + " of: " + line.substring(0, Math.min(SHOWN, line.length()))
                + "\n" + said.substring(Math.max(0, said.length() - SHOWN));
    }
}
