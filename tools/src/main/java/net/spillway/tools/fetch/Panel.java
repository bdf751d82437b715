package net.spillway.tools.fetch;

import java.util.ArrayList;
import java.util.List;
import net.spillway.tools.progress.Figures;

/** What is drawn while a fetch goes on: a line for each mirror, and a map of the parts. */
final class Panel {
    private static final int MOST_MIRRORS = 8;
    private static final char LOST = '!';
    private static final char REBUILT = '*';
    private static final int MOST_CELLS = 64;
    /** What stands around the cells. */
    private static final int FRAME = 4;
    private static final List<String> LEGEND = List.of("# here", "+ coming", LOST + " lost",
            REBUILT + " rebuilt", ". to come");

    private Panel() {}

    /** @param columns how wide lines may be, so that none of the map is cut off */
    static List<String> lines(MirrorAnswers answers, RecentRates rates, List<Wanted> articles,
            int columns) {
        List<String> lines = new ArrayList<>();
        List<MirrorReport> reports = answers.reports();
        List<String> recent = rates.of(
                reports.stream().map(MirrorReport::bytes).toList(), System.nanoTime());
        int width = reports.stream().mapToInt(r -> r.server().length()).max().orElse(0);
        for (int i = 0; i < Math.min(MOST_MIRRORS, reports.size()); i++) {
            lines.add(line(reports.get(i), width, recent.get(i)));
        }
        if (reports.size() > MOST_MIRRORS) {
            lines.add("  and " + (reports.size() - MOST_MIRRORS) + " mirrors more");
        }
        lines.addAll(map(answers, articles, 0, columns));
        return lines;
    }

    /**
     * The map alone, while what is lost is computed.
     *
     * @param share how much of it has been, 0 to 1
     */
    static List<String> rebuilding(MirrorAnswers answers, List<Wanted> articles, double share,
            int columns) {
        return map(answers, articles, share, columns);
    }

    /** What a mirror has given and what not. */
    static String line(MirrorReport report, int width, String rate) {
        StringBuilder line = new StringBuilder(String.format("  %-" + width + "s %10s  %s",
                report.server(), rate,
                Figures.count(report.articles(), "article")));
        if (report.absent() + report.misses() > 0) {
            line.append(", ").append(Figures.count(report.absent() + report.misses()))
                    .append(" not there");
        }
        if (report.corrupt() > 0) {
            line.append(", ").append(Figures.count(report.corrupt())).append(" bad");
        }
        if (report.failures() > 0) {
            line.append(", ").append(Figures.count(report.failures(), "connection"))
                    .append(" refused, cut or stalled");
        }
        return line.toString();
    }

    /** Each cell stands for as many articles as are needed for all to fit. */
    private static List<String> map(MirrorAnswers answers, List<Wanted> articles, double rebuilt,
            int columns) {
        StringBuilder map = new StringBuilder();
        int cells = cells(columns, articles.size());
        for (int i = 0; i < cells; i++) {
            int from = (int) ((long) i * articles.size() / cells);
            int to = (int) ((i + 1L) * articles.size() / cells);
            map.append(cell(answers.counts(articles.subList(from, to))));
        }
        long lost = map.chars().filter(cell -> cell == LOST).count();
        for (long left = Math.round(lost * Math.clamp(rebuilt, 0, 1)); left > 0; left--) {
            map.setCharAt(map.indexOf(String.valueOf(LOST)), REBUILT);
        }
        List<String> lines = new ArrayList<>(List.of("  [" + map + "]"));
        lines.addAll(legend(columns));
        return lines;
    }

    static int cells(int columns, int articles) {
        return Math.min(Math.clamp(columns - FRAME, 1, MOST_CELLS), articles);
    }

    /** In as many lines as it takes. */
    static List<String> legend(int columns) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(" ");
        for (String word : LEGEND) {
            if (line.length() > 1 && line.length() + 2 + word.length() > columns) {
                lines.add(line.toString());
                line = new StringBuilder(" ");
            }
            line.append("  ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static char cell(MirrorAnswers.Counts counts) {
        if (counts.lost() > 0) {
            return LOST;
        }
        return counts.asked() > 0 ? '+' : counts.waiting() > 0 ? '.' : '#';
    }
}
