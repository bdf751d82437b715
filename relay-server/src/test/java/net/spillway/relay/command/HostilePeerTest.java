package net.spillway.relay.command;

import static net.spillway.relay.command.TestRelay.DATE;
import static net.spillway.relay.command.TestRelay.wire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.spillway.feed.OfferTable;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.NntpDate;
import net.spillway.relay.session.Dialogue;
import net.spillway.spool.Presence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A configured peer that means ill: what it can do to us, and to others. */
class HostilePeerTest {
    @TempDir
    Path dir;
    private TestRelay relay;
    private Dialogue hostile;
    private Dialogue honest;

    @BeforeEach
    void open() throws Exception {
        relay = new TestRelay(dir);
        hostile = relay.from("192.0.2.1", false);
        honest = relay.from("192.0.2.2", false);
    }

    @AfterEach
    void close() throws Exception {
        relay.close();
    }

    private static String checks(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "CHECK <flood." + i + "@x>")
                .collect(Collectors.joining("\n"));
    }

    private static String takethis(String id, String article) {
        return "TAKETHIS <" + id + ">\n" + article;
    }

    private Presence presence(String id) {
        return relay.spool().presence(MessageId.of("<" + id + ">"));
    }

    @Test
    void whoeverOffersWithoutSendingHoldsABoundedNumberAndLocksNobodyOut() throws Exception {
        for (int from = 0; from < 50_000; from += 5_000) {
            String answers = hostile.ask(checks(from, from + 5_000));
            assertEquals(5_000, answers.lines().filter(line -> line.startsWith("238 ")).count());
            assertTrue(relay.offers().size() <= OfferTable.DEFAULT_PER_SESSION);
        }
        assertEquals("238 <flood.0@x>\n", honest.ask("CHECK <flood.0@x>"));
        assertEquals("238 <other@x>\n", honest.ask("CHECK <other@x>"));
        assertEquals("239 <flood.49999@x>\n",
                honest.ask(takethis("flood.49999@x", wire("flood.49999@x", "a.one"))));
    }

    @Test
    void anArticleUnderAnotherNameIsNeitherStoredNorHeldAgainstItsName() throws Exception {
        hostile.ask("CHECK <good@x>");
        assertEquals("439 <good@x> its Message-ID is not the one that was offered\n",
                hostile.ask(takethis("good@x", wire("evil@x", "a.one"))));
        assertEquals(Presence.UNKNOWN, presence("good@x"));
        assertEquals(Presence.UNKNOWN, presence("evil@x"));
        assertEquals("238 <good@x>\n239 <good@x>\n", honest.ask("CHECK <good@x>",
                takethis("good@x", wire("good@x", "a.one"))));
    }

    @Test
    void anIhaveThatSendsAnotherArticleIsRefusedInWords() throws Exception {
        String answer = hostile.ask("IHAVE <good@x>\n" + wire("evil@x", "a.one"));
        assertTrue(answer.endsWith("437 its Message-ID is not the one that was offered\n"), answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "us.example!x",
        "b.example!us.example!not-for-mail",
        "b.example!a!b!a!b!US.example!.POSTED!x"})
    void whatHasBeenHereGoesNoRoundMore(String path) throws Exception {
        String answer = hostile.ask(takethis("loop@x",
                wire("loop@x", "a.one").replace("b.example!not-for-mail", path)));
        assertEquals("439 <loop@x> it has been here: us.example is in its Path\n", answer);
        assertEquals(Presence.UNKNOWN, presence("loop@x"));
    }

    @Test
    void aPathThatNamesThousandsIsReadInOneGoAndStoredOrRefusedLikeAnyOther() throws Exception {
        String path = IntStream.range(0, 9_000).mapToObj(i -> "s" + i)
                .collect(Collectors.joining("!"));
        String answer = hostile.ask(takethis("long@x",
                wire("long@x", "a.one").replace("b.example!not-for-mail", path + "!x")));
        assertTrue(answer.startsWith("439 <long@x> ") || answer.startsWith("239 <long@x>"), answer);
    }

    private String dated(String date) throws Exception {
        return hostile.ask(takethis("dated@x", wire("dated@x", "a.one").replace(DATE, date)));
    }

    @Test
    void datesThatCannotBeAreRefusedInWords() throws Exception {
        Instant now = Instant.now();
        assertEquals("439 <dated@x> Date lies more than 24 hours in the future\n",
                dated(NntpDate.formatHeader(now.plus(Duration.ofDays(2)))));
        assertTrue(dated("yesterday").startsWith("439 <dated@x> Date is no date such as"));
        assertTrue(dated("Sun, 99 Foo 99999 99:99:99 +9999")
                .startsWith("439 <dated@x> Date is no date such as"));
        assertEquals(Presence.UNKNOWN, presence("dated@x"), "an honest one may still come");
        assertEquals("439 <dated@x> it is more than 28 days old\n",
                dated(NntpDate.formatHeader(now.minus(Duration.ofDays(400)))));
    }

    @Test
    void aMillionGroupsAreRefusedWithoutBeingKept() throws Exception {
        String million = IntStream.range(0, 1_000_000).mapToObj(i -> "g" + i)
                .collect(Collectors.joining(",\n "));
        String answer = hostile.ask(takethis("many@x", wire("many@x", million)));
        assertTrue(answer.startsWith("439 <many@x> "), answer);
        String thousands = IntStream.range(0, 9_000).mapToObj(i -> "g" + i)
                .collect(Collectors.joining(","));
        assertTrue(hostile.ask(takethis("some@x", wire("some@x", thousands)))
                .matches("439 <some@x> .*\n"));
        assertEquals("439 <hundred@x> Newsgroups names more than 100 groups\n",
                hostile.ask(takethis("hundred@x", wire("hundred@x", IntStream.range(0, 101)
                        .mapToObj(i -> "g" + i).collect(Collectors.joining(","))))));
        assertEquals("239 <fine@x>\n", hostile.ask(takethis("fine@x", wire("fine@x", "a.one"))),
                "and the connection goes on");
    }
}
