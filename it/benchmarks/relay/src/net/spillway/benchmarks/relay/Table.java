package net.spillway.benchmarks.relay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Results as a Markdown table: medians over the rounds, and our ratios to INN. */
final class Table {
    private static final double MI = 1 << 20;
    private static final String OURS = "spillway";
    private static final String THEIRS = "inn";

    private Table() {}

    /** @param results for each row and server what its rounds brought */
    static String of(List<Row> rows, Map<Row, Map<String, List<Result>>> results, Disk disk) {
        List<String[]> lines = new ArrayList<>();
        lines.add(new String[] {"", "server", "per s", "MB/s", "CPU us", "CPU s/GB", "MiB",
            "rate : inn", "CPU : inn", "of disk"});
        for (Row row : rows) {
            results.getOrDefault(row, Map.of()).forEach((server, rounds) -> lines.add(new String[] {
                row.name(), server,
                "%,.0f".formatted(median(rounds, Result::rate)),
                "%.0f".formatted(median(rounds, Result::megabytes)),
                "%.1f".formatted(median(rounds, Result::cpuMicros)),
                "%.2f".formatted(median(rounds, Result::cpuPerGb)),
                "%.0f".formatted(median(rounds, r -> r.memory() / MI)),
                ratio(results.get(row), server, Result::rate),
                ratio(results.get(row), server, Result::cpuMicros),
                row.isIngest() ? "%.0f %%".formatted(100 * ofDisk(rounds, disk)) : ""}));
        }
        return layOut(lines);
    }

    private static double ofDisk(List<Result> rounds, Disk disk) {
        return rounds.getFirst().limit() > 0 ? median(rounds, r -> r.rate() / r.limit())
                : median(rounds, Result::megabytes) / disk.large();
    }

    private static String ratio(Map<String, List<Result>> row, String server,
            ToDoubleFunction<Result> what) {
        return server.equals(OURS) && row.containsKey(THEIRS)
                ? "%.2f".formatted(median(row.get(OURS), what) / median(row.get(THEIRS), what))
                : "";
    }

    private static double median(List<Result> rounds, ToDoubleFunction<Result> what) {
        double[] sorted = rounds.stream().mapToDouble(what).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static String layOut(List<String[]> rows) {
        int[] width = new int[rows.getFirst().length];
        rows.forEach(row -> Arrays.setAll(width, i -> Math.max(width[i], row[i].length())));
        var text = new StringBuilder();
        for (String[] row : rows) {
            for (int i = 0; i < width.length; i++) {
                String format = i < 2 ? "| %-" + width[i] + "s " : "| %" + width[i] + "s ";
                text.append(String.format(Locale.ROOT, format, row[i]));
            }
            text.append("|\n");
            if (row == rows.getFirst()) {
                for (int i = 0; i < width.length; i++) {
                    text.append('|').append("-".repeat(width[i] + 1)).append(i < 2 ? '-' : ':');
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }
}
