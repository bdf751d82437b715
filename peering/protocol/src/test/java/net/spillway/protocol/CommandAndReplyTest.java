package net.spillway.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandAndReplyTest {
    @Test
    void keywordIsUpperCaseAndArgumentsAreAsWritten() throws ProtocolException {
        Command command = Command.parse(Seeded.bytes("  mode\tReader  x "));
        assertEquals("MODE", command.keyword());
        assertEquals(List.of("Reader", "x"), command.arguments());
        assertTrue(command.hasWord(0, "READER"));
        assertFalse(command.hasWord(2, "x"));
    }

    @Test
    void aLetterWhoseUpperCaseIsAsciiDoesNotMakeAKeyword() throws ProtocolException {
        assertEquals("L\u0131ST", Command.parse("l\u0131st").keyword());
    }

    @Test
    void restOfTheLineKeepsItsBlanks() throws ProtocolException {
        Command command = Command.parse("AUTHINFO PASS  two  words ");
        assertEquals("two  words ", command.rest(1));
        assertEquals("", command.rest(7));
    }

    @Test
    void passwordsAreNotShown() throws ProtocolException {
        assertEquals("AUTHINFO pass ...", Command.parse("authinfo pass hunter2").toString());
        assertEquals("STAT 1", Command.parse("STAT 1").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "\t", "A\0B", "A\rB", "A\nB"})
    void whatIsNoCommandIsRefused(String line) {
        assertThrows(ProtocolException.class, () -> Command.parse(line));
    }

    @Test
    void commandsAreBounded() throws ProtocolException {
        Command.parse("X".repeat(Command.EXTENDED_OCTETS - 2));
        assertThrows(ProtocolException.class,
                () -> Command.parse("X".repeat(Command.EXTENDED_OCTETS - 1)));
    }

    @Test
    void replyIsACodeAndText() throws ProtocolException {
        Reply reply = Reply.parse("223 5 <a@b> exists");
        assertEquals(new Reply(223, "5 <a@b> exists"), reply);
        assertEquals(List.of("5", "<a@b>", "exists"), reply.words());
        assertEquals("223 5 <a@b> exists\r\n", Seeded.text(reply.toBytes()));
        assertEquals("205\r\n", Seeded.text(Reply.parse("205").toBytes()));
        assertEquals("", Reply.parse("205 ").text());
    }

    @Test
    void codesFallIntoFiveClasses() {
        assertTrue(new Reply(100, "").isPositive());
        assertTrue(new Reply(239, "").isDone());
        assertTrue(new Reply(335, "").isContinue());
        assertTrue(new Reply(335, "").isPositive());
        assertTrue(new Reply(431, "").isTemporaryFailure());
        assertFalse(new Reply(431, "").isPositive());
        assertTrue(new Reply(502, "").isPermanentFailure());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "20", "2000", "200-x", "abc", "2x0 ok", "099 x", "600 x",
        "200 a\nb", "200 a\rb", "200 a\0", "-20 x", "\u0662\u0660\u0660 x"})
    void whatIsNoReplyIsRefused(String line) {
        assertThrows(ProtocolException.class, () -> Reply.parse(line));
    }

    @Test
    void textFromElsewhereCannotForgeASecondReply() {
        assertEquals("437 bad??200 ok\r\n",
                Seeded.text(new Reply(437, "bad\r\n200 ok").toBytes()));
    }

    @Test
    void capabilitiesAreReadAndWritten() {
        List<String> lines = List.of("VERSION 2", "READER", "over MSGID", "",
                "AUTHINFO USER", "AUTHINFO SASL");
        Capabilities read = Capabilities.parse(lines);
        assertTrue(read.has("reader"));
        assertTrue(read.has("OVER", "msgid"));
        assertFalse(read.has("STREAMING"));
        assertEquals(List.of("USER", "SASL"), read.args("AuthInfo"));
        assertEquals(List.of("VERSION 2", "READER", "OVER MSGID", "AUTHINFO USER SASL"),
                read.lines());
        assertEquals(List.of("VERSION 2", "IHAVE", "LIST ACTIVE NEWSGROUPS"),
                Capabilities.version2().with("IHAVE").with("LIST", "ACTIVE", "NEWSGROUPS")
                        .lines());
    }

    @Test
    void rangesAreOneNumberAnOpenOrAClosedRange() {
        assertEquals(new ArticleRange(7, 7), ArticleRange.parse("7").orElseThrow());
        assertEquals(new ArticleRange(7, Long.MAX_VALUE), ArticleRange.parse("7-").orElseThrow());
        assertEquals(new ArticleRange(7, 9), ArticleRange.parse("7-9").orElseThrow());
        assertTrue(ArticleRange.parse("9-7").orElseThrow().isEmpty());
        assertTrue(ArticleRange.parse("7-9").orElseThrow().contains(9));
        for (String text : List.of("7", "7-", "7-9", "0")) {
            assertEquals(text, ArticleRange.parse(text).orElseThrow().toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "-7", "7--", "a", "7-b", "7 -9", "+7", "12345678901234567",
        "1-12345678901234567", "\u0667"})
    void whatIsNoRangeIsRefused(String text) {
        assertTrue(ArticleRange.parse(text).isEmpty());
    }
}
