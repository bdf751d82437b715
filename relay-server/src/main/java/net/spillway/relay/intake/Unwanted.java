package net.spillway.relay.intake;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import net.spillway.spool.segment.IdHash;

/**
 * The last articles that were refused for the groups they are posted to, so that they are not sent
 * by each peer that has them, and those that are not taken from one peer, so that that one does not
 * send them again. That holds for the groups and peers of now: once groups are made, changed or
 * removed, or something else is taken from peers, all are forgotten, and can be offered again. In
 * memory, so many and no more; one that is forgotten sooner is sent, and refused, once more. Safe
 * for use by many threads.
 */
final class Unwanted {
    private static final int MOST = 200_000;

    /** Stands for every peer. */
    private static final String ALL = "";

    private record Refused(IdHash id, String peer) {
    }

    private final LongSupplier changes;
    private final int most;
    private final Set<Refused> all = new LinkedHashSet<>();
    /** Offers come by here by the thousand, so that is looked at first. */
    private volatile boolean any;
    private long asOf;

    /** @param changes how often groups have changed, or what is taken from peers */
    Unwanted(LongSupplier changes) {
        this(changes, MOST);
    }

    Unwanted(LongSupplier changes, int most) {
        this.changes = changes;
        this.most = most;
    }

    /**
     * It is not to be sent by anybody.
     *
     * @param decidedAt how often something had changed before it was decided on
     */
    void add(IdHash id, long decidedAt) {
        add(id, ALL, decidedAt);
    }

    /** It is not to be sent by that peer. */
    synchronized void add(IdHash id, String peer, long decidedAt) {
        forgetOld();
        if (decidedAt != asOf) {
            return;
        }
        all.add(new Refused(id, peer));
        if (all.size() > most) {
            all.remove(all.iterator().next());
        }
        any = true;
    }

    boolean contains(IdHash id, String peer) {
        if (!any) {
            return false;
        }
        synchronized (this) {
            forgetOld();
            return all.contains(new Refused(id, ALL)) || all.contains(new Refused(id, peer));
        }
    }

    private void forgetOld() {
        long now = changes.getAsLong();
        if (now != asOf) {
            all.clear();
            any = false;
            asOf = now;
        }
    }
}
