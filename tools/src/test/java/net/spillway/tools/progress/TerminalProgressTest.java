package net.spillway.tools.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong();

    private TerminalProgress progress(boolean terminal, int columns, boolean quiet) {
        return new TerminalProgress(new PrintStream(printed, true, StandardCharsets.UTF_8),
                terminal, columns, quiet, clock::get);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatIsOverSoonLeavesNothingBehind() {
        try (TerminalProgress progress = progress(true, 80, false);
                Progress.Task task = progress.start("posting", 100, Progress.Unit.ARTICLES)) {
            task.advance(50);
            clock.set(100);
            progress.draw();
        }
        assertEquals("", printed());
    }

    @Test
    void aPipeGetsALineNowAndThenAndOneAtTheEnd() {
        try (TerminalProgress progress = progress(false, 80, false);
                Progress.Task task = progress.start("posting", 4_000_000, Progress.Unit.BYTES)) {
            for (int second = 1; second <= 8; second++) {
                clock.set(second * 1000L);
                task.at(second * 400_000L);
                task.detail("1 retry");
                progress.draw();
            }
        }
        assertEquals("""
                posting: 400.0 kB of 4.0 MB, 10 %, 0.4 MB/s, 0:09 left (1 retry)
                posting: 2.0 MB of 4.0 MB, 50 %, 0.4 MB/s, 0:05 left (1 retry)
                posting: 3.2 MB, 0.4 MB/s, 8.00 s (1 retry)
                """, printed().replace(System.lineSeparator(), "\n"));
    }

    @Test
    void whatHadBeenDoneBeforeCountsButNotForTheRate() {
        try (TerminalProgress progress = progress(false, 80, false);
                Progress.Task task = progress.start("posting", 4_000_000, Progress.Unit.BYTES)) {
            task.had(2_000_000);
            task.advance(400_000);
            clock.set(2000);
            progress.draw();
        }
        assertEquals("""
                posting: 2.4 MB of 4.0 MB, 60 %, 0.2 MB/s, 0:08 left
                posting: 2.4 MB, 0.2 MB/s, 2.00 s
                """, printed().replace(System.lineSeparator(), "\n"));
    }

    @Test
    void whatHasHardlyBegunIsNotReckonedAndWhatHasNotIsNotSummedUp() {
        try (TerminalProgress progress = progress(false, 80, false);
                Progress.Task none = progress.start("rebuilding", 0, Progress.Unit.BYTES);
                Progress.Task task = progress.start("checking", 2_000_000, Progress.Unit.BYTES)) {
            clock.set(1100);
            task.at(147);
            progress.draw();
        }
        assertEquals("""
                rebuilding: 0 B
                checking: 147 B of 2.0 MB, 0 %
                checking: 147 B, 0.1 kB/s, 1.10 s
                """, printed().replace(System.lineSeparator(), "\n"));
    }

    @Test
    void aTerminalGetsOneLineThatIsCutToItsWidth() {
        try (TerminalProgress progress = progress(true, 30, false);
                Progress.Task task = progress.start("posting", 2000, Progress.Unit.ARTICLES)) {
            clock.set(2000);
            task.at(1000);
            progress.draw();
            progress.draw();
        }
        String line = "\r\033[Jposting: 1,000 of 2,000 artic";
        assertTrue(printed().startsWith(line + line), printed());
        assertTrue(printed().endsWith("\r\033[Jposting: 1,000 articles, 2.00 s"
                + System.lineSeparator()), printed());
    }

    @Test
    void stagesThatRunAtTheSameTimeHaveALineEachAndWhatBelongsToThemBelow() {
        try (TerminalProgress progress = progress(true, 40, false);
                Progress.Task one = progress.start("posting", 2000, Progress.Unit.ARTICLES);
                Progress.Task two = progress.start("parity", 4000, Progress.Unit.ARTICLES)) {
            clock.set(2000);
            one.panel(columns -> List.of("  a server"));
            two.at(1000);
            progress.draw();
        }
        assertTrue(printed().startsWith("\r\033[Jposting: 0 of 2,000 articles, 0 %\r\n  a server"
                + "\r\nparity: 1,000 of 4,000 articles, 25 %\033[2A\r"), printed());
    }

    @Test
    void notesGoAboveTheLine() {
        try (TerminalProgress progress = progress(true, 80, false);
                Progress.Task task = progress.start("fetching", 0, Progress.Unit.ARTICLES)) {
            clock.set(1000);
            task.advance(3);
            progress.draw();
            progress.note("a mirror died");
        }
        assertTrue(printed().startsWith("\r\033[Jfetching: 3 articles\r\033[Ja mirror died"
                + System.lineSeparator()), printed());
    }

    @Test
    void quietShowsWarningsOnly() {
        try (TerminalProgress progress = progress(false, 80, true);
                Progress.Task task = progress.start("posting", 10, Progress.Unit.ARTICLES)) {
            clock.set(60_000);
            task.advance(5);
            progress.draw();
            progress.note("by the way");
            progress.warn("look out");
        }
        assertEquals("warning: look out", printed().strip());
    }

    @Test
    void closingTwiceDoesNothing() {
        TerminalProgress progress = progress(false, 80, false);
        Progress.Task task = progress.start("posting", 10, Progress.Unit.ARTICLES);
        clock.set(2000);
        task.close();
        task.close();
        progress.close();
        progress.close();
        assertEquals("posting: 0 articles, 2.00 s", printed().strip());
    }

    @Test
    void figuresReadWell() {
        assertEquals("999 B", Figures.bytes(999));
        assertEquals("1.0 MB", Figures.bytes(999_960));
        assertEquals("67.1 MB", Figures.bytes(64 << 20));
        assertEquals("1 file", Figures.count(1, "file"));
        assertEquals("1,000 files", Figures.count(1000, "file"));
        assertEquals("2:05", Figures.duration(Duration.ofSeconds(125)));
        assertEquals("1:02:03", Figures.duration(Duration.ofSeconds(3723)));
        assertEquals("-", Figures.rate(5, Duration.ZERO));
    }
}
