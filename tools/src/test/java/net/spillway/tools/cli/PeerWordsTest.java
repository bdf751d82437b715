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
}
