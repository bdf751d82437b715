package net.spillway.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireArticleTest {
    private static final String HEAD = "From: a@b\r\nSubject: one\r\n two\r\nX-Empty:\r\n";

    @Test
    void partsOfAnArticleAreFound() throws MalformedArticle {
        String text = HEAD + "\r\nfirst\r\n..dot\r\n\r\nlast\r\n.\r\n";
        WireArticle article = parse(text);
        assertEquals(HEAD.length(), article.headLength());
        assertEquals(HEAD.length() + 2, article.bodyStart());
        assertEquals(text.length() - 3, article.bodyEnd());
        assertEquals(4, article.bodyLines());
        assertEquals(text.length() - 3 - 1, article.unstuffedSize());
        assertEquals("first\r\n.dot\r\n\r\nlast\r\n", Seeded.text(article.body()));
        assertEquals("one two", article.head().first("subject").orElseThrow());
        assertEquals("", article.head().first("x-empty").orElseThrow());
        assertEquals(List.of("From", "Subject", "X-Empty"),
                article.head().fields().stream().map(HeaderField::name).toList());
    }

    @Test
    void bodyMayBeEmpty() throws MalformedArticle {
        WireArticle article = parse("A: b\r\n\r\n.\r\n");
        assertEquals(0, article.bodyLines());
        assertEquals(article.bodyStart(), article.bodyEnd());
        assertEquals(8, article.unstuffedSize());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            A: b~c~~x~.~,       line 2 is no header field
            A: b~~x|y~.~,       line 3 holds a NUL
            A: b~~x^y~.~,       line 3 holds a bare CR
            A: b~~x_y~.~,       line 3 holds a bare LF
            A: b~~x~_.~,        line 4 holds a bare LF
            A: b_~x~.~,         line 1 holds a bare LF
            A: |b~~x~.~,        line 1 holds a NUL
            A: b^c~~x~.~,       line 1 holds a bare CR
            A: b~.~,            no blank line
            .~,                 no blank line
            ~x~.~,              line 1 is blank
            A: b~~x~,           does not end
            A: b~~x~.,          does not end
            A: b~~x~..~,        does not end
            A: b~~x~.~y~.~,     text follows the final dot
            ' A: b~~x~.~',      line 1 continues
            : b~~x~.~,          line 1 is no header field
            A B: b~~x~.~,       line 1 is no header field
            A~~x~.~,            line 1 is no header field
            A:b~~x~.~,          line 1 has no space
            """)
    void malformedArticleIsRefusedAndTheLineIsNamed(String shown, String expected) {
        String wire = shown.replace("~", "\r\n").replace('^', '\r').replace('_', '\n')
                .replace('|', '\0');
        var refused = assertThrows(MalformedArticle.class, () -> parse(wire));
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
    }

    @Test
    void overLongLinesAreRefusedInHeadAndBody() throws MalformedArticle {
        ArticleLimits limits = ArticleLimits.DEFAULT.withLineOctets(998);
        String fits = "x".repeat(998);
        WireArticle.parse(Seeded.bytes("A: b\r\n\r\n" + fits + "\r\n.\r\n"), limits);
        var body = assertThrows(MalformedArticle.class, () -> WireArticle.parse(
                Seeded.bytes("A: b\r\n\r\n" + fits + "y\r\n.\r\n"), limits));
        assertTrue(body.getMessage().startsWith("line 3 is longer than 998"), body.getMessage());
        assertThrows(MalformedArticle.class, () -> WireArticle.parse(
                Seeded.bytes("A: " + fits + "\r\n\r\n.\r\n"), limits));
    }

    @Test
    void headsAreBounded() {
        ArticleLimits limits = new ArticleLimits(100, 3, 998);
        assertThrows(MalformedArticle.class, () -> WireArticle.parse(
                Seeded.bytes("A: b\r\n".repeat(4) + "\r\n.\r\n"), limits));
        assertThrows(MalformedArticle.class, () -> WireArticle.parse(
                Seeded.bytes("A: " + "b".repeat(100) + "\r\n\r\n.\r\n"), limits));
    }

    @Test
    void buildingAndParsingGiveTheSame() throws MalformedArticle {
        byte[] body = Seeded.bytes(".\r\n..\r\ntext\r\n");
        List<HeaderField> fields = List.of(new HeaderField("From", "Gr\u00fcn <a@b>"),
                new HeaderField("Subject", "x"));
        WireArticle built = WireArticle.build(fields, body);
        assertEquals(fields, built.head().fields());
        assertArrayEquals(body, built.body());
        assertEquals(3, built.bodyLines());
        assertArrayEquals(built.bytes(), WireArticle.parse(built.bytes()).bytes());
    }

    @Test
    void lastLineWithoutItsEndGetsOne() {
        WireArticle built = WireArticle.build(List.of(new HeaderField("A", "b")),
                Seeded.bytes("x"));
        assertEquals("A: b\r\n\r\nx\r\n.\r\n", Seeded.text(built.bytes()));
    }

    @Test
    void nothingMalformedCanBeBuilt() {
        List<HeaderField> fields = List.of(new HeaderField("A", "b"));
        for (String body : List.of("a\nb\r\n", "a\rb\r\n", "\0\r\n", "a\r", "a\n")) {
            assertThrows(IllegalArgumentException.class,
                    () -> WireArticle.build(fields, Seeded.bytes(body)), body);
        }
        assertThrows(IllegalArgumentException.class,
                () -> WireArticle.build(List.of(), new byte[0]));
        for (String value : List.of("a\r\nB: c", "a\nb", "a\0")) {
            assertThrows(IllegalArgumentException.class, () -> new HeaderField("A", value));
        }
        for (String name : List.of("", "a b", "a:", "\u00fc", "a\r\n")) {
            assertThrows(IllegalArgumentException.class, () -> new HeaderField(name, "x"));
        }
    }

    @Test
    void valuesInUtf8AndInLatin1AreBothRead() throws MalformedArticle {
        WireArticle article = parse("A: gr\u00c3\u00bcn\r\nB: gr\u00fcn\r\n\r\n.\r\n");
        assertEquals("gr\u00fcn", article.head().first("A").orElseThrow());
        assertEquals("gr\u00fcn", article.head().first("B").orElseThrow());
    }

    @Test
    void equalFieldsAreCountedInAnyCase() throws MalformedArticle {
        ArticleHead head = parse("X: 1\r\nx: 2\r\nY: 3\r\n\r\n.\r\n").head();
        assertEquals(2, head.count("X"));
        assertEquals("1", head.first("x").orElseThrow());
        assertEquals(0, head.count("Z"));
        assertTrue(head.first("Z").isEmpty());
    }

    @Test
    void headMayEndWithItsBlankLineButNotGoOnBehindIt() throws MalformedArticle {
        byte[] head = Seeded.bytes("A: b\r\n\r\n");
        assertEquals(1, ArticleHead.parse(head, 0, head.length).fields().size());
        byte[] more = Seeded.bytes("A: b\r\n\r\nC: d\r\n");
        assertThrows(MalformedArticle.class, () -> ArticleHead.parse(more, 0, more.length));
        assertEquals(1, ArticleHead.parse(more, 8, more.length).fields().size());
        assertEquals(0, ArticleHead.parse(more, 0, 0).fields().size());
    }

    @Test
    void editingLeavesTheOctetsOfOtherFieldsAsTheyCame() throws MalformedArticle {
        ArticleHead head = parse("Path:  old!x\r\nSubject: gr\u00fcn\r\n\t  folded \r\n"
                + "Xref: other g:1\r\nxref: again\r\n..odd: 1\r\n\r\n.\r\n").head();
        assertEquals(".odd", head.fields().getLast().name());
        String edited = Seeded.text(new HeadEditor(head).remove("XREF").set("path", "us!old!x")
                .add("Injection-Info", "us").addFirst("Top", "1").set("New", "2").toBytes());
        assertEquals("Top: 1\r\npath: us!old!x\r\nSubject: gr\u00fcn\r\n\t  folded \r\n..odd: 1\r\n"
                + "Injection-Info: us\r\nNew: 2\r\n", edited);
    }

    @Test
    void longFieldsAreFoldedAtBlanksAndComeBackWhole() throws MalformedArticle {
        Random random = Seeded.random("WireArticleTest");
        ArticleLimits limits = ArticleLimits.DEFAULT.withLineOctets(998);
        for (int round = 0; round < 200; round++) {
            String value = Seeded.text(Seeded.drawn(random, "abcdefgh  ", random.nextInt(5000)))
                    .strip();
            WireArticle built = WireArticle.build(List.of(new HeaderField("References", value)),
                    new byte[0]);
            WireArticle read = WireArticle.parse(built.bytes(), limits);
            assertEquals(value, read.head().first("References").orElseThrow());
            assertTrue(read.head().fields().size() == 1);
        }
    }

    @Test
    void fieldWithoutBlanksStaysOnOneLine() {
        String value = "x".repeat(3000);
        assertEquals("A: " + value + "\r\n",
                Seeded.text(new HeadEditor(List.of(new HeaderField("A", value))).toBytes()));
    }

    @Test
    void stuffingAndUnstuffingAreInverse() {
        Random random = Seeded.random("WireArticleTest stuffing");
        for (int round = 0; round < 5000; round++) {
            byte[] text = Seeded.drawn(random, "..\r\na", random.nextInt(60));
            byte[] stuffed = DotStuffing.stuff(text);
            assertEquals(text.length + DotStuffing.count(text, 0, text.length), stuffed.length);
            assertArrayEquals(text, DotStuffing.unstuff(stuffed, 0, stuffed.length));
            assertEquals(("\r\n" + Seeded.text(text)).replace("\r\n.", "\r\n..").substring(2),
                    Seeded.text(stuffed));
        }
        byte[] plain = Seeded.bytes("no dots\r\n");
        assertSame(plain, DotStuffing.stuff(plain));
    }

    @Test
    void linesOfABlockAreThoseBeforeItsFinalDot() {
        assertEquals(List.of("a", ".b", "", ".", "gr\u00fcn"), DotStuffing.lines(
                Seeded.bytes("a\r\n..b\r\n\r\n..\r\ngr\u00fcn\r\n.\r\n")));
        assertEquals(List.of(), DotStuffing.lines(Seeded.bytes(".\r\n")));
        assertEquals(List.of("a", "b"), DotStuffing.lines(Seeded.bytes("a\r\nb")));
    }

    @Test
    void anyOctetsAreParsedOrRefusedAndWhatIsParsedIsWhole() {
        Random random = Seeded.random("WireArticleTest any");
        for (int round = 0; round < 50_000; round++) {
            byte[] tail = Seeded.drawn(random, "\r\n\r\n..a: ", random.nextInt(40));
            byte[] wire = Seeded.bytes("A: b\r\n" + Seeded.text(tail) + "\r\n.\r\n");
            try {
                WireArticle article = WireArticle.parse(wire);
                assertEquals(wire.length, article.bodyEnd() + 3);
                assertEquals(DotStuffing.unstuff(wire, 0, article.bodyEnd()).length,
                        article.unstuffedSize());
                int lines = Seeded.text(wire).split("\r\n", -1).length;
                int headLines = Seeded.text(wire).substring(0, article.headLength())
                        .split("\r\n", -1).length - 1;
                assertEquals(lines, headLines + 1 + article.bodyLines() + 2);
            } catch (MalformedArticle refused) {
                assertTrue(!refused.getMessage().isBlank());
            }
        }
    }

    private static WireArticle parse(String wire) throws MalformedArticle {
        return WireArticle.parse(Seeded.bytes(wire));
    }
}
