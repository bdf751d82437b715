package net.spillway.relay.intake;

import net.spillway.protocol.MessageId;

/** What became of an article that was sent to us. */
public sealed interface Outcome {
    /** It is on the disk. */
    record Stored(MessageId id) implements Outcome {
    }

    /** We had it, or refused it before. Nothing was changed. */
    record Duplicate(MessageId id) implements Outcome {
    }

    /** It is not taken, and sending it again is of no use. */
    record Refused(String why) implements Outcome {
    }

    /** It could not be stored now; later it may. */
    record Later(String why) implements Outcome {
    }
}
