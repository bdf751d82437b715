package net.spillway.benchmarks.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What Linux says of its processors and who uses them. */
final class Processors {
    private static final double TICKS_PER_SECOND = 100;

    /** In a processor's line of {@code /proc/stat}: time with nothing to do. */
    private static final int IDLE = 4;
    private static final int WAITING_FOR_DISKS = 5;
    private static final int FIELDS = 9;

    private Processors() {}

    /** Numbers of the processors that this process may use. */
    static List<Integer> allowed() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String run : field(Path.of("/proc/self/status"), "Cpus_allowed_list").split(",")) {
            String[] ends = run.split("-");
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int n = Integer.parseInt(ends[0]); n <= last; n++) {
                numbers.add(n);
            }
        }
        return numbers;
    }

    /** What follows a name and a colon in a file of {@code /proc}; "" if it is not there. */
    static String field(Path file, String name) throws IOException {
        for (String line : Files.readAllLines(file)) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
                return line.substring(colon + 1).strip();
            }
        }
        return "";
    }

    /** Most memory that process {@code pid} has had resident so far, in bytes; 0 if unknown. */
    static long peak(long pid) {
        try {
            String kibibytes = field(Path.of("/proc/" + pid + "/status"), "VmHWM");
            return kibibytes.isEmpty() ? 0 : Long.parseLong(kibibytes.split(" ")[0]) << 10;
        } catch (IOException e) {
            return 0; // It has just ended.
        }
    }

    /** Seconds that these processors have been busy since the machine was started. */
    static double busy(List<Integer> processors) throws IOException {
        Map<String, Double> each = new HashMap<>();
        for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
            String[] fields = line.split(" +");
            if (!fields[0].startsWith("cpu")) {
                continue;
            }
            double ticks = 0;
            for (int i = 1; i < Math.min(FIELDS, fields.length); i++) {
                ticks += i == IDLE || i == WAITING_FOR_DISKS ? 0 : Long.parseLong(fields[i]);
            }
            each.put(fields[0], ticks / TICKS_PER_SECOND);
        }
        return processors.stream().mapToDouble(n -> each.get("cpu" + n)).sum();
    }

    /** The share of these processors' time that is in use while nobody is measured. */
    static double load(List<Integer> processors) throws IOException, InterruptedException {
        double before = busy(processors);
        long from = System.nanoTime();
        Thread.sleep(1000);
        return (busy(processors) - before) / ((System.nanoTime() - from) / 1e9)
                / processors.size();
    }
}
