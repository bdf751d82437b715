package net.spillway.tools.fetch;

import java.util.concurrent.atomic.AtomicBoolean;
import net.spillway.protocol.MessageId;

/**
 * An article that is wanted, and what mirrors have said about it. The {@link MirrorSet}'s lock
 * guards all but the claim.
 */
final class Wanted {
    private final TargetFile file;
    private final int position;
    private final MessageId id;
    private final long bytes;
    private final AtomicBoolean claimed = new AtomicBoolean();

    /** Mirrors that need not be asked: they don't have it, theirs is bad, or it always fails. */
    long denied;
    /** Those among them that never gave an answer, and whose answer matters. */
    long unanswered;
    /** How often connections broke over it, in all. */
    int breaks;
    /** Requests under way. */
    int inFlight;
    /** The mirrors they are under way at. */
    long asked;
    /** When the last of them was sent, {@link System#nanoTime}. */
    long askedAt;
    boolean done;
    /** Whether it is in the set's care: between being handed in and being settled. */
    boolean open;

    /**
     * An article.
     *
     * @param file what it is a part of
     * @param position among the file's articles, counted from 0
     * @param bytes its size as the manifest has it, for progress
     */
    Wanted(TargetFile file, int position, MessageId id, long bytes) {
        this.file = file;
        this.position = position;
        this.id = id;
        this.bytes = bytes;
    }

    TargetFile file() {
        return file;
    }

    int position() {
        return position;
    }

    MessageId id() {
        return id;
    }

    long bytes() {
        return bytes;
    }

    /** Whether a connection broke that may have broken over it. */
    boolean isSuspect() {
        return breaks > 0;
    }

    /** True for the first good copy only, of which there may be two at a time. */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** Takes the claim back: the copy was not good after all. */
    void unclaim() {
        claimed.set(false);
    }
}
