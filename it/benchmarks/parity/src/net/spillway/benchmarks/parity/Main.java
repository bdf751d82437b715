package net.spillway.benchmarks.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads the command line, and runs one workload after the other. */
@Command(
        name = "it/benchmarks/parity/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures Spillway's PAR2, as a fresh process and as a library in a warm one, beside"
                    + " the PAR2 programs that are installed: the same files in the same run, in"
                    + " turn, in memory. Prints CPU seconds, wall seconds, peak memory, and ratios"
                    + " with their spread, as median (least-most).",
            "Every recovery slice made is compared with those of the others, every repaired file"
                    + " with the original; a difference ends the run.",
            "Builds nothing but Spillway. Needs Linux, bash, and taskset."
        })
public final class Main implements Callable<Integer> {
    @Mixin private Options options;

    private Main() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, commandLine, parsed) -> {
            System.err.println(e.getMessage() == null ? e : e.getMessage());
            return 1;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path root = Path.of(System.getProperty("benchmark.root"));
        List<Contender> contenders = options.contenders(root);
        describeMachine(contenders);
        for (Workload workload : options.workloads()) {
            try (Course course = new Course(workload, options, contenders)) {
                for (Operation operation : options.operations()) {
                    for (int threads : options.threads()) {
                        course.measure(operation, threads);
                    }
                }
            }
        }
        return 0;
    }

    private void describeMachine(List<Contender> contenders) throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        String flags = " " + Processors.field(info, "flags") + " ";
        System.out.printf("%s, %d processors%s%s, family %s model %s; %s; Java %s; %s; load %s%n",
                Processors.field(info, "model name"), Processors.allowed().size(),
                flags.contains(" avx512_vbmi ") || flags.contains(" avx512vbmi ")
                        ? ", AVX-512 VBMI" : flags.contains(" avx2 ") ? ", AVX2" : "",
                flags.contains(" gfni ") ? ", GFNI" : "",
                Processors.field(info, "cpu family"), Processors.field(info, "model"),
                Processors.field(Path.of("/proc/meminfo"), "MemTotal"), Runtime.version(),
                Instant.now().truncatedTo(ChronoUnit.MINUTES),
                Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        for (Contender contender : contenders) {
            if (contender instanceof Peer peer) {
                System.out.printf("%s: %s, %s%n", peer.name(), peer.program(), peer.version());
            }
        }
    }
}
