package net.spillway.tools.nzb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RelativeNameTest {
    private static final Path ROOT = Path.of("root");

    @Test
    void ordinaryNamesAreAllowed() {
        for (String name : List.of("a", "a b.txt", "a/b/c", "..a", "a..", "...", ".hidden", "1:b",
                "größe/日本.txt", "ab:c")) {
            assertEquals(Optional.empty(), RelativeName.problem(name), name);
        }
        assertEquals(Optional.of(ROOT.toAbsolutePath().resolve("a/b")),
                RelativeName.below(ROOT, "a/b"));
    }

    @Test
    void namesThatLeadElsewhereAreNot() {
        for (String name : List.of("", "/etc/passwd", "..", "../a", "a/../b", "a/..", ".", "a/./b",
                "a//b", "a/", "C:\\x", "C:x", "c:/x", "a\\b", "..\\a", "a\u0000b", "a\nb",
                "\\\\server\\share", "x".repeat(256), "x/".repeat(3000) + "x")) {
            assertTrue(RelativeName.problem(name).isPresent(), name);
            assertEquals(Optional.empty(), RelativeName.below(ROOT, name), name);
        }
    }

    @Test
    void namesAreShownWithoutWhatTerminalsObey() {
        assertEquals("a\\x00b\\x1b[2J", RelativeName.shown("a\u0000b\u001b[2J"));
        assertEquals("x".repeat(200) + "...", RelativeName.shown("x".repeat(300)));
    }
}
