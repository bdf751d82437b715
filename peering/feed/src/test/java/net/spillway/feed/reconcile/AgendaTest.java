package net.spillway.feed.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgendaTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration HOURS = Agenda.SHORT_BACK;

    private final Agenda agenda = new Agenda(NOON, Duration.ZERO);

    private Optional<Instant> due(Instant now) {
        return agenda.due(now, true, () -> true);
    }

    /** Past the comparison that a start asks for. */
    private Instant started() {
        assertEquals(Optional.of(NOON.minus(HOURS)), due(NOON));
        agenda.done(NOON);
        return NOON;
    }

    @Test
    void aStartAsksForTheTimeBeforeAndThenEachQuarterOfAnHourForTwoHours() {
        Instant now = started();
        assertEquals(Optional.empty(), due(now.plusSeconds(899)));
        now = now.plus(Agenda.SHORT_EVERY);
        assertEquals(Optional.of(now.minus(HOURS)), due(now));
        agenda.done(now);
        assertEquals(Optional.empty(), due(now.plusSeconds(899)));
    }

    @Test
    void onceANightAWeekIsComparedAndNoMoreThanOnce() {
        started();
        Instant two = Instant.parse("2026-03-02T02:00:00Z");
        assertEquals(Optional.of(two.minus(Agenda.LONG_BACK)), due(two));
        agenda.done(two);
        Instant later = two.plus(Agenda.SHORT_EVERY);
        assertEquals(Optional.of(later.minus(HOURS)), due(later));
    }

    @Test
    void anOutageIsComparedFromTwoHoursBeforeItBeganAsSoonAsThePeerIsBack() {
        Instant now = started();
        Instant away = now.plusSeconds(60);
        agenda.due(away, false, () -> true);
        agenda.due(away.plusSeconds(200), false, () -> true);
        assertEquals(Optional.of(away.minus(HOURS)), due(away.plusSeconds(300)));
        agenda.done(away.plusSeconds(300));
        assertEquals(Optional.empty(), due(away.plusSeconds(310)));
    }

    @Test
    void aConnectionThatComesBackAtOnceWasNoOutage() {
        Instant now = started();
        agenda.due(now.plusSeconds(60), false, () -> true);
        assertEquals(Optional.empty(), due(now.plusSeconds(89)));
    }

    @Test
    void whatIsDueWaitsUntilTheFeedIsThroughAndNobodyAsksBefore() {
        Instant now = started();
        assertEquals(Optional.empty(), agenda.due(now.plusSeconds(1), true,
                () -> fail("nothing is due")));
        now = now.plus(Agenda.SHORT_EVERY);
        assertEquals(Optional.empty(), agenda.due(now, true, () -> false));
        now = now.plusSeconds(2);
        assertEquals(Optional.of(now.minus(HOURS)), due(now));
    }

    @Test
    void whatFailedStaysDueButNotAtOnce() {
        Instant now = NOON;
        assertEquals(Optional.of(NOON.minus(HOURS)), due(now));
        agenda.failed(now);
        assertEquals(Optional.empty(), due(now.plusSeconds(299)));
        assertEquals(Optional.of(NOON.minus(HOURS)), due(now.plus(Agenda.RETRY)));
    }
}
