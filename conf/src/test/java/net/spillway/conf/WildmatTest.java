package net.spillway.conf;

import static net.spillway.conf.Wildmat.Match.NO;
import static net.spillway.conf.Wildmat.Match.POISON;
import static net.spillway.conf.Wildmat.Match.YES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WildmatTest {
    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {
        "* a.b true", "a.* a.b true", "a.* a false", "a* a true", "a? a false",
        "a?c abc true", "a?c ac false", "*.b a.b true", "*.b b false", "a*b*c aXbYc true",
        "a*b*c acb false", "*a*a*a aa false", "*a*a*a xaxaxa true", "?? äö true",
        "? 𝄞 true", "abc abc true", "abc abcd false", "abc ab false", "** x true"})
    void globsMatchAsInRfc3977(String pattern, String name, boolean verdict) {
        assertEquals(verdict, Wildmat.parse(pattern).matches(name));
    }

    @Test
    void rightmostMatchingPatternDecides() {
        Wildmat wildmat = Wildmat.parse("a*,!*b,*c*");
        // The table of RFC 3977, section 4.4, in spirit.
        assertTrue(wildmat.matches("aaa"));
        assertFalse(wildmat.matches("abb"));
        assertTrue(wildmat.matches("ccb"));
        assertFalse(wildmat.matches("xxx"));
    }

    @Test
    void poisonIsToldFromNo() {
        Wildmat wildmat = Wildmat.parse("*,!local.*,@secret.*,secret.open");
        assertEquals(YES, wildmat.match("a"));
        assertEquals(NO, wildmat.match("local.a"));
        assertEquals(POISON, wildmat.match("secret.a"));
        assertEquals(YES, wildmat.match("secret.open"));
    }

    @Test
    void onePoisonGroupSpoilsTheArticle() {
        Wildmat wildmat = Wildmat.parse("*,!local.*,@secret.*");
        assertTrue(wildmat.accepts(List.of("local.a", "a")));
        assertFalse(wildmat.accepts(List.of("local.a")));
        assertFalse(wildmat.accepts(List.of("a", "secret.a")));
        assertFalse(wildmat.accepts(List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,", ",a", "a,,b", "!", "@", "a,!", "a[b]", "a\\b", "a!b", "a b",
        "a\tb", "!!a"})
    void badWildmatIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Wildmat.parse(text));
    }

    @Test
    void messageNamesThePattern() {
        String message = assertThrows(IllegalArgumentException.class,
                () -> Wildmat.parse("ok.*,comp.[ab],x")).getMessage();
        assertTrue(message.contains("\"comp.[ab]\"") && message.contains("'['"), message);
    }

    @Test
    void lengthAndNumberOfPatternsAreBounded() {
        assertThrows(IllegalArgumentException.class, () -> Wildmat.parse("a".repeat(20_000)));
        assertThrows(IllegalArgumentException.class, () -> Wildmat.parse("a".repeat(513)));
        assertThrows(IllegalArgumentException.class, () -> Wildmat.parse("a" + ",a".repeat(1024)));
        Wildmat.parse("a" + ",a".repeat(1023));
    }

    @Test
    void manyStarsCostNoExponentialTime() {
        Wildmat wildmat = Wildmat.parse("*a".repeat(250) + "b");
        String name = "a".repeat(10_000);
        assertFalse(Assertions.assertTimeoutPreemptively(
                Duration.ofMinutes(1), () -> wildmat.matches(name)));
    }

    @Test
    void allAndNoneAreWhatTheySay() {
        assertTrue(Wildmat.ALL.matches("a.b"));
        assertFalse(Wildmat.NONE.matches("a.b"));
    }

    @Test
    void whatOnlyAStarTakesIsNotAskedFor() {
        assertFalse(Wildmat.ALL.asksFor("a.b"));
        assertFalse(Wildmat.parse("*,!b.*").asksFor("a.b"));
        assertFalse(Wildmat.parse("a.*,*").asksFor("a.b"), "the star decides");
        assertTrue(Wildmat.parse("*,a.*").asksFor("a.b"));
        assertFalse(Wildmat.parse("*,a.*").asksFor("b.b"));
        assertTrue(Wildmat.ALL.and(Wildmat.parse("a.*")).asksFor("a.b"));
        assertFalse(Wildmat.parse("a.*").and(Wildmat.NONE).asksFor("a.b"));
    }
}
