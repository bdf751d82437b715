package net.spillway.benchmarks.parity;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The library in a process that lives on from job to job, as in a server or a long post. */
final class Warm implements Contender {
    private final List<String> java;
    private Process process;
    private BufferedReader out;
    private BufferedWriter in;
    private List<Integer> processors = List.of();

    /**
     * @param source the source file of {@link WarmServer}
     * @param options for the JVM
     */
    Warm(Path source, List<String> options) {
        java = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector",
                "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
                "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path")));
        java.addAll(options);
        java.add(source.toString());
    }

    @Override
    public String name() {
        return "spillway, warm";
    }

    @Override
    public boolean takesPart(Job job) {
        return true;
    }

    /** Has a fresh JVM from now on, which runs on these processors. */
    void restart(List<Integer> on) throws IOException {
        close();
        processors = on;
        List<String> command = new ArrayList<>(List.of("taskset", "-c",
                String.join(",", on.stream().map(String::valueOf).toList())));
        command.addAll(java);
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        out = process.inputReader();
        in = process.outputWriter();
    }

    @Override
    public Usage run(Job job) throws IOException {
        double busy = Processors.busy(processors);
        in.write(WarmServer.question(job) + "\n");
        in.flush();
        String answer = out.readLine();
        busy = Processors.busy(processors) - busy;
        if (answer == null || answer.startsWith("failed")) {
            throw new IOException("the warm library: " + answer);
        }
        String[] times = answer.split("\t");
        double cpu = Double.parseDouble(times[0]);
        double wall = Double.parseDouble(times[1]);
        double others = Math.max(0, (busy - cpu) / wall / processors.size());
        return new Usage(cpu, wall, Processors.peak(process.pid()), others);
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            in.close();
            process.destroy();
            process = null;
        }
    }
}
