package net.spillway.benchmarks.parity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Results of one job as a Markdown table: medians, and behind them the least and the most. Ratios
 * are taken round by round, so that what slowed down a whole round cancels out.
 */
final class Table {
    private static final double MI = 1 << 20;

    private final Map<String, List<Usage>> results;
    private final String base;

    /**
     * @param results for each contender what its runs took, in the order of rounds
     * @param base whom the others are compared with
     */
    Table(Map<String, List<Usage>> results, String base) {
        this.results = results;
        this.base = base;
    }

    String text() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"program", "CPU s", "wall s", "peak MiB", "CPU : " + base,
            "wall : " + base, "others"});
        results.forEach((name, runs) -> rows.add(new String[] {
            name,
            spread(values(runs, Usage::cpu)),
            spread(values(runs, Usage::wall)),
            "%.0f".formatted(median(values(runs, u -> u.peak() / MI))),
            spread(ratios(runs, Usage::cpu)),
            spread(ratios(runs, Usage::wall)),
            "%.0f %%".formatted(100 * median(values(runs, Usage::others)))}));
        return layOut(rows);
    }

    private static double[] values(List<Usage> runs, ToDoubleFunction<Usage> what) {
        return runs.stream().mapToDouble(what).toArray();
    }

    /** To the base's run in the same round; none if one of them has no run there. */
    private double[] ratios(List<Usage> runs, ToDoubleFunction<Usage> what) {
        List<Usage> others = results.getOrDefault(base, List.of());
        double[] ratios = new double[Math.min(runs.size(), others.size())];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = what.applyAsDouble(runs.get(i)) / what.applyAsDouble(others.get(i));
        }
        return ratios;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static String spread(double[] values) {
        if (values.length == 0) {
            return "-";
        }
        double least = Arrays.stream(values).min().getAsDouble();
        double most = Arrays.stream(values).max().getAsDouble();
        return values.length == 1
                ? "%.2f".formatted(least)
                : "%.2f (%.2f-%.2f)".formatted(median(values), least, most);
    }

    private static String layOut(List<String[]> rows) {
        int columns = rows.getFirst().length;
        int[] width = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                width[i] = Math.max(width[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                text.append("| ").append(String.format(Locale.ROOT, "%-" + width[i] + "s ", row[i]));
            }
            text.append("|\n");
            if (row == rows.getFirst()) {
                for (int w : width) {
                    text.append('|').append("-".repeat(w + 2));
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }
}
