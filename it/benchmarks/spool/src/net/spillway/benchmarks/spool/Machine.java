package net.spillway.benchmarks.spool;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What this process and its files take. */
final class Machine {
    private static final Path STATUS = Path.of("/proc/self/status");

    private Machine() {}

    static void describe(Path home) throws IOException {
        Runtime runtime = Runtime.getRuntime();
        System.out.printf("%d processors, heap %d MiB, Java %s, %s on %s, %s%n%n",
                runtime.availableProcessors(), runtime.maxMemory() >> 20, Runtime.version(),
                home, Files.getFileStore(home).type(),
                Instant.now().truncatedTo(ChronoUnit.MINUTES));
    }

    /** User and system time of the whole process, collector and compiler included. */
    static double cpuSeconds() {
        var system = (com.sun.management.OperatingSystemMXBean)
                ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }

    /** User and system time of each Java thread that runs now, by name; those of one name together. */
    static Map<String, Double> cpuByThread() {
        var threads = ManagementFactory.getThreadMXBean();
        var seconds = new TreeMap<String, Double>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null) {
                String name = thread.getThreadName();
                seconds.merge(name.startsWith("MVStore") ? "MVStore" : name,
                        Math.max(0, threads.getThreadCpuTime(thread.getThreadId())) / 1e9,
                        Double::sum);
            }
        }
        return seconds;
    }

    /** Resident memory now; "VmHWM" is the most there ever was. */
    static long residentMib(String field) throws IOException {
        if (!Files.exists(STATUS)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(field + ":"))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(Long::parseLong).findFirst().orElse(0) >> 10;
        }
    }

    /** Octets of the files in a folder and below. */
    static long octets(Path folder) throws IOException {
        long sum = 0;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                sum += Files.size(path);
            }
        }
        return sum;
    }
}
