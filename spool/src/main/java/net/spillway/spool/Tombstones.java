package net.spillway.spool;

import java.io.IOException;
import java.util.Optional;
import net.spillway.spool.index.HistoryEntry;
import net.spillway.spool.segment.ArticleReader;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.Location;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentStore;

/**
 * What a tombstone says of the copy of its article that is here. One of time {@link #NOT_KNOWN}
 * tells that a copy was damaged or lost, which is over when the copy is whole again: its disk was
 * put back, say. A tombstone may also stand in the log more than once, as expiry repeats it, and
 * then behind a later copy, which it does not mean.
 */
final class Tombstones {
    /** The time of a tombstone whose message-ID is not to be remembered. */
    static final long NOT_KNOWN = 0;

    private final SegmentStore segments;
    private final HistoryKeeper keeper;

    Tombstones(SegmentStore segments, HistoryKeeper keeper) {
        this.segments = segments;
        this.keeper = keeper;
    }

    static boolean isOfLost(LogRecord.Tombstone tombstone) {
        return tombstone.time() == NOT_KNOWN;
    }

    /**
     * Whether the copy that the history knows is another one, which can be read, or is left out
     * with its storage class: what is said to be lost does not count as being left out.
     */
    boolean isOfAnother(LogRecord.Tombstone tombstone) throws IOException {
        Optional<Long> known = keeper.location(tombstone.id());
        boolean isLeftOut = known.isPresent() && !segments.exists(Location.segment(known.get()));
        return isOfLost(tombstone) && isLeftOut
                || test(known, copy -> copy.record().sequence() != tombstone.sequence());
    }

    /** Whether the history has the very copy that is said to be lost. */
    boolean isServed(LogRecord.Tombstone tombstone) throws IOException {
        return isOfLost(tombstone) && test(keeper.location(tombstone.id()), copy ->
                copy.record().sequence() == tombstone.sequence());
    }

    /** Whether the copy that is said to be lost is here, and whole. Reads it. */
    boolean isRestored(LogRecord.Tombstone tombstone) throws IOException {
        return isOfLost(tombstone) && test(keeper.location(tombstone.id()), copy ->
                copy.record().sequence() == tombstone.sequence() && copy.isIntact());
    }

    /**
     * Whether an article that is read behind later ones, as its segment was away, is to be left
     * out: it was removed meanwhile, came again, or is not whole.
     */
    boolean excludes(IdHash id, long location) throws IOException {
        Optional<HistoryEntry> known = keeper.history().find(id);
        if (known.isEmpty() || known.get().location() == location) {
            return false;
        }
        return !HistoryKeeper.wasLost(known.get())
                || !test(Optional.of(location), ArticleReader::isIntact);
    }

    private interface Question {
        boolean ask(ArticleReader copy) throws IOException;
    }

    /** False if there is no such copy, or it cannot be read. */
    private boolean test(Optional<Long> location, Question question) {
        if (location.isEmpty()) {
            return false;
        }
        try {
            Optional<ArticleReader> copy = segments.open(Location.segment(location.get()),
                    Location.offset(location.get()));
            if (copy.isEmpty()) {
                return false;
            }
            try {
                return question.ask(copy.get());
            } finally {
                copy.get().release();
            }
        } catch (IOException e) {
            return false; // What the disk does not give is as good as lost.
        }
    }
}
