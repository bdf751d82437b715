package net.spillway.benchmarks.parity;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.Par2Creator;
import net.spillway.fec.Par2Repairer;
import net.spillway.fec.Par2Verifier;
import net.spillway.fec.ParityOptions;
import net.spillway.fec.RepairResult;
import net.spillway.fec.VerifyReport;

/**
 * The library in a process that lives on: a line in for every job, a line out with what it took.
 * Fields are separated by tabs, which the benchmark's own file names do not have.
 */
final class WarmServer {
    private WarmServer() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answer(line.split("\t")));
        }
    }

    static String question(Job job) {
        return String.join("\t",
                job.operation().name(), String.valueOf(job.threads()),
                String.valueOf(job.workload().sliceSize()),
                String.valueOf(job.workload().recovery()), job.data().toString(),
                job.par2().toString());
    }

    private static String answer(String[] fields) {
        OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try {
            forgetPeak();
            long cpu = system.getProcessCpuTime();
            long wall = System.nanoTime();
            work(fields);
            wall = System.nanoTime() - wall;
            cpu = system.getProcessCpuTime() - cpu;
            return cpu / 1e9 + "\t" + wall / 1e9;
        } catch (IOException | RuntimeException e) {
            return "failed: " + e;
        }
    }

    /** Has the kernel count the peak of resident memory afresh. */
    private static void forgetPeak() throws IOException {
        Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    }

    private static void work(String[] fields) throws IOException {
        ParityOptions options =
                ParityOptions.defaults().withThreads(Integer.parseInt(fields[1]));
        Path data = Path.of(fields[4]);
        Path par2 = Path.of(fields[5]);
        switch (Operation.valueOf(fields[0])) {
            case CREATE -> Par2Creator.builder(par2, data)
                    .files(filesIn(data))
                    .sliceSize(Long.parseLong(fields[2]))
                    .recoveryCount(Integer.parseInt(fields[3]))
                    .options(options)
                    .build()
                    .create();
            case VERIFY -> {
                VerifyReport report = Par2Verifier.verify(
                        Par2Archive.open(par2), data, List.of(), options);
                if (!(report.verdict() instanceof VerifyReport.Verdict.Whole)) {
                    throw new IOException("not whole: " + report.verdict());
                }
            }
            case REPAIR -> {
                RepairResult result =
                        Par2Repairer.repair(Par2Archive.open(par2), data, List.of(), options);
                if (!(result instanceof RepairResult.Repaired)) {
                    throw new IOException("not repaired: " + result);
                }
            }
        }
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
