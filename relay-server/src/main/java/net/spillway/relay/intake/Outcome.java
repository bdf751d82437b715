package net.spillway.relay.intake;

import net.spillway.protocol.MessageId;
import net.spillway.relay.trace.Check;

/** What became of an article that was sent to us. */
public sealed interface Outcome {
    /** It is on the disk. */
    record Stored(MessageId id) implements Outcome {
    }

    /** We had it, or refused it before. Nothing was changed. */
    record Duplicate(MessageId id) implements Outcome {
    }

    /**
     * It is not taken, and sending it again is of no use.
     *
     * @param check what it did not pass
     */
    record Refused(Check check, String why) implements Outcome {
        /** Whether no sound peer sends such a thing, whatever we want and have. */
        public boolean isUnsound() {
            return switch (check) {
                case FORMAT, HEADERS, MESSAGE_ID -> true;
                default -> false;
            };
        }
    }

    /** It could not be stored now; later it may. */
    record Later(String why) implements Outcome {
    }
}
