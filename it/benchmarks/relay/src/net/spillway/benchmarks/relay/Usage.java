package net.spillway.benchmarks.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What a server has used, itself and all that it started, also what has ended since.
 *
 * @param cpu seconds, user and system
 */
public record Usage(double cpu) {
    private static final double TICKS_PER_SECOND = 100;
    /** Of what follows the name in {@code /proc/PID/stat}: utime, stime, cutime, cstime. */
    private static final int UTIME = 11;
    private static final int CSTIME = 14;
    private static final int QUIET_CHECK_MILLIS = 250;
    private static final double QUIET_CPU = 0.03;
    private static final int QUIET_CHECKS = 60;

    public static Usage of(Process server) {
        return new Usage(family(server).mapToDouble(Usage::cpu).sum());
    }

    /**
     * Waits until the server does nothing any more, at most a quarter of a minute: what it puts
     * off is part of what an article costs.
     */
    public static void awaitQuiet(Process server) throws InterruptedException {
        double before = of(server).cpu();
        for (int i = 0; i < QUIET_CHECKS; i++) {
            Thread.sleep(QUIET_CHECK_MILLIS);
            double now = of(server).cpu();
            if (now - before < QUIET_CPU * QUIET_CHECK_MILLIS / 1000) {
                return;
            }
            before = now;
        }
    }

    /** Octets resident, shared ones divided by those who share them. */
    static long memory(Process server) {
        return family(server).map(pid -> {
            try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
                return lines.filter(line -> line.startsWith("Pss:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum() << 10;
            } catch (IOException | RuntimeException gone) {
                return 0;
            }
        }).sum();
    }

    private static LongStream family(Process server) {
        return Stream.concat(Stream.of(server.toHandle()), server.descendants())
                .mapToLong(ProcessHandle::pid);
    }

    private static double cpu(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
            return fields.subList(UTIME, CSTIME + 1).stream().mapToLong(Long::parseLong).sum()
                    / TICKS_PER_SECOND;
        } catch (IOException gone) {
            return 0;
        }
    }
}
