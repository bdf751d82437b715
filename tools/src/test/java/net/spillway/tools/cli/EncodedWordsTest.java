package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedWordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "=?utf-8?q?Gr=C3=BC=C3=9Fe?= an alle | Grüße an alle",
        "=?UTF-8?B?R3LDvMOfZQ==?= | Grüße",
        "=?iso-8859-1?Q?a_b?= =?iso-8859-1?Q?_c?= d | a b c d",
        "=?us-ascii*en?q?x?= | x",
        "plain = ?text? | plain = ?text?",
        "=?no-such-charset?q?x?= | =?no-such-charset?q?x?=",
        "=?utf-8?q?cut=C?= | =?utf-8?q?cut=C?=",
        "=?utf-8?q?cut=GG?= | =?utf-8?q?cut=GG?=",
        "=?utf-8?q?sign=-1?= | =?utf-8?q?sign=-1?=",
        "=?utf-8?b?!!?= | =?utf-8?b?!!?=",
    })
    void encodedWordsAreReadAndAnythingElseStaysAsItIs(String field, String text) {
        assertEquals(text, EncodedWords.decode(field));
    }
}
