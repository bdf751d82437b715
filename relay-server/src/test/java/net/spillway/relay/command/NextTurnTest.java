package net.spillway.relay.command;

import static net.spillway.relay.command.TestRelay.wire;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import net.spillway.feed.OfferTable;
import net.spillway.relay.session.Dialogue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Of two peers that offer an article the first fails, and its connection does not: when the other
 * has its turn, by the relay's clock. What is refused is another's at once, as HostilePeerTest has
 * it; and so is what a connection leaves behind that ends, by FirstOfferFailsTest.
 */
class NextTurnTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String ARTICLE = wire("a@x", "a.one");
    private static final int HALF = ARTICLE.indexOf("\nbody");

    /** What becomes of the first. */
    enum Failure { HANGS_BEFORE_IT_SENDS, HANGS_BEFORE_IT_SENDS_BY_IHAVE, HANGS_HALF_WAY,
        HANGS_HALF_WAY_BY_IHAVE, HANGS_AFTER_IT_CAME_IN_DROPS, HANGS_UNASKED, LEAVES_IT_OUT }

    @TempDir
    Path dir;
    private TestRelay relay;
    private Dialogue first;
    private Dialogue next;

    @BeforeEach
    void open() throws Exception {
        relay = new TestRelay(dir);
        first = relay.from("192.0.2.1", false);
        next = relay.from("192.0.2.2", false);
    }

    @AfterEach
    void close() throws Exception {
        relay.close();
    }

    private static String takethis(String id, String article) {
        return "TAKETHIS <" + id + ">\n" + article;
    }

    private void fail(Failure failure) throws Exception {
        String half = ARTICLE.substring(0, HALF);
        switch (failure) {
            case HANGS_BEFORE_IT_SENDS -> first.ask("CHECK <a@x>");
            case HANGS_BEFORE_IT_SENDS_BY_IHAVE -> first.lines(1, "IHAVE <a@x>");
            case HANGS_HALF_WAY -> {
                first.ask("CHECK <a@x>");
                first.lines(0, takethis("a@x", half));
            }
            case HANGS_HALF_WAY_BY_IHAVE -> first.lines(1, "IHAVE <a@x>\n" + half);
            case HANGS_UNASKED -> first.lines(0, takethis("a@x", half));
            case HANGS_AFTER_IT_CAME_IN_DROPS -> {
                first.ask("CHECK <a@x>");
                first.lines(0, takethis("a@x", half));
                for (int i = 0; i < 20; i++) {
                    relay.passes(SECOND.dividedBy(2));
                    first.lines(0, "\nand more");
                    assertEquals("431 <a@x>\n", next.ask("CHECK <a@x>"));
                }
            }
            case LEAVES_IT_OUT -> {
                first.ask("CHECK <a@x>", "CHECK <b@x>");
                first.ask(takethis("b@x", wire("b@x", "a.one")));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNextHasItsTurnASecondAfterTheLastThatWasHeardOfIt(Failure failure) throws Exception {
        fail(failure);
        assertEquals("431 <a@x>\n", next.ask("CHECK <a@x>"));
        relay.passes(SECOND.minusMillis(1));
        assertEquals("431 <a@x>\n", next.ask("CHECK <a@x>"));
        relay.passes(Duration.ofMillis(1));
        assertEquals("238 <a@x>\n", next.ask("CHECK <a@x>"));
        assertEquals("239 <a@x>\n", next.ask(takethis("a@x", ARTICLE)));
    }

    private static String checks(int from, int to) {
        return String.join("\n", IntStream.range(from, to).mapToObj(
                i -> "CHECK <" + i + "@x>").toList());
    }

    @Test
    void ofAllThatOneHangsWithOneIsTheNextsAndTheRestOnceThatHasCome() throws Exception {
        assertEquals(20, granted(first.ask(checks(0, 20))));
        relay.passes(SECOND);
        assertEquals("238 <0@x>\n" + IntStream.range(1, 20).mapToObj(i -> "431 <" + i + "@x>\n")
                .reduce("", String::concat), next.ask(checks(0, 20)));
        assertEquals("239 <0@x>\n", next.ask(takethis("0@x", wire("0@x", "a.one"))));
        assertEquals(19, granted(next.ask(checks(1, 20))));
    }

    private static long granted(String answers) {
        return answers.lines().filter(line -> line.startsWith("238 ")).count();
    }

    /** Whether it is still to come, behind what was offered with it, cannot be seen from here. */
    @Test
    void whoeverGoesOnOfferingAndSendsNothingKeepsItsTurnForAQuarterOfAMinute() throws Exception {
        first.ask("CHECK <a@x>");
        Duration half = SECOND.dividedBy(2);
        for (int i = 0; i < OfferTable.DEFAULT_TIME.dividedBy(half); i++) {
            assertEquals("431 <a@x>\n", next.ask("CHECK <a@x>"));
            relay.passes(half);
            assertEquals("238 <" + i + "@x>\n", first.ask("CHECK <" + i + "@x>"));
        }
        assertEquals("238 <a@x>\n", next.ask("CHECK <a@x>"));
    }

    @Test
    void whoeverOnlyOffersWhatIsHereHangsAllTheSame() throws Exception {
        first.ask("CHECK <a@x>", takethis("known@x", wire("known@x", "a.one")));
        for (int i = 0; i < 2; i++) {
            assertEquals("431 <a@x>\n", next.ask("CHECK <a@x>"));
            relay.passes(SECOND.dividedBy(2));
            assertEquals("438 <known@x>\n", first.ask("CHECK <known@x>"));
        }
        assertEquals("238 <a@x>\n", next.ask("CHECK <a@x>"));
    }

    /** However the first goes on, it is stored once; who sends what came meanwhile is told so. */
    @Test
    void whatTheFirstSendsAfterAllIsADuplicate() throws Exception {
        fail(Failure.HANGS_HALF_WAY);
        relay.passes(SECOND);
        assertEquals("238 <a@x>\n239 <a@x>\n", next.ask("CHECK <a@x>", takethis("a@x", ARTICLE)));
        assertEquals("439 <a@x> duplicate\n", first.ask(ARTICLE.substring(HALF + 1)));
        assertEquals(List.of(1L), List.of(relay.spool().group("a.one").orElseThrow().high()));
    }
}
