package net.spillway.relay.intake;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import net.spillway.spool.segment.IdHash;

/**
 * The last articles that were refused for the groups they are posted to, so that they are not sent
 * by each peer that has them. That holds for the groups of now: once groups are made, changed or
 * removed all are forgotten, and can be offered again. In memory, so many and no more; one that is
 * forgotten sooner is sent, and refused, once more. Safe for use by many threads.
 */
final class Unwanted {
    private static final int MOST = 200_000;

    private final LongSupplier groupChanges;
    private final int most;
    private final Set<IdHash> ids = new LinkedHashSet<>();
    /** Offers come by here by the thousand, so that is looked at first. */
    private volatile boolean any;
    private long asOf;

    /** @param groupChanges how often groups have changed */
    Unwanted(LongSupplier groupChanges) {
        this(groupChanges, MOST);
    }

    Unwanted(LongSupplier groupChanges, int most) {
        this.groupChanges = groupChanges;
        this.most = most;
    }

    /** @param decidedAt how often groups had changed before it was decided on */
    synchronized void add(IdHash id, long decidedAt) {
        forgetOld();
        if (decidedAt != asOf) {
            return;
        }
        ids.add(id);
        if (ids.size() > most) {
            ids.remove(ids.iterator().next());
        }
        any = true;
    }

    boolean contains(IdHash id) {
        if (!any) {
            return false;
        }
        synchronized (this) {
            forgetOld();
            return ids.contains(id);
        }
    }

    private void forgetOld() {
        long now = groupChanges.getAsLong();
        if (now != asOf) {
            ids.clear();
            any = false;
            asOf = now;
        }
    }
}
