package net.spillway.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.spillway.conf.Credentials;
import net.spillway.conf.FeedConfig;
import net.spillway.conf.PasswordFile;
import net.spillway.conf.LinkConfig;
import net.spillway.feed.PeerSession.Cause;
import net.spillway.spool.FeedPosition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The conversation with a peer, whose part the test speaks line by line. */
class PeerSessionTest {
    private static final long TIMEOUT = 60_000;

    @TempDir
    Path folder;
    private MemoryStore store;
    private OfferWindow window;
    private RecordingWire wire = new RecordingWire();
    private final FeedCounters counters = new FeedCounters();
    private long now = 1000;
    private PeerSession session;

    @BeforeEach
    void open() throws IOException {
        store = new MemoryStore(folder);
        window = new OfferWindow(store,
                new FeedPolicy("peer", Set.of("peer"), FeedConfig.ALL, Integer.MAX_VALUE),
                FeedPosition.START, FeedTuning.DEFAULT, Clock.systemUTC());
    }

    @AfterEach
    void close() throws IOException {
        session.abort("test over", now);
        assertEquals(0, store.openArticles.get(), "articles left open");
        store.close();
    }

    private void connect(boolean streaming, Optional<Credentials> login) {
        LinkConfig d = LinkConfig.DEFAULT;
        connect(new LinkConfig(false, d.tlsCa(), login, false, streaming, 1, d.bytesPerSecond()));
    }

    private void connect(LinkConfig link) {
        wire = new RecordingWire();
        session = new PeerSession(link, TIMEOUT,
                new OfferDesk(window, store, counters, new Pace(link.bytesPerSecond(), now)), wire,
                now);
    }

    /** The peer says these lines; the answer is what it is told after that. */
    private List<String> peer(String... lines) {
        for (String line : lines) {
            session.line(line, now);
        }
        return pump();
    }

    private List<String> pump() {
        try {
            boolean more = true;
            while (more) {
                more = window.refill(now);
                session.pump(now);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return wire.said();
    }

    private void stream() {
        connect(true, Optional.empty());
        assertEquals(List.of("MODE STREAM"), peer("200 welcome"));
        assertTrue(peer("203 go on").stream().allMatch(l -> l.startsWith("CHECK ")));
    }

    private void ihave() {
        connect(true, Optional.empty());
        peer("201 no posting, but welcome");
        assertTrue(peer("500 what?").stream().allMatch(l -> l.startsWith("IHAVE ")));
    }

    private void add(String... names) {
        for (String name : names) {
            store.add(name);
        }
    }

    private static String check(String name) {
        return "CHECK " + MemoryStore.id(name).value();
    }

    private static String takethis(String name) {
        return "TAKETHIS " + MemoryStore.id(name).value();
    }

    private static String answer(int code, String name) {
        return code + " " + MemoryStore.id(name).value();
    }

    private void assertEnded(Cause cause, String word) {
        PeerSession.Ending ending = session.ending().orElseThrow();
        assertEquals(cause, ending.cause(), ending.why());
        assertTrue(ending.why().contains(word), ending.why());
        assertTrue(wire.closed);
    }

    private void assertGoesOn() {
        assertTrue(session.ready(), session.ending()::toString);
    }

    private void articlesLeft() {
        int count = wire.onTheWay.size();
        wire.onTheWay.forEach(OutgoingArticle::close);
        wire.onTheWay.clear();
        session.articlesSent(count);
    }

    @Test
    void aStreamIsCheckedSentAndSettledInAnyOrder() {
        stream();
        add("a", "b", "c", "d");
        assertEquals(List.of(check("a"), check("b"), check("c"), check("d")), pump());
        assertEquals(List.of(takethis("c"), "ARTICLE", takethis("a"), "ARTICLE"),
                peer(answer(238, "c"), answer(438, "b"), answer(238, "a")));
        articlesLeft();
        assertEquals(0, window.cursor());
        peer(answer(239, "a"), answer(438, "d"), answer(439, "c"));
        assertEquals(4, window.cursor());
        assertEquals(4, counters.offered.sum());
        assertEquals(1, counters.accepted.sum());
        assertEquals(2, counters.refused.sum());
        assertEquals(1, counters.rejected.sum());
        assertTrue(session.useful());
        assertGoesOn();
    }

    @Test
    void textBehindTheMessageIdDoesNotMatter() {
        stream();
        add("a");
        pump();
        peer(answer(238, "a") + " please do");
        articlesLeft();
        peer(answer(239, "a") + " thanks");
        assertEquals(1, window.cursor());
    }

    @Test
    void laterIsNotNo() {
        stream();
        add("a", "b");
        pump();
        assertEquals(List.of(), peer(answer(431, "a"), answer(438, "b")));
        assertEquals(new FeedPosition(2, new long[] {1}), window.position());
        now += 499;
        assertEquals(List.of(), pump());
        now += 1;
        assertEquals(List.of(check("a")), pump());
        peer(answer(438, "a"));
        assertEquals(new FeedPosition(2, new long[0]), window.position());
        assertEquals(1, counters.deferred.sum());
    }

    @Test
    void whereAnAnswerTakesLongThePeerIsAskedAgainLater() {
        add("a");
        stream();
        putOffAfter(300);
        isAskedAgainAfter(600);
        putOffAfter(300);
        isAskedAgainAfter(1200);
        putOffAfter(300);
        isAskedAgainAfter(1200);
    }

    @Test
    void whereTheWayStandsStillThePeerIsAskedEverLater() {
        add("a");
        stream();
        for (int seconds = 2; seconds <= 8; seconds *= 2) {
            putOffAfter(1000);
            isAskedAgainAfter(1000 * seconds);
        }
        putOffAfter(1000);
        isAskedAgainAfter(15_000);
    }

    private void putOffAfter(int millis) {
        now += millis;
        peer(answer(431, "a"));
    }

    private void isAskedAgainAfter(int millis) {
        now += millis - 1;
        assertEquals(List.of(), pump());
        now += 1;
        assertEquals(List.of(check("a")), pump());
    }

    @Test
    void theWindowStartsSmallGrowsWithAnswersAndIsBounded() {
        IntStream.range(0, 2000).forEach(i -> add("a" + i));
        connect(true, Optional.empty());
        peer("200 welcome");
        List<String> offers = new ArrayList<>(peer("203 go on"));
        assertEquals(32, offers.size());
        int answered = 0;
        while (answered < 1000) {
            String id = offers.get(answered++).substring("CHECK ".length());
            offers.addAll(peer("438 " + id));
            assertTrue(offers.size() - answered <= 256);
        }
        assertEquals(256, offers.size() - answered);
    }

    @Test
    void theWindowIsBoundedByOctetsToo() {
        byte[] large = MemoryStore.article("large", 4_000_000);
        IntStream.range(0, 32).forEach(
                i -> store.add("a" + i, large, "spill.test", "", "us.example!x"));
        connect(true, Optional.empty());
        peer("200 welcome");
        assertTrue(peer("203 go on").size() <= 9);
    }

    @Test
    void onlyAFewArticlesAreOpenAtATime() {
        IntStream.range(0, 200).forEach(i -> add("a" + i));
        connect(true, Optional.empty());
        peer("200 welcome");
        List<String> offers = new ArrayList<>(peer("203 go on"));
        for (int i = 0; i < 150; i++) {
            offers.addAll(peer("238 " + offers.stream().filter(o -> o.startsWith("CHECK "))
                    .toList().get(i).substring("CHECK ".length())));
        }
        assertEquals(64, wire.onTheWay.size());
        articlesLeft();
        pump();
        assertEquals(64, wire.onTheWay.size());
    }

    @Test
    void checksAreSparedWhileNearlyAllIsWanted() {
        IntStream.range(0, 2000).forEach(i -> add("a" + i));
        connect(true, Optional.empty());
        session.line("200 welcome", now);
        session.line("203 go on", now);
        wire.said();
        assertTrue(answerAll(238, 239, 2000) < 1000, "CHECKs, once nearly all was taken");
        assertEquals(2000, window.cursor());
        IntStream.range(0, 500).forEach(i -> add("b" + i));
        assertEquals(0, answerAll(238, 239, 500), "CHECKs, once much was taken");
        IntStream.range(0, 500).forEach(i -> add("c" + i));
        // In vain goes what the wire has when the peer gets another source.
        int inVain = StreamingFeeder.MAX_UNSENT;
        assertEquals(500 - inVain, answerAll(438, 439, 500), "CHECKs, once nearly all was known");
        assertEquals(3000, window.cursor());
        assertGoesOn();
    }

    /** Not asking must not cost more than asking would have. */
    @ParameterizedTest
    @CsvSource({"2000, 2", "20000, 15"})
    void whatIsSentUnaskedIsNoMoreThanNotAskingHasSaved(int octets, int hundreds) {
        byte[] article = MemoryStore.article("a", octets);
        int taken = hundreds * 100;
        IntStream.range(0, taken).forEach(
                i -> store.add("a" + i, article, "spill.test", "", "us.example!x"));
        connect(true, Optional.empty());
        session.line("200 welcome", now);
        session.line("203 go on", now);
        wire.said();
        answerAll(238, 239, taken);
        IntStream.range(0, 100).forEach(
                i -> store.add("b" + i, article, "spill.test", "", "us.example!x"));
        // All but what is under way unasked when the peer gets another source.
        int inVain = 100 - answerAll(438, 439, 100);
        int question = (check("a100") + "\r\n" + answer(238, "a100") + "\r\n").length();
        assertTrue(inVain > 1 && inVain * article.length <= taken * question, inVain + " in vain");
        assertEquals(taken + 100, window.cursor());
    }

    @Test
    void whatThePeerTurnedOutToLackIsAskedForThoughNearlyAllIsWanted() {
        IntStream.range(0, 2000).forEach(i -> add("a" + i));
        connect(true, Optional.empty());
        session.line("200 welcome", now);
        session.line("203 go on", now);
        wire.said();
        answerAll(238, 239, 2000);
        add("b");
        assertEquals(List.of(takethis("b"), "ARTICLE"), pump());
        articlesLeft();
        assertEquals(List.of(), peer(answer(239, "b")));
        // It was compared before that came.
        assertTrue(window.again(2001, false));
        assertEquals(List.of(check("b")), pump());
    }

    @Test
    void checksAreNotSparedWhereAnswersTakeLong() {
        connect(true, Optional.empty());
        session.line("200 welcome", now);
        session.line("203 go on", now);
        IntStream.range(0, 2000).forEach(i -> add("a" + i));
        wire.said();
        answerAll(238, 239, 2000);
        IntStream.range(0, 300).forEach(i -> add("b" + i));
        assertTrue(pump().stream().noneMatch(line -> line.startsWith("CHECK ")), "so far");
        now += StreamingFeeder.MAX_UNCHECKED_MILLIS;
        articlesLeft();
        List<String> said = pump();
        assertTrue(!said.isEmpty() && said.stream().allMatch(line -> line.startsWith("CHECK ")),
                said::toString);
    }

    @Test
    void checksAreNotSparedWhereSomebodyElseHasMuchOfItToo() {
        IntStream.range(0, 640).forEach(i -> add("a" + i));
        connect(true, Optional.empty());
        session.line("200 welcome", now);
        session.line("203 go on", now);
        ArrayDeque<String> told = new ArrayDeque<>(pump());
        int asked = 0;
        while (!told.isEmpty()) {
            String line = told.remove();
            String id = line.substring(line.indexOf(' ') + 1);
            articlesLeft();
            if (line.startsWith("CHECK ")) {
                told.addAll(peer((++asked % 10 == 0 ? 431 : 238) + " " + id));
            } else if (line.startsWith("TAKETHIS ")) {
                told.addAll(peer("239 " + id));
            }
        }
        assertEquals(640, asked);
    }

    @Test
    void whatWasPutOffIsAskedForAgainThoughNearlyAllIsWanted() {
        add("late");
        stream();
        peer(answer(431, "late"));
        IntStream.range(0, 300).forEach(i -> add("a" + i));
        assertTrue(answerAll(238, 239, 300) < 300, "CHECKs, once nearly all was taken");
        now += FeedTuning.DEFAULT.retryFirst().toMillis();
        assertEquals(List.of(check("late")), pump());
    }

    /** Answers what it is told until so many articles are settled; counts the CHECKs in it. */
    private int answerAll(int toCheck, int toArticle, int articles) {
        ArrayDeque<String> told = new ArrayDeque<>(pump());
        int asked = 0;
        long end = window.cursor() + articles;
        while (window.cursor() < end) {
            String line = told.remove();
            String id = line.substring(line.indexOf(' ') + 1);
            if (line.startsWith("CHECK ")) {
                asked++;
                told.addAll(peer(toCheck + " " + id));
            } else if (line.startsWith("TAKETHIS ")) {
                articlesLeft();
                told.addAll(peer(toArticle + " " + id));
            }
        }
        return asked;
    }

    @Test
    void anArticleThatWentMeanwhileIsSkipped() {
        stream();
        add("a", "b");
        pump();
        store.remove(1);
        assertEquals(List.of(takethis("b"), "ARTICLE"),
                peer(answer(238, "a"), answer(238, "b")));
        peer(answer(239, "b"));
        assertEquals(2, window.cursor());
    }

    @Test
    void answersThatFitNothingAreIgnoredButNotForEver() {
        stream();
        add("a");
        pump();
        peer(answer(438, "unknown"), "238", "431 not-an-id", answer(239, "a"));
        assertGoesOn();
        assertEquals(0, window.cursor());
        assertTrue(session.takeProblem().orElseThrow().contains("fits nothing"));
        assertTrue(session.takeProblem().isEmpty());
        IntStream.range(0, 100).forEach(i -> peer(answer(438, "unknown")));
        assertEnded(Cause.LOST, "makes no sense");
        stream();
        assertEquals(List.of(takethis("a"), "ARTICLE"), peer(answer(238, "a")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "2", "2000 x", "999 x", "SSH-2.0-OpenSSH", "220 hm"})
    void aPeerThatTalksSomethingElseIsLeft(String line) {
        stream();
        add("a");
        pump();
        peer(line);
        assertEnded(Cause.LOST, "the peer");
        assertEquals(1, window.readyCount(), "the article is offered again");
    }

    @Test
    void aConnectionLostInTheMiddleOfAnArticleLosesNothing() {
        stream();
        add("a", "b", "c");
        pump();
        peer(answer(238, "a"), answer(238, "b"));
        session.closed("reset", now);
        assertEnded(Cause.LOST, "reset");
        assertEquals(0, window.cursor() - window.deferredCount());
        stream();
        assertFalse(window.take().isPresent(), "c is offered at once by the new connection");
        now += 500;
        assertEquals(List.of(check("a"), check("b")), pump());
        peer(answer(438, "a"), answer(438, "b"), answer(438, "c"));
        assertEquals(new FeedPosition(3, new long[0]), window.position());
    }

    @Test
    void fourHundredPutsOffEverythingOutstanding() {
        stream();
        add("a", "b", "c");
        pump();
        peer(answer(238, "a"), answer(438, "b"), "400 no space");
        assertEnded(Cause.UNAVAILABLE, "no space");
        assertEquals(new FeedPosition(3, new long[] {1, 3}), window.position());
        assertEquals(2, counters.deferred.sum());
    }

    @ParameterizedTest
    @CsvSource({
        "480 log in, REFUSED, none is configured",
        "483 no, REFUSED, nntps",
        "502 no, REFUSED, permit",
        "500 what, REFUSED, does not know",
        "503 no, REFUSED, does not know"
    })
    void aRefusalInTheStreamEndsTheSessionAndGivesTheArticlesBack(
            String line, Cause cause, String word) {
        stream();
        add("a");
        pump();
        peer(line);
        assertEnded(cause, word);
        assertEquals(1, window.readyCount());
    }

    @Test
    void aCheckThatIsNotUnderstoodIsPutOffAndTheRestGoesOn() {
        stream();
        add("a", "b");
        pump();
        assertEquals(List.of(takethis("b"), "ARTICLE"), peer("501 eh?", answer(238, "b")));
        assertEquals(1, window.deferredCount());
        assertGoesOn();
        IntStream.range(0, 3).forEach(i -> peer("501 eh?"));
        assertEnded(Cause.REFUSED, "does not know");
    }

    @ParameterizedTest
    @CsvSource({
        "400 busy, UNAVAILABLE, busy",
        "502 go away, REFUSED, permit",
        "480 log in, REFUSED, login",
        "hello, LOST, NNTP",
        "205 bye, LOST, makes no sense"
    })
    void aGreetingThatIsNoneEndsTheSession(String line, Cause cause, String word) {
        connect(true, Optional.empty());
        assertEquals(List.of(), peer(line));
        assertEnded(cause, word);
        assertFalse(session.useful());
    }

    private Optional<Credentials> login() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "s3cret\n");
        return Optional.of(new Credentials("us", new PasswordFile(file)));
    }

    @Test
    void weLogInBeforeAnythingElse() throws IOException {
        connect(true, login());
        assertEquals(List.of("AUTHINFO USER us"), peer("200 welcome"));
        assertEquals(List.of("AUTHINFO PASS s3cret"), peer("381 and?"));
        assertEquals(List.of("MODE STREAM"), peer("281 welcome"));
    }

    @Test
    void aUserNameMaySufficeAlone() throws IOException {
        connect(false, login());
        add("a");
        peer("200 welcome");
        assertEquals(List.of("IHAVE " + MemoryStore.id("a").value()), peer("281 welcome"));
    }

    @ParameterizedTest
    @CsvSource({"481 wrong, login", "482 what, login", "502 no, login", "483 no, nntps"})
    void aRefusedLoginIsNotTriedAgainSoon(String line, String word) throws IOException {
        connect(true, login());
        peer("200 welcome", line);
        assertEnded(Cause.REFUSED, word);
        connect(true, login());
        peer("200 welcome", "381 and?", line);
        assertEnded(Cause.REFUSED, word);
        assertFalse(session.ending().orElseThrow().why().contains("s3cret"));
    }

    @Test
    void aMissingPasswordIsNamed() {
        connect(true, Optional.of(
                new Credentials("us", new PasswordFile(folder.resolve("no-such-file")))));
        peer("200 welcome", "381 and?");
        assertEnded(Cause.REFUSED, "no-such-file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"500 what", "501 what", "503 no"})
    void aPeerWithoutStreamingIsServedByIhave(String line) {
        connect(true, Optional.empty());
        add("a");
        peer("200 welcome");
        assertEquals(List.of("IHAVE " + MemoryStore.id("a").value()), peer(line));
        assertFalse(session.streams());
    }

    @Test
    void modeStreamMayBeRefusedAltogether() {
        connect(true, Optional.empty());
        peer("200 welcome", "502 not you");
        assertEnded(Cause.REFUSED, "permit");
        connect(true, Optional.empty());
        peer("200 welcome", "480 who are you");
        assertEnded(Cause.REFUSED, "login");
    }

    @Test
    void ihaveOffersOneArticleAfterTheOther() {
        ihave();
        add("a", "b", "c", "d", "e", "f");
        String ihave = "IHAVE ";
        assertEquals(List.of(ihave + MemoryStore.id("a").value()), pump());
        assertEquals(List.of("ARTICLE"), peer("335 send"));
        articlesLeft();
        assertEquals(List.of(ihave + MemoryStore.id("b").value()), peer("235 thanks"));
        assertEquals(List.of(ihave + MemoryStore.id("c").value()), peer("435 have it"));
        assertEquals(List.of(ihave + MemoryStore.id("d").value()), peer("436 later"));
        assertEquals(List.of("ARTICLE"), peer("335 send"));
        articlesLeft();
        assertEquals(List.of(ihave + MemoryStore.id("e").value()), peer("436 failed"));
        assertEquals(List.of("ARTICLE"), peer("335 send"));
        articlesLeft();
        assertEquals(List.of(ihave + MemoryStore.id("f").value()), peer("437 no"));
        assertEquals(List.of(), peer("435 have it"));
        assertEquals(new FeedPosition(6, new long[] {3, 4}), window.position());
        assertEquals(1, counters.accepted.sum());
        assertEquals(2, counters.refused.sum());
        assertEquals(1, counters.rejected.sum());
        assertEquals(2, counters.deferred.sum());
        now += 500;
        assertEquals(1, pump().size());
        peer("435 have it");
        peer("435 have it");
        assertEquals(new FeedPosition(6, new long[0]), window.position());
    }

    @Test
    void ihaveSkipsWhatWentMeanwhileBeforeItIsOffered() {
        ihave();
        add("a", "b");
        store.log(0, 2);
        store.remove(1);
        assertEquals(List.of("IHAVE " + MemoryStore.id("b").value()), pump());
        peer("435 have it");
        assertEquals(2, window.cursor());
    }

    @ParameterizedTest
    @CsvSource({
        "235 thanks, LOST, no sense",
        "238 eh, LOST, no sense",
        "400 bye, UNAVAILABLE, bye",
        "480 who, REFUSED, login",
        "502 no, REFUSED, permit",
        "nonsense, LOST, NNTP"
    })
    void ihaveEndsOnWhatDoesNotFitAndGivesTheArticleBack(String line, Cause cause, String word) {
        ihave();
        add("a");
        pump();
        peer(line);
        assertEnded(cause, word);
        assertEquals(1, window.readyCount() + window.deferredCount());
        assertEquals(0, store.openArticles.get());
    }

    @Test
    void ihaveCutOffInTheMiddleOffersTheArticleAgain() {
        ihave();
        add("a");
        pump();
        peer("335 send");
        session.closed("reset", now);
        now += 500;
        ihave();
        peer("435 have it by now");
        assertEquals(new FeedPosition(1, new long[0]), window.position());
    }

    @Test
    void aPeerThatHangsIsLeftAfterAWhileOfNothing() {
        connect(true, Optional.empty());
        now += TIMEOUT - 1;
        session.tick(now);
        assertTrue(session.ending().isEmpty());
        now += 1;
        session.tick(now);
        assertEnded(Cause.LOST, "not answered for 60 s");
    }

    @Test
    void aPeerThatTakesAnArticleSlowlyIsNotHanging() {
        stream();
        add("a");
        pump();
        peer(answer(238, "a"));
        for (int i = 0; i < 5; i++) {
            now += TIMEOUT - 1;
            wire.octets += 1;
            session.tick(now);
            assertTrue(session.ending().isEmpty());
        }
        now += TIMEOUT;
        session.tick(now);
        assertEnded(Cause.LOST, "not answered");
        assertEquals(1, window.deferredCount());
    }

    @Test
    void anIdleConnectionMayStayIdle() {
        stream();
        now += 10 * TIMEOUT;
        session.tick(now);
        add("a");
        pump();
        session.tick(now);
        assertGoesOn();
        now += TIMEOUT;
        session.tick(now);
        assertEnded(Cause.LOST, "not answered");
    }

    @Test
    void anOfferThatIsNeverAnsweredIsNoticedThoughOthersAre() {
        stream();
        add("a", "b");
        pump();
        peer(answer(431, "b"));
        for (int i = 0; i < 20 && session.ending().isEmpty(); i++) {
            now += TIMEOUT / 2 + 1000;
            pump();
            peer(answer(431, "b"));
            session.tick(now);
        }
        assertEnded(Cause.LOST, "not answered");
        assertEquals(1, window.readyCount());
    }

    @Test
    void aStopFinishesWhatIsOnTheWireAndSaysQuit() {
        stream();
        add("a", "b", "c");
        pump();
        peer(answer(238, "a"));
        session.drain(now);
        add("d");
        assertEquals(List.of(), pump());
        articlesLeft();
        assertEquals(List.of(), peer(answer(239, "a"), answer(238, "b")));
        assertEquals(List.of("QUIT"), peer(answer(438, "c")));
        peer("205 bye");
        assertEnded(Cause.STOPPED, "stopped");
        assertEquals(1, window.cursor());
        assertEquals(2, window.readyCount());
    }

    @Test
    void aStopBeforeTheFirstOfferIsImmediate() {
        connect(true, Optional.empty());
        peer("200 welcome");
        session.drain(now);
        assertEnded(Cause.STOPPED, "stopped");
    }

    @Test
    void aPeerThatEndsWhatIsIdleDoesNoWrong() {
        stream();
        peer("400 idle for too long");
        assertEnded(Cause.IDLE, "idle");
        stream();
        session.closed("closed", now);
        assertEnded(Cause.IDLE, "closed");
        connect(true, Optional.empty());
        peer("400 full");
        assertEnded(Cause.UNAVAILABLE, "full");
    }

    @Test
    void nothingIsSaidAfterTheEnd() {
        stream();
        add("a");
        pump();
        peer("400 bye");
        now += 5000;
        assertEquals(List.of(), peer(answer(238, "a"), "203 hm"));
        session.tick(now);
        session.closed("late", now);
        assertEnded(Cause.UNAVAILABLE, "bye");
    }

    private void connectCompressing(Optional<Credentials> login) {
        LinkConfig d = LinkConfig.DEFAULT;
        connect(new LinkConfig(false, d.tlsCa(), login, true, true, 1, d.bytesPerSecond()));
    }

    @Test
    void compressionComesAfterTheLoginAndBeforeTheStream() throws IOException {
        Path file = Files.writeString(folder.resolve("pw"), "secret\n");
        connectCompressing(Optional.of(new Credentials("us", new PasswordFile(file))));
        assertEquals(List.of("AUTHINFO USER us"), peer("200 welcome"));
        assertEquals(List.of("COMPRESS DEFLATE"), peer("281 ok"));
        assertEquals(List.of("(compressed from here on)", "MODE STREAM"), peer("206 go on"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"500 what?", "501 no", "502 not you", "503 no", "403 out of memory"})
    void aPeerThatDoesNotCompressIsFedUncompressed(String line) {
        connectCompressing(Optional.empty());
        assertEquals(List.of("COMPRESS DEFLATE"), peer("200 welcome"));
        assertEquals(List.of("MODE STREAM"), peer(line));
        assertTrue(session.takeProblem().orElseThrow().contains(line));
    }
}
