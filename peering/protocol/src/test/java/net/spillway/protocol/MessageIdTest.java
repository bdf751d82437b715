package net.spillway.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"<a@b>", "<x>", "<part1.$%{a}@x..y>", "<a<b@c>", "<a@[::1]>"})
    void anythingBetweenBracketsCanBeLookedUp(String text) {
        assertEquals(text, MessageId.parse(text).orElseThrow().value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<>", "a@b", "<a@b", "a@b>", "<a@b>>", "<a>@b>", "<a b@c>",
        "<a\t@c>", "<a@\u00e9>", "<a@b\u0000>", "<a@b>\r"})
    void whatIsNoMessageIdIsRefused(String text) {
        assertTrue(MessageId.parse(text).isEmpty());
        assertThrows(IllegalArgumentException.class, () -> MessageId.of(text));
    }

    @Test
    void lengthIsBoundedAt250Octets() {
        assertTrue(MessageId.parse("<" + "a".repeat(246) + "@b>").isPresent());
        assertTrue(MessageId.parse("<" + "a".repeat(247) + "@b>").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<a@b>", "<a.b.c@d.e>", "<!#$%&'*+-/=?^_`{|}~@x>", "<a@[1.2.3.4]>"})
    void newArticlesMayHaveThese(String text) {
        assertTrue(MessageId.of(text).isWellFormed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<a>", "<@b>", "<a@>", "<.a@b>", "<a.@b>", "<a..b@c>", "<a@b.>",
        "<a@b@c>", "<\"a\"@b>", "<a@[b]c>", "<a@[b[c]>", "<a@[b\\c]>", "<a<b@c>"})
    void newArticlesMayNotHaveThese(String text) {
        assertFalse(MessageId.of(text).isWellFormed());
    }

    @Test
    void hashIsTheFirstHalfOfSha256OverIdAndBrackets() {
        byte[] hash = MessageId.of("<a@b>").hash();
        // printf '<a@b>' | sha256sum
        assertArrayEquals(HexFormat.of().parseHex("fd42a84f5894fff57e5203d69d27c92f"), hash);
    }

    @Test
    void bareFormIsTheOneWithoutBrackets() {
        assertEquals("a@b", MessageId.ofBare("a@b").bare());
        assertEquals("<a@b>", MessageId.ofBare("a@b").toString());
    }

    @Test
    void randomOnesDifferAndAreWellFormed() {
        MessageId one = MessageId.random("news.example");
        assertNotEquals(one, MessageId.random("news.example"));
        assertTrue(one.isWellFormed());
        assertTrue(one.bare().endsWith("@news.example"));
    }
}
