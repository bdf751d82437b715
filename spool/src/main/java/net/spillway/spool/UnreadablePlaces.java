package net.spillway.spool;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import net.spillway.spool.segment.Location;

/**
 * Where disks that give other things do not give an article, and since when. One that was given in
 * between begins anew, also if nobody has looked: what failed long ago says nothing of today. Safe
 * for use by several threads.
 */
final class UnreadablePlaces {
    /** What cannot be read for so long is taken for lost. */
    static final Duration PASSING = Duration.ofMinutes(1);
    /** So long after it failed last, it may have been well in between; also between two lines. */
    static final Duration STALE = Duration.ofHours(1);
    static final int MAX_PLACES = 1000;

    /** What to make of a failure. */
    enum Failure {
        NEW, PASSING, LASTING
    }

    private record Spell(Instant since, Instant last) {
        boolean isStale(Instant now) {
            return now.isAfter(last.plus(STALE));
        }
    }

    private final Map<Long, Spell> places = new HashMap<>();
    private final Map<Integer, Instant> told = new HashMap<>();

    /**
     * A place could not be read.
     *
     * @param exists whether there is such a segment still
     * @return PASSING also if no more can be noted; LASTING once, and then it begins anew
     */
    synchronized Failure failed(long location, Instant now, IntPredicate exists) {
        places.entrySet().removeIf(place -> place.getValue().isStale(now)
                || !exists.test(Location.segment(place.getKey())));
        Spell before = places.get(location);
        if (before == null && places.size() >= MAX_PLACES) {
            return Failure.PASSING;
        }
        Instant since = before == null ? now : before.since();
        places.put(location, new Spell(since, now));
        if (before == null) {
            return Failure.NEW;
        }
        if (now.isBefore(since.plus(PASSING))) {
            return Failure.PASSING;
        }
        places.remove(location);
        return Failure.LASTING;
    }

    /** It can be read, or its whole disk fails. */
    synchronized void remove(long location) {
        places.remove(location);
    }

    /** Whether the log is to hear of a segment, of which it has not heard for an hour. */
    synchronized boolean isNews(int segment, Instant now) {
        told.values().removeIf(at -> !now.isBefore(at.plus(STALE)));
        return told.putIfAbsent(segment, now) == null;
    }
}
