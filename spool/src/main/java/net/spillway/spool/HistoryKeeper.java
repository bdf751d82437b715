package net.spillway.spool;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import net.spillway.protocol.MessageId;
import net.spillway.spool.index.History;
import net.spillway.spool.index.HistoryEntry;
import net.spillway.spool.segment.IdHash;
import net.spillway.spool.segment.Location;
import net.spillway.spool.segment.LogRecord;

/**
 * The rules of the history: what its entries mean, and what each record of the log does to it. The
 * same rules hold while running and when the log is read again.
 */
final class HistoryKeeper {
    private final History history;
    private final IntPredicate isHere;
    private final Clock clock;
    private final long rememberMillis;

    /** @param isHere whether that segment was not dropped */
    HistoryKeeper(History history, IntPredicate isHere, Clock clock, Duration remember) {
        this.history = history;
        this.isHere = isHere;
        this.clock = clock;
        this.rememberMillis = remember.toMillis();
    }

    History history() {
        return history;
    }

    /** Begins to merge the history's partitions, now that it is known what is here. */
    void startMerging() {
        history.startMerging(entry -> isLive(entry) || isRemembered(entry.time()));
    }

    /** STORED, REMEMBERED or UNKNOWN. */
    Presence presence(IdHash id) throws IOException {
        Optional<HistoryEntry> entry = history.find(id);
        if (entry.isEmpty()) {
            return Presence.UNKNOWN;
        }
        if (isLive(entry.get())) {
            return Presence.STORED;
        }
        return isRemembered(entry.get().time()) ? Presence.REMEMBERED : Presence.UNKNOWN;
    }

    /** Where the article lies, if it is here. */
    Optional<Long> location(MessageId id) throws IOException {
        return location(IdHash.of(id));
    }

    /** Where the article whose message-ID has this hash lies, if it is here. */
    Optional<Long> location(IdHash id) throws IOException {
        return history.find(id).filter(this::isLive).map(HistoryEntry::location);
    }

    /** Whether something of that time is still to be remembered. */
    boolean isRemembered(long time) {
        return clock.millis() - time <= rememberMillis;
    }

    void stored(IdHash id, long location, long arrival) {
        history.put(id, new HistoryEntry(location, arrival));
    }

    void removed(IdHash id, long time) {
        history.put(id, new HistoryEntry(Location.NONE, time));
    }

    /**
     * Notes IDs that are known without an article.
     *
     * @return those the SQL index must keep, because no sealed partition knows them
     */
    List<LogRecord.Known> remembered(List<LogRecord.Known> ids) throws IOException {
        var toKeep = new ArrayList<LogRecord.Known>();
        for (LogRecord.Known known : ids) {
            if (!isRemembered(known.time())) {
                continue;
            }
            if (history.find(known.id()).filter(entry -> !wasLost(entry)).isEmpty()) {
                history.put(known.id(), new HistoryEntry(Location.NONE, known.time()));
            }
            // An article that is still here, about to be dropped, may be known to the heap map
            // alone; after a start that is filled from articles, which will be gone.
            if (!history.isSealed(known.id())) {
                toKeep.add(known);
            }
        }
        return toKeep;
    }

    /** Whether it tells of nothing but an article that was damaged or lost. */
    static boolean wasLost(HistoryEntry entry) {
        return entry.location() == Location.NONE && entry.time() == Tombstones.NOT_KNOWN;
    }

    private boolean isLive(HistoryEntry entry) {
        return entry.location() != Location.NONE
                && isHere.test(Location.segment(entry.location()));
    }
}
