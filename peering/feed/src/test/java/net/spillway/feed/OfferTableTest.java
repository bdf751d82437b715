package net.spillway.feed;

import static net.spillway.feed.OfferTable.Decision.DEFERRED;
import static net.spillway.feed.OfferTable.Decision.GRANTED;
import static net.spillway.feed.OfferTable.Decision.GRANTED_FOR_ANOTHER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OfferTableTest {
    private final AtomicLong millis = new AtomicLong();
    private final OfferTable table = new OfferTable(
            () -> Instant.ofEpochMilli(millis.get()), Duration.ofSeconds(15), 8, 5);

    private OfferTable.Decision offer(String name, String session) {
        return table.offer(MemoryStore.id(name), session, "peer of " + session);
    }

    private void begins(String name, String session) {
        table.begins(MemoryStore.id(name), session, "peer of " + session);
    }

    private void settled(String name, String session) {
        table.settled(MemoryStore.id(name), session);
    }

    private void failed(String name, String session) {
        table.failed(MemoryStore.id(name), session, true);
    }

    @Test
    void theFirstOfferWinsAndTheOthersComeAgain() {
        assertEquals(GRANTED, offer("a", "one"));
        assertEquals(DEFERRED, offer("a", "two"));
        assertEquals(GRANTED, offer("a", "one"));
        assertEquals(GRANTED, offer("b", "two"));
        assertEquals(DEFERRED, offer("b", "one"));
    }

    @Test
    void aClaimEndsWithTheArticleSettledOrFailed() {
        offer("a", "one");
        settled("a", "one");
        assertEquals(0, table.size());
        assertEquals(GRANTED, offer("a", "two"));
        table.failed(MemoryStore.id("a"), "one", true);
        assertEquals(DEFERRED, offer("a", "one"));
        table.failed(MemoryStore.id("a"), "two", true);
        assertEquals(GRANTED, offer("a", "one"));
    }

    @Test
    void aClaimEndsWithItsTimeHoweverOftenTheArticleIsOffered() {
        offer("a", "one");
        for (int i = 0; i < 29; i++) {
            millis.addAndGet(500);
            assertEquals(GRANTED, offer("a", "one"));
            assertEquals(DEFERRED, offer("a", "two"));
        }
        millis.addAndGet(500);
        assertEquals(GRANTED, offer("a", "two"));
        assertEquals(DEFERRED, offer("a", "one"));
        assertEquals(1, table.size());
    }

    @Test
    void asksOfTwoSessionsOfAPeerDoNotShortenHowLongItIsWaitedFor() {
        var contest = new OfferContest();
        contest.putOff("two", 0);
        contest.putOff("two", 15_000);
        contest.putOff("two", 45_000); // Until 120 s.
        contest.putOff("two", 45_100); // By another session.
        assertFalse(contest.admits("one", "one", 119_999));
        assertTrue(contest.admits("one", "one", 120_000));
    }

    /** So many articles come from it, one just after the other, that silence would be unlike it. */
    private void comesSteadilyFrom(String session) {
        for (int i = 0; i < 200; i++) {
            offer("steady" + i, session);
            settled("steady" + i, session);
        }
    }

    @Test
    void whoeverIsSilentForASecondLosesItsTurnToTheNextThatOffers() {
        comesSteadilyFrom("one");
        offer("a", "one");
        millis.addAndGet(999);
        assertEquals(DEFERRED, offer("a", "two"));
        millis.addAndGet(1);
        assertEquals(GRANTED, offer("a", "two"));
        assertEquals(DEFERRED, offer("a", "one"));
    }

    @Test
    void ofOneThatMayOnlyBeSlowOneArticlePassesOnAtFirstThenEverMore() {
        comesSteadilyFrom("one");
        List.of("a", "b", "c", "d").forEach(name -> offer(name, "one"));
        millis.addAndGet(1000);
        assertEquals(GRANTED, offer("a", "two"));
        assertEquals(DEFERRED, offer("b", "two"));
        millis.addAndGet(1000);
        assertEquals(GRANTED, offer("b", "two"));
        assertEquals(GRANTED, offer("c", "two"));
        assertEquals(DEFERRED, offer("d", "two"));
        table.sends("one");
        assertEquals(DEFERRED, offer("d", "two"));
    }

    @Test
    void whoeverWasSilentAndWentOnIsBorneTwiceAsLongFromThenOn() {
        comesSteadilyFrom("one");
        offer("a", "one");
        offer("b", "one");
        millis.addAndGet(3000);
        table.sends("one");
        millis.addAndGet(5999);
        assertEquals(DEFERRED, offer("b", "two"));
        millis.addAndGet(1);
        assertEquals(GRANTED, offer("b", "two"));
    }

    @Test
    void aSilenceIsForgottenWhenArticlesHaveComeSteadilySince() {
        offer("a", "one");
        millis.addAndGet(10_000);
        table.sends("one");
        comesSteadilyFrom("one");
        millis.addAndGet(1000);
        assertEquals(GRANTED, offer("a", "two"));
    }

    @Test
    void whoeverSendsKeepsWhatItWasGrantedForAMinuteAtMost() {
        offer("a", "one");
        for (int i = 0; i < 119; i++) {
            millis.addAndGet(500);
            table.sends("one");
            assertEquals(DEFERRED, offer("a", "two"));
        }
        millis.addAndGet(500);
        assertEquals(GRANTED, offer("a", "two"));
    }

    @Test
    void whoeverOnlyTalksLosesItsTurnWhenTheTimeIsUp() {
        offer("a", "one");
        for (int i = 0; i < 29; i++) {
            millis.addAndGet(500);
            offer("b", "one");
            assertEquals(DEFERRED, offer("a", "two"));
        }
        millis.addAndGet(500);
        offer("b", "one");
        assertEquals(GRANTED, offer("a", "two"));
    }

    /** They had been granted something, said nothing for so long, and went on. */
    private void wereSilent(long silent, String... sessions) {
        List.of(sessions).forEach(session -> offer("of." + session, session));
        millis.addAndGet(silent);
        for (String session : sessions) {
            table.sends(session);
            settled("of." + session, session);
        }
    }

    @Test
    void whereTwoPeersWereSilentForLongAndWentOnAnotherMayBeToo() {
        comesSteadilyFrom("three");
        wereSilent(3000, "one", "two");
        offer("of.three", "three");
        millis.addAndGet(5999);
        assertEquals(DEFERRED, offer("of.three", "four"));
        millis.addAndGet(1);
        assertEquals(GRANTED, offer("of.three", "four"));
    }

    @Test
    void whereTwoPeersAreSilentTooAThirdMayBeButNotForLongerThanThatTakes() {
        comesSteadilyFrom("three");
        offer("of.one", "one");
        offer("of.two", "two");
        List.of("a", "b").forEach(name -> offer(name, "three"));
        millis.addAndGet(14_999);
        assertEquals(GRANTED, offer("a", "four"));
        assertEquals(DEFERRED, offer("b", "four"));
        millis.addAndGet(1);
        assertEquals(GRANTED, offer("b", "four"));
    }

    @Test
    void ofOneOfWhichNothingIsKnownOneArticleIsAnothersTurnAfterASecondWithoutAWord() {
        List.of("a", "b").forEach(name -> offer(name, "one"));
        millis.addAndGet(999);
        assertEquals(DEFERRED, offer("a", "two"));
        millis.addAndGet(1);
        assertEquals(GRANTED, offer("a", "two"));
        assertEquals(DEFERRED, offer("b", "two"));
        assertEquals(DEFERRED, offer("a", "one"));
    }

    @Test
    void ifThatArrivesAndTheFirstStillSaysNothingAllItWasGrantedIsForOthers() {
        List.of("a", "b", "c").forEach(name -> offer(name, "one"));
        table.offer(MemoryStore.id("d"), "one again", "peer of one");
        millis.addAndGet(1000);
        offer("a", "two");
        millis.addAndGet(125);
        assertEquals(DEFERRED, offer("b", "two"));
        settled("a", "two");
        assertEquals(GRANTED, offer("b", "two"));
        assertEquals(GRANTED, offer("c", "three"));
        assertEquals(GRANTED, offer("d", "two"));
    }

    @Test
    void ifTheFirstGoesOnItKeepsTheRestAndAllAreBorneForTwiceAsLongForAMinute() {
        List.of("a", "b").forEach(name -> offer(name, "one"));
        millis.addAndGet(1000);
        offer("a", "two");
        millis.addAndGet(1500);
        table.sends("one");
        settled("a", "two");
        assertEquals(DEFERRED, offer("b", "two"));
        offer("c", "three");
        millis.addAndGet(4999);
        table.sends("one");
        assertEquals(DEFERRED, offer("c", "two"));
        millis.addAndGet(1);
        assertEquals(GRANTED, offer("c", "two"));
        table.sessionEnded("three");
        millis.addAndGet(60_000);
        offer("d", "three");
        millis.addAndGet(1000);
        assertEquals(GRANTED, offer("d", "two"));
    }

    @Test
    void oneThatTalksOnAnotherSessionDoesNotHang() {
        offer("a", "one");
        millis.addAndGet(900);
        table.offer(MemoryStore.id("b"), "one again", "peer of one");
        millis.addAndGet(900);
        assertEquals(DEFERRED, offer("a", "two"));
        millis.addAndGet(100);
        assertEquals(GRANTED, offer("a", "two"));
    }

    @Test
    void whereWhoeverHasItsTurnHangsTooAnotherIsAskedAndItTakesEverLonger() {
        List.of("a", "b", "c").forEach(name -> offer(name, "one"));
        millis.addAndGet(1000);
        assertEquals(GRANTED, offer("a", "two"));
        millis.addAndGet(999);
        assertEquals(DEFERRED, offer("b", "three"));
        millis.addAndGet(1);
        assertEquals(GRANTED, offer("b", "three"));
        millis.addAndGet(1999);
        assertEquals(DEFERRED, offer("c", "four"));
        millis.addAndGet(1);
        assertEquals(GRANTED, offer("c", "four"));
    }

    @Test
    void whatComesInsteadProvesNothingUntilTheFirstHasBeenSilentForEightTimesAsLong() {
        List.of("a", "b", "c", "d").forEach(name -> offer(name, "one"));
        millis.addAndGet(1000);
        assertEquals(GRANTED, offer("a", "two"));
        millis.addAndGet(300);
        settled("a", "two");
        assertEquals(DEFERRED, offer("b", "two"));
        millis.addAndGet(700);
        assertEquals(GRANTED, offer("b", "two"), "one more");
        millis.addAndGet(399);
        assertEquals(DEFERRED, offer("c", "two"));
        millis.addAndGet(1);
        assertEquals(GRANTED, offer("c", "two"));
        assertEquals(GRANTED, offer("d", "two"));
    }

    @Test
    void aTurnThatEndsWithItsSessionWasRightlyAnothersAndTeachesNothing() {
        offer("a", "one");
        millis.addAndGet(1000);
        offer("a", "two");
        millis.addAndGet(5000);
        table.sessionEnded("one");
        offer("b", "one");
        millis.addAndGet(1000);
        assertEquals(GRANTED, offer("b", "two"));
    }

    @Test
    void whoeverOffersEverMoreCannotHaveAgainWhatItLostWhileAnotherWaits() {
        offer("a", "one");
        assertEquals(DEFERRED, offer("a", "two"));
        for (int i = 0; i < 40; i++) {
            for (int more = 0; more < 5; more++) {
                offer("more" + more, "one");
            }
            assertEquals(DEFERRED, offer("a", "one"));
            millis.addAndGet(250);
        }
        assertEquals(GRANTED, offer("a", "two"));
        assertEquals(DEFERRED, offer("a", "one"));
    }

    @Test
    void whoeverTakesTurnsAmongItsSessionsCannotHaveAgainWhatItLostWhileAnotherWaits() {
        OfferTable.Decision got = DEFERRED;
        for (int i = 0; i < 8 && got == DEFERRED; i++) {
            for (int second = 0; second < 15; second++) {
                for (String session : List.of("bad", "bad too")) {
                    table.offer(MemoryStore.id("a"), session, "bad");
                    table.offer(MemoryStore.id("other" + second % 4), session, "bad");
                    if (second == 7) {
                        table.sessionEnded(session);
                    }
                }
                millis.addAndGet(1000);
            }
            got = offer("a", "two");
        }
        assertEquals(GRANTED, got);
    }

    @Test
    void whoeverSendsWhatNobodyCanTakeCannotHaveItAgainWhileAnotherWaits() {
        offer("a", "one");
        offer("a", "two");
        failed("a", "one");
        assertEquals(DEFERRED, offer("a", "one"));
        begins("a", "one");
        assertEquals(GRANTED, offer("a", "two"));
    }

    @Test
    void whenAllThatWaitedHaveFailedTooTheFirstHasAnotherTurn() {
        offer("a", "one");
        offer("a", "two");
        offer("a", "three");
        failed("a", "one");
        offer("a", "two");
        failed("a", "two");
        assertEquals(DEFERRED, offer("a", "one"));
        assertEquals(DEFERRED, offer("a", "two"));
        offer("a", "three");
        failed("a", "three");
        assertEquals(GRANTED, offer("a", "one"));
    }

    @Test
    void whoeverWaitedAndNeverCameAgainKeepsNobodyWaitingForLong() {
        offer("a", "one");
        offer("a", "two");
        failed("a", "one");
        millis.addAndGet(19_999);
        assertEquals(DEFERRED, offer("a", "one"));
        millis.addAndGet(1);
        assertEquals(GRANTED, offer("a", "one"));
    }

    @Test
    void whoeverAsksEverLessOftenKeepsItsPlace() {
        offer("a", "one");
        for (int wait : new int[] {0, 15, 30}) {
            for (int second = 0; second < wait; second++) {
                millis.addAndGet(1000);
                table.sends("one");
            }
            assertEquals(DEFERRED, offer("a", "two"));
        }
        table.sessionEnded("one");
        for (int second = 0; second < 60; second++) {
            assertEquals(DEFERRED, offer("a", "one"));
            millis.addAndGet(1000);
        }
        assertEquals(GRANTED, offer("a", "two"));
    }

    @Test
    void whoeverWaitedForItselfAloneMayHaveAnotherTurnAtOnce() {
        offer("a", "one");
        table.offer(MemoryStore.id("a"), "one again", "peer of one");
        table.sessionEnded("one");
        assertEquals(GRANTED, table.offer(MemoryStore.id("a"), "one again", "peer of one"));
    }

    @Test
    void whoeverWaitsForItselfCrowdsOutNobodyThatWaitsForIt() {
        offer("a", "bad");
        assertEquals(DEFERRED, offer("a", "two"));
        for (int i = 0; i < 40; i++) {
            table.offer(MemoryStore.id("other" + i), "bad too", "peer of bad");
            table.offer(MemoryStore.id("other" + i), "bad again", "peer of bad");
            if (i % 4 == 3) {
                table.sessionEnded("bad too");
            }
        }
        table.sessionEnded("bad");
        assertEquals(DEFERRED, table.offer(MemoryStore.id("a"), "bad again", "peer of bad"));
        assertEquals(GRANTED, offer("a", "two"));
    }

    @Test
    void inAFullTableWhoeverHasTheMostLosesTheOldestOfItsClaims() {
        offer("first", "one");
        for (String session : List.of("bad", "worse", "worst")) {
            IntStream.range(0, 5).forEach(
                    i -> table.offer(MemoryStore.id(session + i), session, "bad"));
        }
        assertEquals(8, table.size());
        assertEquals(DEFERRED, offer("first", "two"));
        assertEquals(GRANTED_FOR_ANOTHER, table.offer(MemoryStore.id("x"), "bad", "bad"));
        assertEquals(GRANTED, offer("second", "two"));
        assertEquals(DEFERRED, offer("first", "two"));
    }

    @Test
    void whatOnePeerAloneNeedsIsNotGrantedToOthers() {
        comesSteadilyFrom("three");
        table.offer(MemoryStore.id("of.another.session"), "one again", "peer of one");
        wereSilent(9000, "one");
        table.sends("one again");
        settled("of.another.session", "one again");
        offer("of.three", "three");
        millis.addAndGet(1000);
        assertEquals(GRANTED, offer("of.three", "four"));
    }

    @Test
    void whereWhatTwoPeersSendTakesLongAThirdKeepsItsTurnForFourTimesAsLong() {
        List.of("one", "two", "three").forEach(session -> offer("of." + session, session));
        for (int i = 0; i < 14; i++) {
            millis.addAndGet(500);
            List.of("one", "two", "three").forEach(table::sends);
        }
        settled("of.one", "one");
        settled("of.two", "two");
        for (int i = 0; i < 55; i++) {
            millis.addAndGet(500);
            offer("something.else", "three");
            assertEquals(DEFERRED, offer("of.three", "four"));
        }
        millis.addAndGet(500);
        offer("something.else", "three");
        assertEquals(GRANTED, offer("of.three", "four"));
    }

    @Test
    void whereTwoPeersNeededASecondBeforeAThirdIsWaitedForForTwiceAsLongAsTheyAreSilentNow() {
        wereSilent(1000, "one", "two");
        List.of("a", "b").forEach(name -> offer(name, "three"));
        millis.addAndGet(7000);
        offer("again.one", "one");
        offer("again.two", "two");
        millis.addAndGet(8000);
        assertEquals(GRANTED, offer("a", "four"));
        assertEquals(DEFERRED, offer("b", "four"), "after a quarter of a minute");
        List.of("one", "two").forEach(table::sends);
        millis.addAndGet(999);
        assertEquals(DEFERRED, offer("b", "four"));
        millis.addAndGet(1);
        assertEquals(GRANTED, offer("b", "four"));
    }

    @Test
    void ifTheyAreSilentForAsLongItIsWaitedForForAMinuteAtMost() {
        wereSilent(1000, "one", "two");
        List.of("a", "b").forEach(name -> offer(name, "three"));
        offer("again.one", "one");
        offer("again.two", "two");
        millis.addAndGet(59_999);
        assertEquals(GRANTED, offer("a", "four"));
        assertEquals(DEFERRED, offer("b", "four"));
        millis.addAndGet(1);
        assertEquals(GRANTED, offer("b", "four"));
    }

    @Test
    void whatWasLongAMinuteAgoIsForgotten() {
        comesSteadilyFrom("three");
        wereSilent(5000, "one", "two");
        millis.addAndGet(60_000);
        offer("of.three", "three");
        millis.addAndGet(1000);
        assertEquals(GRANTED, offer("of.three", "four"));
    }

    @Test
    void whatASessionLeavesOutOthersMayHaveInASecond() {
        List.of("a", "b", "c").forEach(name -> offer(name, "one"));
        begins("b", "one");
        table.sends("one");
        assertEquals(DEFERRED, offer("a", "two"));
        millis.addAndGet(999);
        table.sends("one");
        assertEquals(DEFERRED, offer("a", "two"));
        millis.addAndGet(1);
        table.sends("one");
        assertEquals(GRANTED, offer("a", "two"));
        assertEquals(DEFERRED, offer("c", "two"), "its turn has yet to come");
    }

    @Test
    void whatComesUnaskedHasOvertakenNothing() {
        offer("a", "one");
        begins("b", "one");
        settled("b", "one");
        millis.addAndGet(5000);
        table.sends("one");
        assertEquals(DEFERRED, offer("a", "two"));
    }

    @Test
    void whatCannotBeTakenIsNotToTheCreditOfWhoeverSendsIt() {
        offer("a", "one");
        for (int i = 0; i < 29; i++) {
            millis.addAndGet(500);
            begins("junk" + i, "one");
            table.sends("one");
            table.failed(MemoryStore.id("junk" + i), "one", true);
            assertEquals(DEFERRED, offer("a", "two"));
        }
        millis.addAndGet(500);
        begins("junk", "one");
        table.sends("one");
        assertEquals(GRANTED, offer("a", "two"));
    }

    /** Such as one of a size that we do not take, or when our own disk is full. */
    @Test
    void whatOthersCouldHaveTakenIsToTheCreditOfWhoeverSendsIt() {
        offer("a", "one");
        for (int i = 0; i < 40; i++) {
            millis.addAndGet(500);
            begins("large" + i, "one");
            table.sends("one");
            table.failed(MemoryStore.id("large" + i), "one", false);
            assertEquals(DEFERRED, offer("a", "two"));
        }
    }

    @Test
    void whoeverSendsSomethingGoodAgainKeepsItsTurn() {
        offer("a", "one");
        begins("junk", "one");
        table.failed(MemoryStore.id("junk"), "one", true);
        millis.addAndGet(14_000);
        begins("good", "one");
        settled("good", "one");
        millis.addAndGet(14_000);
        table.sends("one");
        assertEquals(DEFERRED, offer("a", "two"));
    }

    @Test
    void aClaimEndsWithItsSession() {
        offer("a", "one");
        offer("b", "one");
        offer("c", "two");
        table.sessionEnded("one");
        assertEquals(1, table.size());
        assertEquals(GRANTED, offer("a", "two"));
        table.sessionEnded("one");
        assertEquals(DEFERRED, offer("c", "three"));
    }

    @Test
    void aFloodOfOffersLocksNobodyElseOut() {
        IntStream.range(0, 100).forEach(i -> offer("flood" + i, "one"));
        assertEquals(5, table.size());
        assertEquals(GRANTED, offer("a", "two"));
        assertEquals(DEFERRED, offer("a", "one"));
    }

    @Test
    void whoOffersTooMuchLosesTheOldestOfItsClaims() {
        IntStream.range(0, 5).forEach(i -> assertEquals(GRANTED, offer("x" + i, "one")));
        assertEquals(GRANTED_FOR_ANOTHER, offer("x5", "one"));
        assertEquals(5, table.size());
        assertEquals(DEFERRED, offer("x1", "two"));
        assertEquals(GRANTED, offer("x0", "two"));
        // Asked for again, it is the newest.
        assertEquals(GRANTED, offer("x1", "one"));
        assertEquals(GRANTED_FOR_ANOTHER, offer("x6", "one"));
        assertEquals(DEFERRED, offer("x1", "two"));
        assertEquals(GRANTED, offer("x2", "two"));
    }

    @Test
    void aFullTableForgetsTheOldestClaims() {
        IntStream.range(0, 100).forEach(i -> offer("x" + i, "session" + i));
        assertEquals(8, table.size());
        assertEquals(GRANTED, offer("x91", "two"));
        assertEquals(DEFERRED, offer("x99", "two"));
        assertEquals(8, table.size());
        millis.addAndGet(15_000);
        assertEquals(0, table.size());
        assertEquals(GRANTED, offer("x99", "two"));
    }
}
