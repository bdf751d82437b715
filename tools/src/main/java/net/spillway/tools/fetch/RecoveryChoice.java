package net.spillway.tools.fetch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Which recovery units to fetch so that as little as possible is fetched in vain. */
final class RecoveryChoice {
    private RecoveryChoice() {}

    /** Units that together promise what is needed; all if they don't suffice. */
    static Set<Sources.RecoveryUnit> of(List<Sources.RecoveryUnit> units, int needed) {
        List<Sources.RecoveryUnit> largestFirst = new ArrayList<>(units);
        largestFirst.sort(Comparator.comparingInt(Sources.RecoveryUnit::slices).reversed());
        Set<Sources.RecoveryUnit> chosen = Collections.newSetFromMap(new IdentityHashMap<>());
        int left = needed;
        for (Sources.RecoveryUnit unit : largestFirst) {
            if (unit.slices() <= left) {
                chosen.add(unit);
                left -= unit.slices();
            }
        }
        // What is left now is less than the smallest of the others.
        for (int i = largestFirst.size() - 1; i >= 0 && left > 0; i--) {
            if (chosen.add(largestFirst.get(i))) {
                left -= largestFirst.get(i).slices();
            }
        }
        return chosen;
    }
}
