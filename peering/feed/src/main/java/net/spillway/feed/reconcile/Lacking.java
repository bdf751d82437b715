package net.spillway.feed.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import net.spillway.spool.segment.IdHash;

/**
 * What a peer was found to have that we lack, so that it can be looked at later how much of it has
 * come. Filled by one thread, then asked by any; what has come is not looked up again.
 */
final class Lacking {
    /** So many are remembered; the others count as lacking until the next comparison. */
    static final int MOST = 100_000;

    private final List<IdHash> remembered = new ArrayList<>();
    private int found;
    private int others;

    void add(IdHash id) {
        found++;
        if (remembered.size() < MOST) {
            remembered.add(id);
        } else {
            others++;
        }
    }

    /** Whether it was among them, as far as they are remembered. */
    synchronized Predicate<IdHash> known() {
        Set<IdHash> known = Set.copyOf(remembered);
        return others > 0 ? id -> true : known::contains;
    }

    /** How many there were. */
    int found() {
        return found;
    }

    /** How many there still are. */
    synchronized int left(Predicate<IdHash> isLacking) {
        remembered.removeIf(id -> !isLacking.test(id));
        return remembered.size() + others;
    }
}
