package net.spillway.feed.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TaskRoundsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final TaskRounds tasks = new TaskRounds(nanos::get);
    private final List<String> ran = new ArrayList<>();

    private void again(String name) {
        ran.add(name);
        tasks.add(() -> again(name));
    }

    @Test
    void whatATaskAddsWaitsForTheNextRoundSoThatEachHasOneTurnInARound() {
        tasks.add(() -> again("a"));
        tasks.add(() -> again("b"));
        tasks.runRound();
        assertEquals(List.of("a", "b"), ran);
        tasks.runRound();
        assertEquals(List.of("a", "b", "a", "b"), ran);
        assertFalse(tasks.isEmpty());
    }

    @Test
    void aRoundIsBoundedAndNothingIsLost() {
        for (int i = 0; i < 300; i++) {
            tasks.add(() -> ran.add("x"));
        }
        tasks.runRound();
        assertEquals(128, ran.size());
        tasks.runRound();
        tasks.runRound();
        assertEquals(300, ran.size());
        assertTrue(tasks.isEmpty());
    }

    @Test
    void ofThoseThatKeepTheLoopBusyFewRunInARoundAndOthersInEach() {
        for (String name : List.of("busy1", "busy2", "busy3")) {
            tasks.putOff(() -> {
                ran.add(name);
                nanos.addAndGet(200_000);
            });
        }
        tasks.add(() -> again("other"));
        tasks.runRound();
        assertEquals(List.of("other", "busy1", "busy2"), ran);
        tasks.runRound();
        assertEquals(List.of("other", "busy1", "busy2", "other", "busy3"), ran);
    }

    @Test
    void whatWasPutOffKeepsTheLoopFromSleeping() {
        tasks.putOff(() -> { });
        assertFalse(tasks.isEmpty());
        tasks.runRound();
        assertTrue(tasks.isEmpty());
    }

    @Test
    void aFailingTaskStopsNothing() {
        tasks.add(() -> {
            throw new IllegalStateException("on purpose");
        });
        tasks.add(() -> ran.add("next"));
        tasks.runRound();
        assertEquals(List.of("next"), ran);
    }
}
