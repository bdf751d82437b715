package net.spillway.relay.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HeaderPatternTest {
    private static boolean fits(String pattern, String text) {
        return HeaderPattern.parse(pattern).matches(text);
    }

    @Test
    void aPatternFitsWholeTexts() {
        assertTrue(fits("", ""));
        assertTrue(fits("*", ""));
        assertTrue(fits("a?c", "abc"));
        assertFalse(fits("a?c", "abcd"));
        assertTrue(fits("*re: *é*", "re: Caf\u00e9 au lait"));
        assertTrue(fits("*a*b*c", "xaxbxbxc"));
        assertFalse(fits("*a*b*c", "xaxcxb"));
    }

    @Test
    void setsRangesAndLiteralsAreKnown() {
        assertTrue(fits("[Rr]e:*", "re: x"));
        assertTrue(fits("part [0-9-]", "part -"));
        assertTrue(fits("[^a-c]", "d"));
        assertFalse(fits("[^a-c]", "b"));
        assertTrue(fits("[]x]", "]"));
        assertTrue(fits("\\*\\[", "*["));
        assertFalse(fits("\\*", "x"));
        assertTrue(fits("\\", "\\"));
    }

    @Test
    void aSetThatDoesNotEndIsNoPattern() {
        for (String bad : new String[] {"[", "[^", "[]", "[^]", "a[b"}) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                    () -> HeaderPattern.parse(bad));
            assertEquals("a [ of the pattern has no ]", e.getMessage());
        }
    }

    @Test
    void noPatternTakesLong() {
        assertFalse(fits("*a".repeat(1000) + "b", "a".repeat(20_000)));
    }
}
