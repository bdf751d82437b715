package net.spillway.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.spillway.relay.access.Client;
import org.junit.jupiter.api.Test;

/** A session that does what no sound peer does waits, if others are there. */
class PatienceTest {
    private final List<Long> waits = new ArrayList<>();
    private final Queue<Runnable> due = new ArrayDeque<>();
    private final RelayParts parts = FlowTable.parts(timer());
    private final RecordingOutlet outlet = new RecordingOutlet(true);

    /** Runs nothing by itself. */
    private ScheduledExecutorService timer() {
        return (ScheduledExecutorService) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {ScheduledExecutorService.class}, (proxy, method, arguments) -> {
                    assertEquals("schedule", method.getName());
                    due.add((Runnable) arguments[0]);
                    waits.add(((TimeUnit) arguments[2]).toMillis((long) arguments[1]));
                    return null;
                });
    }

    private NntpSession session(String name) {
        return new NntpSession(new FlowTable(Optional.empty()).table(), new Conversation(parts,
                new Client(InetAddress.getLoopbackAddress(), false), name), outlet,
                SessionExecutor.of(new StepByStep()), 1000);
    }

    private String say(NntpSession session, String text) {
        session.receive(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
        return outlet.take();
    }

    @Test
    void whoeverOffendsWhileOthersAreThereIsHeardAgainOnlyLater() {
        NntpSession bad = session("bad");
        bad.open();
        NntpSession good = session("good");
        good.open();
        outlet.take();
        assertEquals("200 well\r\n200 a\r\n", say(bad, "OFFEND 9\r\nECHO a\r\n"), "not worth it");
        assertEquals("200 well\r\n", say(bad, "OFFEND 9\r\nECHO b\r\nECHO c\r\n"));
        assertEquals("", say(bad, "ECHO d\r\n"));
        assertEquals("200 e\r\n", say(good, "ECHO e\r\n"));
        assertEquals(List.of(18L), waits);
        due.remove().run();
        assertEquals("200 b\r\n200 c\r\n200 d\r\n", outlet.take());
        assertEquals(1, waits.size());
    }

    @Test
    void whoeverGoesOnOffendingWaitsEverLongerUntilItDoesSomethingGoodOrNothingBad() {
        AtomicLong nanos = new AtomicLong();
        Patience patience = new Patience(nanos::get);
        List<Long> waited = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            waited.add(offend(patience, true));
        }
        assertEquals(List.of(10L, 20L, 40L, 80L, 80L, 80L), waited);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertEquals(20, offend(patience, true));
        patience.makeUp();
        assertEquals(10, offend(patience, true));
    }

    @Test
    void whatIsDoneWhileNobodyElseIsThereIsNotHeldAgainstIt() {
        Patience patience = new Patience(() -> 0);
        for (int i = 0; i < 6; i++) {
            assertEquals(0, offend(patience, false));
        }
        assertEquals(10, offend(patience, true));
    }

    private static long offend(Patience patience, boolean forOthers) {
        patience.spend(TimeUnit.MILLISECONDS.toNanos(10));
        return TimeUnit.NANOSECONDS.toMillis(patience.due(forOthers));
    }

    @Test
    void whoeverIsAloneKeepsNobodyWaiting() {
        NntpSession alone = session("alone");
        alone.open();
        outlet.take();
        assertEquals("200 well\r\n200 a\r\n", say(alone, "OFFEND 5000\r\nECHO a\r\n"));
        assertEquals(List.of(), waits);
    }

    @Test
    void whoeverComesWhenTheLastHasGoneIsAlone() {
        NntpSession before = session("before");
        before.open();
        before.disconnected();
        whoeverIsAloneKeepsNobodyWaiting();
    }

    @Test
    void oneIsAloneAgainWhenTheOthersHaveBeenSilentForASecond() {
        AtomicLong nanos = new AtomicLong();
        Company company = new Company(nanos::get);
        assertTrue(company.isOneAlone());
        company.turn("one");
        company.turn("one");
        assertTrue(company.isOneAlone());
        company.turn("two");
        assertFalse(company.isOneAlone());
        company.turn("one");
        nanos.addAndGet(999_999_999);
        company.turn("one");
        assertFalse(company.isOneAlone());
        nanos.addAndGet(1);
        assertTrue(company.isOneAlone());
    }
}
