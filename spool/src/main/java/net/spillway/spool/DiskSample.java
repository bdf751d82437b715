package net.spillway.spool;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import net.spillway.spool.segment.ArticleReader;
import net.spillway.spool.segment.Location;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentStore;

/** Tells by some articles whether the disk of a segment gives anything. */
final class DiskSample {
    /** So many articles tell it. */
    private static final int SIZE = 8;

    private final SegmentStore segments;
    private final Indexer indexer;
    private final Clock clock;
    /** When segments were found to give nothing: a failing disk takes long over each read. */
    private final Map<Integer, Instant> failing = new ConcurrentHashMap<>();

    DiskSample(SegmentStore segments, Indexer indexer, Clock clock) {
        this.segments = segments;
        this.indexer = indexer;
        this.clock = clock;
    }

    /** Where the articles lie that are served from a segment. */
    List<Long> offsets(SegmentFile segment) throws IOException {
        var offsets = new ArrayList<Long>();
        indexer.index().forEachIn(segment.id(),
                row -> offsets.add(Location.offset(row.location())));
        return offsets;
    }

    /**
     * Whether it is only some places that the disk does not give: of its articles, or if there are
     * few, of those in other segments of its class too, at least half can be read. That it gives
     * nothing holds for a minute.
     */
    boolean isReadable(SegmentFile segment) {
        Instant now = clock.instant();
        failing.values().removeIf(at -> !now.isBefore(at.plus(UnreadablePlaces.PASSING)));
        if (failing.containsKey(segment.id())) {
            return false;
        }
        boolean readable = look(segment);
        if (!readable) {
            failing.put(segment.id(), now);
        }
        return readable;
    }

    private boolean look(SegmentFile segment) {
        try {
            List<Long> all = offsets(segment);
            int sample = Math.min(SIZE, all.size());
            int good = 0;
            for (int i = 0; i < sample; i++) {
                good += isReadable(segment, all.get((int) ((long) i * all.size() / sample)))
                        ? 1 : 0;
            }
            if (sample < SIZE) {
                // The older, the less likely it is the system's cache that gives it.
                for (SegmentFile other : segments.all(segment.storage())) {
                    List<Long> there = other == segment ? List.of() : offsets(other);
                    if (!there.isEmpty() && sample < SIZE) {
                        sample++;
                        good += isReadable(other, there.getFirst()) ? 1 : 0;
                    }
                }
            }
            return good > 0 && 2 * good >= sample;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isReadable(SegmentFile segment, long offset) {
        try {
            Optional<ArticleReader> there = segments.open(segment.id(), offset);
            if (there.isPresent()) {
                try {
                    there.get().isIntact();
                } finally {
                    there.get().release();
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
