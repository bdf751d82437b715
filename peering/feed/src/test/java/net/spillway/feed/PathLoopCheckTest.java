package net.spillway.feed;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class PathLoopCheckTest {
    private static boolean passed(String path) {
        return PathLoopCheck.passedThrough(path, Set.of("b.example"));
    }

    @Test
    void everyEntryButTheLastCounts() {
        assertTrue(passed("b.example!a.example!not-for-mail"));
        assertTrue(passed("c.example!b.example!not-for-mail"));
        assertFalse(passed("c.example!a.example!b.example"));
        assertFalse(passed("b.example"));
        assertFalse(passed(""));
    }

    @Test
    void caseAndFoldingDoNotMatter() {
        assertTrue(passed("c.example!\r\n B.Example !not-for-mail"));
    }

    @Test
    void diagnosticsAndPartsOfNamesAreNoEntries() {
        assertFalse(passed("c.example!.MISMATCH.b.example!a.example!not-for-mail"));
        assertFalse(passed("bb.example!b.example.org!not-for-mail"));
        assertTrue(passed("c.example!!b.example!.POSTED!not-for-mail"));
    }
}
