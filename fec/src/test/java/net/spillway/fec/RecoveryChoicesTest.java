package net.spillway.fec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import net.spillway.fec.packet.Hash16;
import net.spillway.fec.packet.SliceData;
import org.junit.jupiter.api.Test;

class RecoveryChoicesTest {
    private final SortedMap<Integer, SliceData> recovery = new TreeMap<>();
    private final SortedMap<Integer, List<SliceData>> rivals = new TreeMap<>();

    private static SliceData in(String volume, int exponent) {
        return SliceData.of(Path.of(volume), exponent * 468L, 400);
    }

    private void volume(String name, int from, int to) {
        for (int e = from; e < to; e++) {
            recovery.put(e, in(name, e));
        }
    }

    private List<SortedMap<Integer, SliceData>> all(int needed) {
        Par2Set set = new Par2Set(
                new Hash16(1, 2), 400, List.of(), List.of(), List.of(), "");
        RecoveryChoices choices = new RecoveryChoices(
                new Par2Archive(set, recovery, rivals, List.of(), 0, List.of(), List.of(),
                        List.of()), needed);
        List<SortedMap<Integer, SliceData>> all = new ArrayList<>();
        for (var next = choices.next(); next.isPresent(); next = choices.next()) {
            all.add(next.get());
            assertTrue(next.get().size() >= needed);
        }
        return all;
    }

    @Test
    void whereNothingCanBeSparedThereIsOneChoice() {
        volume("a", 0, 7);
        assertEquals(List.of(recovery), all(7));
    }

    @Test
    void eachVolumeThatCanBeSparedIsLeftOutOnce() {
        volume("a", 0, 1);
        volume("b", 1, 3);
        volume("c", 3, 7);
        var all = all(5);
        assertEquals(recovery, all.getFirst());
        assertFalse(all.get(1).containsKey(0));
        assertTrue(all.stream().anyMatch(s -> !s.containsKey(1) && !s.containsKey(2)));
        assertTrue(all.stream().allMatch(s -> s.containsKey(3) || s.containsKey(5)));
    }

    @Test
    void whatChangesNothingOfWhatIsUsedIsNotTried() {
        volume("a", 0, 50);
        volume("spare", 100, 101);
        for (var choice : all(50).subList(1, 3)) {
            assertNotEquals(50, choice.headMap(50).size());
        }
    }

    @Test
    void rivalsAreLeftOutThenTaken() {
        volume("a", 0, 4);
        rivals.put(2, List.of(in("b", 2), in("c", 2)));
        assertFalse(all(3).get(1).containsKey(2));
        var tight = all(4);
        assertEquals(
                List.of(in("a", 2), in("b", 2), in("c", 2)),
                tight.stream().map(s -> s.get(2)).distinct().toList());
        assertTrue(tight.stream().allMatch(s -> s.size() == 4));
    }

    @Test
    void thereAreNeverManyTries() {
        for (int v = 0; v < 300; v++) {
            volume("volume" + v, v, v + 1);
        }
        assertEquals(RecoveryChoices.MOST, all(200).size());
    }
}
