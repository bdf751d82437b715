package net.spillway.relay.command;

import static net.spillway.relay.command.TestRelay.DATE;
import static net.spillway.relay.command.TestRelay.wire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.spillway.feed.OfferTable;
import net.spillway.protocol.MessageId;
import net.spillway.protocol.NntpDate;
import net.spillway.relay.session.Dialogue;
import net.spillway.relay.session.NntpSession;
import net.spillway.spool.Presence;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

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
    void whoeverOffersInTurnMoreThanItMayHaveOpenKeepsNoArticleFromOthers() throws Exception {
        assertEquals("238 <kept@x>\n", hostile.ask("CHECK <kept@x>"));
        assertEquals("431 <kept@x>\n", honest.ask("CHECK <kept@x>"));
        hostile.ask(checks(0, OfferTable.DEFAULT_PER_SESSION));
        assertEquals("431 <kept@x>\n", hostile.ask("CHECK <kept@x>"), "others wait for it");
        assertEquals("238 <kept@x>\n", honest.ask("CHECK <kept@x>"));
    }

    /** Others are at work meanwhile: whoever is alone keeps nobody waiting. */
    @Test
    void theLogNamesWhoeverOffersEverMoreAndSendsNothing() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(NntpSession.class);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        logger.addAppender(said);
        try {
            hostile.ask(checks(0, OfferTable.DEFAULT_PER_SESSION));
            AtomicInteger next = new AtomicInteger(OfferTable.DEFAULT_PER_SESSION);
            Awaitility.await().until(() -> {
                honest.ask("CHECK <other@x>");
                int from = next.getAndAdd(200);
                hostile.ask(checks(from, from + 200));
                return List.copyOf(said.list).stream().map(ILoggingEvent::getFormattedMessage)
                        .anyMatch(line -> line.contains("b.example is slowed down"));
            });
            assertTrue(List.copyOf(said.list).stream()
                    .noneMatch(line -> line.getFormattedMessage().contains("c.example")));
        } finally {
            logger.detachAppender(said);
        }
    }

    @Test
    void theStatusNamesWhoeverSendsWhatNobodyCanTake() throws Exception {
        hostile.ask(takethis("good@x", wire("evil@x", "a.one")),
                takethis("loop@x", wire("loop@x", "a.one").replace("b.example!", "us.example!")));
        honest.ask(takethis("fine@x", wire("fine@x", "a.one")));
        Dialogue admin = relay.from("127.0.0.1", false);
        admin.ask("AUTHINFO USER bob", "AUTHINFO PASS " + TestRelay.PASSWORD);
        Map<String, String> sources = admin.ask("XSPILLWAY STATUS").lines()
                .filter(line -> line.startsWith("{\"source\":"))
                .collect(Collectors.toMap(line -> line.split("\"")[3], line -> line));
        assertTrue(sources.get("b.example").contains("\"refused\":2"), sources.toString());
        assertTrue(sources.get("b.example").contains("us.example is in its Path"),
                sources.toString());
        assertTrue(sources.get("c.example").contains("\"refused\":0"), sources.toString());
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

    /** The relay's clock stands still here: no time is up, and nobody is silent. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "another article   | TAKETHIS | 439 ",
        "another article   | IHAVE    | 437 ",
        "no article        | TAKETHIS | 439 ",
        "no article        | IHAVE    | 437 ",
        "a NUL             | TAKETHIS | 439 ",
        "a NUL             | IHAVE    | 437 "})
    void whatIsRefusedIsTheNextPeersTurnAtOnce(String how, String command, String refusal)
            throws Exception {
        if (command.equals("TAKETHIS")) {
            assertEquals("238 <a@x>\n", hostile.ask("CHECK <a@x>"));
        }
        assertEquals("238 <b@x>\n", hostile.ask("CHECK <b@x>"));
        String good = wire("a@x", "a.one");
        String bad = switch (how) {
            case "another article" -> wire("evil@x", "a.one");
            case "no article" -> "nothing of the kind\n.";
            case "a NUL" -> good.replace("body", "bo\0dy");
            default -> throw new AssertionError(how);
        };
        String said = hostile.ask(command + " <a@x>\n" + bad);
        assertTrue(said.contains(refusal), said);
        assertEquals("238 <a@x>\n431 <b@x>\n", honest.ask("CHECK <a@x>", "CHECK <b@x>"),
                "b is not what was refused");
        assertEquals("239 <a@x>\n", honest.ask(takethis("a@x", good)));
    }

    @Test
    void whoeverIsTurnedAwayForTalkingNonsenseLeavesItsTurnsToTheNextAtOnce() throws Exception {
        assertEquals("238 <a@x>\n", hostile.ask("CHECK <a@x>"));
        assertEquals("431 <a@x>\n", honest.ask("CHECK <a@x>"));
        String said = hostile.ask("nonsense\n".repeat(200).strip());
        assertTrue(said.endsWith("400 too many lines that are no commands; bye\n"), said);
        hostile.close(); // As the transport does when the relay has closed the connection.
        assertEquals("238 <a@x>\n", honest.ask("CHECK <a@x>"));
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
