package net.spillway.tools.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * Progress for a person: on a terminal a line for each stage that updates itself, elsewhere (a
 * file, a pipe, a CI log) a line every few seconds. What takes less than a second leaves nothing
 * behind.
 *
 * <p>One daemon thread draws; the workers only add to counters.
 */
public final class TerminalProgress implements Progress, AutoCloseable {
    private static final long PATIENCE_MS = 700;
    private static final long REDRAW_MS = 150;
    private static final long PLAIN_LINE_MS = 4_000;
    private static final String TO_LINE_START_AND_CLEAR_BELOW = "\r\033[J";

    private final PrintStream out;
    private final boolean terminal;
    private final boolean quiet;
    private final int columns;
    private final LongSupplier clockMs;
    private final List<Stage> stages = new CopyOnWriteArrayList<>();
    private Thread drawer;
    private boolean lineShown;
    private boolean closed;

    /**
     * @param out where to write, usually standard error
     * @param terminal whether {@code out} understands a carriage return
     * @param columns width of the terminal; longer lines are cut
     * @param quiet only warnings are shown
     */
    public TerminalProgress(PrintStream out, boolean terminal, int columns, boolean quiet) {
        this(out, terminal, columns, quiet, () -> System.nanoTime() / 1_000_000);
    }

    /** With a clock, and without a thread until {@link #start} is called; for tests. */
    TerminalProgress(PrintStream out, boolean terminal, int columns, boolean quiet,
            LongSupplier clockMs) {
        this.out = out;
        this.terminal = terminal;
        this.columns = Math.max(20, columns);
        this.quiet = quiet;
        this.clockMs = clockMs;
    }

    @Override
    public Task start(String what, long total, Unit unit) {
        if (quiet) {
            return NoProgress.INSTANCE;
        }
        Stage stage = new Stage(what, total, unit);
        stages.add(stage);
        startDrawing();
        return stage;
    }

    @Override
    public void note(String line) {
        if (!quiet) {
            print(line);
        }
    }

    @Override
    public void warn(String line) {
        print("warning: " + line);
    }

    /** Ends the line and the thread. */
    @Override
    public synchronized void close() {
        closed = true;
        stages.clear();
        clearLine();
        if (drawer != null) {
            drawer.interrupt();
        }
    }

    private synchronized void startDrawing() {
        if (drawer == null && !closed) {
            drawer = Thread.ofVirtual().name("progress").start(this::drawUntilClosed);
        }
    }

    private void drawUntilClosed() {
        try {
            while (true) {
                Thread.sleep(REDRAW_MS);
                draw();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Closed.
        }
    }

    private synchronized void print(String line) {
        clearLine();
        out.println(line);
        out.flush();
    }

    private void clearLine() {
        if (lineShown) {
            out.print(TO_LINE_START_AND_CLEAR_BELOW);
            out.flush();
            lineShown = false;
        }
    }

    /** Draws what is due now. */
    void draw() {
        long now = clockMs.getAsLong();
        // Before our lock is taken: whoever makes these lines has locks of his own.
        Map<Stage, List<String>> panels = new HashMap<>();
        if (terminal) {
            stages.stream().filter(stage -> stage.isOld(now))
                    .forEach(stage -> panels.put(stage, stage.panel.apply(columns - 1)));
        }
        drawAt(now, panels);
    }

    private synchronized void drawAt(long now, Map<Stage, List<String>> panels) {
        if (closed) {
            return;
        }
        if (terminal) {
            drawLines(now, panels);
        } else {
            stages.stream().filter(stage -> stage.isDue(now)).forEach(stage -> {
                stage.lastLine = now;
                print(stage.render(now));
            });
        }
    }

    private void drawLines(long now, Map<Stage, List<String>> panels) {
        List<String> lines = new ArrayList<>();
        for (Stage stage : stages) {
            if (stage.isOld(now)) {
                lines.add(cut(stage.render(now)));
                panels.getOrDefault(stage, List.of()).forEach(line -> lines.add(cut(line)));
            }
        }
        if (!lines.isEmpty()) {
            String text = TO_LINE_START_AND_CLEAR_BELOW + String.join("\r\n", lines);
            if (lines.size() > 1) {
                // The cursor stays in the first line, so that it is known where that is.
                text += "\033[" + (lines.size() - 1) + "A\r";
            }
            out.print(text);
            out.flush();
            lineShown = true;
        }
    }

    private String cut(String line) {
        return line.length() < columns ? line : line.substring(0, columns - 1);
    }

    private synchronized void finish(Stage stage) {
        if (stages.remove(stage) && stage.saysMore() && stage.isOld(clockMs.getAsLong())) {
            print(stage.renderEnd(clockMs.getAsLong()));
        }
    }

    private final class Stage implements Task {
        private final String what;
        private final Unit unit;
        private final long began = clockMs.getAsLong();
        private final AtomicLong done = new AtomicLong();
        private final AtomicLong had = new AtomicLong();
        private volatile long total;
        private volatile String detail = "";
        private volatile IntFunction<List<String>> panel = width -> List.of();
        private long lastLine = Long.MIN_VALUE;

        Stage(String what, long total, Unit unit) {
            this.what = what;
            this.total = total;
            this.unit = unit;
        }

        @Override
        public void advance(long by) {
            done.addAndGet(by);
        }

        @Override
        public void had(long before) {
            had.addAndGet(before);
            advance(before);
        }

        @Override
        public void at(long now) {
            done.set(now);
        }

        @Override
        public void total(long now) {
            total = now;
        }

        @Override
        public void detail(String words) {
            detail = words;
        }

        @Override
        public void panel(IntFunction<List<String>> lines) {
            panel = lines;
        }

        @Override
        public void close() {
            finish(this);
        }

        boolean isOld(long now) {
            return now - began >= PATIENCE_MS;
        }

        /** Whether the end is news: of what never got anywhere a line may have said so already. */
        boolean saysMore() {
            return done.get() > 0 || lastLine == Long.MIN_VALUE;
        }

        boolean isDue(long now) {
            return isOld(now) && (lastLine == Long.MIN_VALUE || now - lastLine >= PLAIN_LINE_MS);
        }

        /** Such as {@code posting: 45.2 MB of 67.1 MB, 67 %, 38.1 MB/s, 0:01 left (2 retries)}. */
        String render(long now) {
            long sofar = done.get();
            long all = total;
            StringBuilder line = new StringBuilder(what).append(": ").append(amount(sofar));
            if (all > 0) {
                line.append(" of ").append(amount(all)).append(words());
                add(line, Math.min(100, sofar * 100 / all) + " %");
            } else {
                line.append(words());
            }
            if (all > 0 && sofar * 100 / all == 0) {
                return withDetail(line); // The first hundredth says little about the others.
            }
            appendRate(line, sofar, now);
            long own = sofar - had.get();
            if (all > sofar && own > 0) {
                long left = Math.round((double) (now - began) * (all - sofar) / own / 1000);
                add(line, Figures.clock(left) + " left");
            }
            return withDetail(line);
        }

        /** Such as {@code posting: 67.1 MB, 38.1 MB/s, 1.76 s}. */
        String renderEnd(long now) {
            long sofar = done.get();
            StringBuilder line = new StringBuilder(what).append(": ").append(amount(sofar))
                    .append(words());
            appendRate(line, sofar, now);
            line.append(", ").append(Figures.duration(Duration.ofMillis(now - began)));
            return withDetail(line);
        }

        private void appendRate(StringBuilder line, long sofar, long now) {
            long own = sofar - had.get();
            if (unit == Unit.BYTES && own > 0) {
                add(line, Figures.rate(own, Duration.ofMillis(now - began)));
            }
        }

        /** Unless a narrow terminal would show no more than its beginning. */
        private void add(StringBuilder line, String figure) {
            if (!terminal || line.length() + 2 + figure.length() < columns) {
                line.append(", ").append(figure);
            }
        }

        private String withDetail(StringBuilder line) {
            return detail.isEmpty() ? line.toString() : line.append(" (").append(detail)
                    .append(')').toString();
        }

        private String amount(long n) {
            return unit == Unit.BYTES ? Figures.bytes(n) : Figures.count(n);
        }

        private String words() {
            return unit == Unit.BYTES ? "" : " " + unit.name().toLowerCase(Locale.ROOT);
        }
    }
}
