package net.spillway.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TellerTest {
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    private void tellTwo(Teller teller) {
        teller.tell(() -> {
            for (String name : List.of("one", "two")) {
                done.add(name);
                teller.whenTold(() -> done.add(name + " goes on"));
            }
        });
    }

    @Test
    void sendersGoOnWhenAllOfThemWereTold() {
        try (Teller teller = new Teller()) {
            tellTwo(teller);
            tellTwo(teller);
        }
        List<String> group = List.of("one", "two", "one goes on", "two goes on");
        assertEquals(List.of(group, group), List.of(done.subList(0, 4), done.subList(4, 8)));
    }

    @Test
    void whoIsNotBeingToldGoesOnAtOnce() {
        try (Teller teller = new Teller()) {
            teller.whenTold(() -> done.add("at once"));
            assertEquals(List.of("at once"), done);
        }
    }

    @Test
    void whoFailsHoldsUpNobody() {
        try (Teller teller = new Teller()) {
            teller.tell(() -> {
                teller.whenTold(() -> {
                    throw new IllegalStateException("a sender is broken");
                });
                teller.whenTold(() -> done.add("goes on"));
            });
            tellTwo(teller);
        }
        assertEquals(List.of("goes on", "one", "two", "one goes on", "two goes on"), done);
    }
}
