package net.spillway.spool;

import java.nio.file.Path;
import java.util.Optional;
import net.spillway.protocol.MessageId;

/**
 * A place in a segment that is not what was written there.
 *
 * @param segment the file
 * @param offset  where the damaged record begins
 * @param end     where the next good one begins; several may have been in between
 * @param id      the article that was there; empty if nobody knows, or it was none
 * @param what    is wrong with it
 */
public record DamagedRecord(Path segment, long offset, long end, Optional<MessageId> id,
        String what) {
    /** The record of one article in that place. */
    DamagedRecord of(long at, MessageId article) {
        return new DamagedRecord(segment, at, end, Optional.of(article), what);
    }

    /** Whether another begins in this place. */
    boolean contains(DamagedRecord other) {
        return contains(other.offset);
    }

    boolean contains(long at) {
        return at >= offset && at < end;
    }

    /** For logs and people. */
    @Override
    public String toString() {
        return segment + " is damaged at " + offset + id.map(i -> " (" + i + ")").orElse("")
                + ": " + what;
    }
}
