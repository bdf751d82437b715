package net.spillway.feed.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskRoundsTest {
    private final TaskRounds tasks = new TaskRounds();
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
    void aFailingTaskStopsNothing() {
        tasks.add(() -> {
            throw new IllegalStateException("on purpose");
        });
        tasks.add(() -> ran.add("next"));
        tasks.runRound();
        assertEquals(List.of("next"), ran);
    }
}
