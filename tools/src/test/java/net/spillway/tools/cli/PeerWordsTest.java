package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is read out of, and said of, what relays tell of their peers. */
class PeerWordsTest {
    @Test
    void whatIsFedIsReadAlsoWhereNoSuchGroupIsThere() {
        assertEquals(Map.of("fed", "a.*", "of", "a.*"), PeerWords.fed("b: you are fed a.*"));
        assertEquals(Map.of("fed", "a.b", "of", "*"),
                PeerWords.fed("b: you are fed a.b, out of *"));
        assertEquals(Map.of("fed", "a.b", "of", "*"), PeerWords.fed("b: you are fed a.b, out of *;"
                + " no group that is carried here is among them"));
    }

    @Test
    void aComparisonSaysThatTheYoungestAreLeftOut() {
        assertEquals("compared 337 articles (not those that came after 2026-11-26T17:00:05Z) in 1"
                + " round trip and 133 octets: it lacks 0, which it is offered now; we lack 0",
                PeerWords.compared(Map.of("articles", 337L, "rounds", 1L, "octets", 133L,
                        "lackingThere", 0L, "lackingHere", 0L, "pointless", 0L,
                        "until", "2026-11-26T17:00:05.123Z")));
    }

    @Test
    void aComparisonSaysHowManyThePeerDoesNotWant() {
        String words = PeerWords.compared(Map.of("articles", 337L, "rounds", 1L, "octets", 133L,
                "lackingThere", 0L, "lackingHere", 0L, "pointless", 4L));
        assertEquals("we lack 0; left out: 4 articles that it did not want when asked again:"
                + " refused or taken back there", words.substring(words.indexOf("we lack")));
    }

    @Test
    void whatAPeerAskedForIsToldFromWhatItMayHave() {
        assertEquals("groups sent to it                   a.*,!a.bin, of which it wants a.*,!a.talk",
                PeerWords.describe(Map.of("send", "a.*,!a.bin; a.*,!a.talk")).getFirst());
    }
}
