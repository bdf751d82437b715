package net.spillway.relay.admin;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import net.spillway.relay.status.History;

/**
 * A chart of the last hours: lines as SVG that stretches to any width, and words around it as
 * HTML, which do not stretch. The right edge is now.
 */
final class Chart {
    /** Points across at most. */
    private static final int POINTS = 270;
    private static final int HEIGHT = 100;

    /**
     * How much is shown: as little as the samples fill.
     *
     * @param samples that fit in
     * @param start what its left edge is called
     */
    private record Span(int samples, String start, String middle) {
        private static final List<Span> ALL = List.of(of(15, "15 min ago", ""),
                of(60, "1 h ago", "30 min ago"), of(180, "3 h ago", "90 min ago"),
                of(360, "6 h ago", "3 h ago"));

        private static Span of(int minutes, String start, String middle) {
            return new Span((int) (minutes * 60 / History.EVERY.toSeconds()), start, middle);
        }

        static Span holding(int count) {
            return ALL.stream().filter(span -> span.samples >= count).findFirst()
                    .orElse(ALL.getLast());
        }

        /** Each point shows the highest of so many samples, so that no peak is lost. */
        int samplesAPoint() {
            return (samples + POINTS - 1) / POINTS;
        }

        int points() {
            return samples / samplesAPoint();
        }
    }

    /** One line of a chart. */
    record Line(String name, History.Series series) {
    }

    private final String title;
    private final DoubleFunction<String> words;
    private final List<Line> lines;

    /** @param words writes a value with its unit */
    Chart(String title, DoubleFunction<String> words, Line... lines) {
        this.title = title;
        this.words = words;
        this.lines = List.of(lines);
    }

    void draw(Html page, History history) {
        Span span = Span.holding(history.samples(lines.getFirst().series()).length);
        int right = span.points() - 1;
        List<float[]> all = lines.stream()
                .map(line -> points(history.samples(line.series()), span)).toList();
        double top = niceTop(all.stream().mapToDouble(Chart::highest).max().orElse(0));
        page.raw("<figure class=chart><figcaption><b>").text(title).raw("</b>");
        for (int i = 0; i < lines.size(); i++) {
            float[] points = all.get(i);
            page.raw(" <span class=\"key c" + i + "\">").text(lines.get(i).name()).raw(" <i>")
                    .text(points.length == 0 ? "-" : words.apply(points[points.length - 1]))
                    .raw("</i></span>");
        }
        page.raw("</figcaption><div class=plot><span class=top>").text(words.apply(top))
                .raw("</span><span class=half>").text(words.apply(top / 2))
                .raw("</span><svg viewBox=\"0 0 " + right + " " + HEIGHT
                        + "\" preserveAspectRatio=none role=img aria-label=\"").text(title)
                .raw("\"><path class=grid d=\"M0 0H" + right + "M0 50H" + right
                        + "M0 100H" + right + "\"/>");
        for (int i = 0; i < lines.size(); i++) {
            if (all.get(i).length > 1) {
                page.raw("<path class=\"line c" + i + "\" d=\"" + path(all.get(i), right, top) + "\"/>");
            }
        }
        page.raw("</svg></div><div class=hours><span>" + span.start() + "</span><span>"
                + span.middle() + "</span><span>now</span></div></figure>");
    }

    private static float[] points(float[] samples, Span span) {
        int each = span.samplesAPoint();
        int count = Math.min(span.points(), (samples.length + each - 1) / each);
        float[] points = new float[count];
        for (int i = 0; i < samples.length; i++) {
            // Counted from the end, so that what is drawn does not change as time goes by.
            int point = count - 1 - (samples.length - 1 - i) / each;
            if (point >= 0) {
                points[point] = Math.max(points[point], samples[i]);
            }
        }
        return points;
    }

    private static double highest(float[] points) {
        double highest = 0;
        for (float point : points) {
            highest = Math.max(highest, point);
        }
        return highest;
    }

    /** The next of 1, 2 and 5 times a power of ten, at least 1. */
    static double niceTop(double highest) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, highest))));
        for (double step : new double[] {1, 2, 5}) {
            if (step * power >= highest) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static String path(float[] points, int right, double top) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < points.length; i++) {
            path.append(String.format(Locale.ROOT, "%s%d %.1f", i == 0 ? "M" : "L",
                    right + 1 - points.length + i, HEIGHT - HEIGHT * points[i] / top));
        }
        return path.toString();
    }
}
