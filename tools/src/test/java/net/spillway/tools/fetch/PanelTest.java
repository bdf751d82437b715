package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PanelTest {
    @Test
    void lineOfAMirrorSaysWhatFailed() {
        assertEquals("  far.example:119          -  0 articles, 7 connections refused, cut or stalled",
                line(new MirrorReport("far.example:119", 0, 0, 0, 0, 0, 0, 7, "refused"), "-"));
        assertEquals("  far.example:119   1.2 MB/s  1,498 articles, 12 not there, 1 bad,"
                        + " 1 connection refused, cut or stalled",
                line(new MirrorReport("far.example:119", 0, 1498, 1, 5, 7, 1, 1, "cut"),
                        "1.2 MB/s"));
    }

    @Test
    void lineOfAMirrorThatDoesWellSaysNoMore() {
        assertEquals("  far.example:119   1.2 MB/s  1 article",
                line(new MirrorReport("far.example:119", 0, 1, 1, 0, 0, 0, 0, ""), "1.2 MB/s"));
    }

    @Test
    void nothingOfTheLegendIsCutOffOnNarrowTerminals() {
        assertEquals(List.of("   # here  + coming  ! lost  * rebuilt  . to come"),
                Panel.legend(79));
        assertEquals(List.of("   # here  + coming  ! lost  * rebuilt", "   . to come"),
                Panel.legend(39));
    }

    @Test
    void mapIsAsWideAsTheTerminalHasRoomFor() {
        assertEquals(64, Panel.cells(200, 1000));
        assertEquals(64, Panel.cells(68, 1000));
        assertEquals(35, Panel.cells(39, 1000));
        assertEquals(1, Panel.cells(3, 1000));
        assertEquals(5, Panel.cells(39, 5));
    }

    private static String line(MirrorReport report, String rate) {
        return Panel.line(report, report.server().length(), rate);
    }
}
