package net.spillway.protocol.article;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.spillway.protocol.ArticleHead;
import net.spillway.protocol.ArticleLimits;
import net.spillway.protocol.HeadEditor;
import net.spillway.protocol.HeaderField;
import net.spillway.protocol.MalformedArticle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
    @Test
    void pathIsReadIntoSitesWithoutDiagnosticsAndTail() {
        PathHeader path = PathHeader.parse("a.example!.SEEN.b.example!!c-news"
                + "!.MISMATCH.2001:DB8:0:0:8:800:200C:417A!d.example!!e.example!192.0.2.1!F"
                + "!!g.example!.POSTED.192.0.2.7!.x!not-for-mail").orElseThrow();
        assertEquals(List.of("a.example", "c-news", "d.example", "e.example", "F", "g.example"),
                path.identities());
        assertEquals("not-for-mail", path.tail());
        assertTrue(path.contains("f"));
        assertFalse(path.contains("b.example"));
        assertTrue(path.isPosted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"not-for-mail", "a!b", " a!b ", "a! b", "a\t!!b!c"})
    void shortAndFoldedPathsAreRead(String path) {
        assertTrue(PathHeader.parse(path).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a!", "!a", "a b!c", "a!b c!d", "a!b\u00fc!c", ".POSTED!a",
        "a!.!b", "a!.SEEN.!b", "a!.SEEN x!b", "a@b!c", "a..b!c"})
    void whatIsNoPathIsRefused(String path) {
        assertTrue(PathHeader.parse(path).isEmpty());
    }

    @Test
    void agentsWriteThemselvesAndWhatTheyKnowInFront() {
        PathHeader path = PathHeader.parse("them!not-for-mail").orElseThrow();
        assertEquals("us!!them!not-for-mail", path.prepend("us", PathDiagnostic.match()));
        assertEquals("us!.SEEN.192.0.2.1!them!not-for-mail",
                path.prepend("us", PathDiagnostic.seen("192.0.2.1")));
        assertEquals("us!.MISMATCH.x.example!them!not-for-mail",
                path.prepend("us", PathDiagnostic.mismatch("x.example")));
        assertEquals("us!.POSTED!not-for-mail",
                PathHeader.prepend("us", PathDiagnostic.posted(), "not-for-mail"));
        String posted = PathHeader.prepend("us", PathDiagnostic.posted("::1"), "not-for-mail");
        assertEquals("us!.POSTED.::1!not-for-mail", posted);
        assertTrue(PathHeader.parse(posted).orElseThrow().isPosted());
    }

    @Test
    void pathThatGrowsHopByHopStaysWithinTheLengthOfLines() throws MalformedArticle {
        String value = "not-for-mail";
        List<String> hops = new ArrayList<>();
        for (int hop = 0; hop < 200; hop++) {
            String site = "relay" + hop + ".example";
            hops.addFirst(site);
            value = PathHeader.prepend(site, PathDiagnostic.match(), value);
            byte[] head = new HeadEditor(List.of(new HeaderField("Path", value))).toBytes();
            for (String line : new String(head, StandardCharsets.US_ASCII).split("\r\n")) {
                assertTrue(line.length() <= ArticleLimits.STANDARD_LINE);
            }
            value = ArticleHead.parse(head, 0, head.length).first("Path").orElseThrow();
        }
        assertEquals(hops, PathHeader.parse(value).orElseThrow().identities());
    }

    @Test
    void xrefIsReadAndWritten() {
        Map<String, Long> numbers = new LinkedHashMap<>();
        numbers.put("b.c", 12L);
        numbers.put("a", 1L);
        XrefHeader xref = new XrefHeader("us", numbers);
        assertEquals("us b.c:12 a:1", xref.format());
        assertEquals(Optional.of(xref), XrefHeader.parse(" us  b.c:12\ta:1 "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "us", "us a", "us a:", "us :1", "us a:0", "us a:-1", "us a:x",
        "us a:1 a:2", "us a:12345678901234567"})
    void whatIsNoXrefIsRefused(String value) {
        assertTrue(XrefHeader.parse(value).isEmpty());
    }

    @Test
    void xrefWithoutGroupsCannotBeMade() {
        assertThrows(IllegalArgumentException.class, () -> new XrefHeader("us", Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "spill.test", "alt.binaries.c++", "x.y_z.1-2"})
    void groupNamesAreTaken(String name) {
        assertTrue(NewsgroupNames.isValid(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "a b", "a,b", "a*", "a/b", "a\u00fc",
        "a:b", "a!b", "a\0"})
    void whatIsNoGroupNameIsRefused(String name) {
        assertFalse(NewsgroupNames.isValid(name));
    }

    @Test
    void listsOfGroupsMayHaveBlanksAndNamesTwice() {
        assertEquals(Optional.of(List.of("a.b", "c")), NewsgroupNames.parseList("a.b , c,\ta.b"));
        assertTrue(NewsgroupNames.parseList("a.b,,c").isEmpty());
        assertTrue(NewsgroupNames.parseList("a.b c").isEmpty());
        assertTrue(NewsgroupNames.parseList("a,").isEmpty());
        assertFalse(NewsgroupNames.isValid("a".repeat(NewsgroupNames.MAX_OCTETS + 1)));
    }
}
