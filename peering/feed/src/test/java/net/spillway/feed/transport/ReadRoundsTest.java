package net.spillway.feed.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadRoundsTest {
    private static final int MOST = 256 * 1024;

    private final ReadRounds rounds = new ReadRounds();
    private final Map<String, ReadShare> shares = new LinkedHashMap<>();

    private void add(String name, boolean busy) {
        ReadShare share = new ReadShare(MOST);
        if (busy) {
            share.took(MOST, 10_000_000);
        }
        shares.put(name, share);
    }

    /** Those read in a round in which there is something to be read of all. */
    private List<String> round() {
        List<String> read = new ArrayList<>();
        rounds.begin();
        shares.forEach((name, share) -> {
            if (rounds.mayRead(share)) {
                read.add(name);
            }
        });
        return read;
    }

    @Test
    void whoeverIsSoonDoneIsReadInEachRoundAndBusyOnesByTurns() {
        add("flood1", true);
        add("peer", false);
        add("flood2", true);
        add("flood3", true);
        assertEquals(List.of("flood1", "peer"), round());
        assertEquals(List.of("peer", "flood2"), round());
        assertEquals(List.of("peer", "flood3"), round());
        assertEquals(List.of("flood1", "peer"), round());
    }

    @Test
    void oneThatIsGoneKeepsNobodyWaitingForLong() {
        add("flood1", true);
        add("flood2", true);
        add("flood3", true);
        assertEquals(List.of("flood1"), round());
        shares.remove("flood2");
        assertEquals(List.of(), round());
        assertEquals(List.of("flood3"), round());
        assertEquals(List.of("flood1"), round());
    }

    @Test
    void oneThatIsNotBusyAnyMoreIsReadAtOnce() {
        add("flood1", true);
        add("flood2", true);
        assertEquals(List.of("flood1"), round());
        shares.get("flood1").took(MOST, 1000);
        assertEquals(List.of("flood1", "flood2"), round());
    }
}
