package net.spillway.relay.trace;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.spillway.protocol.MessageId;

/**
 * What became of an article that was sent to us.
 *
 * @param id its message-ID; empty if it has none that is worth the name
 * @param failed what it did not pass; empty if it is on the disk
 * @param why in words; "" if it was stored
 * @param groups it was filed in; none if it was not taken
 * @param bytes octets as they came in
 */
public record Decision(Instant at, Optional<MessageId> id, Kind kind, Origin origin,
        Optional<Check> failed, String why, List<String> groups, long bytes) {

    /** The kinds of decisions. */
    public enum Kind {
        /** It is on the disk. */
        STORED,
        /** It was here. */
        DUPLICATE,
        /** It is not taken. */
        REFUSED,
        /** It may come again. */
        DEFERRED,
        /** It was cancelled, or a cancel was acted on or not; why says which. */
        CANCEL
    }
}
