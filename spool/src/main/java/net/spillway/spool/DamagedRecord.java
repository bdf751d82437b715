package net.spillway.spool;

import java.nio.file.Path;
import java.util.Optional;
import net.spillway.protocol.MessageId;

/**
 * A place in a segment that is not what was written there.
 *
 * @param segment the file
 * @param offset  where the damaged record begins
 * @param id      the article that was there; empty if nobody knows, or it was none
 * @param what    is wrong with it
 */
public record DamagedRecord(Path segment, long offset, Optional<MessageId> id, String what) {
    /** For logs and people. */
    @Override
    public String toString() {
        return segment + " is damaged at " + offset + id.map(i -> " (" + i + ")").orElse("")
                + ": " + what;
    }
}
