package net.spillway.feed;

import java.util.LinkedHashSet;
import net.spillway.protocol.MessageId;

/** A session that an {@link OfferTable} granted something, and how long it has been silent. */
final class OfferHolder {
    /** How long a session may be silent at least before others have their turn. */
    static final long SILENCE_MILLIS = 1000;
    /** With each article that comes, one part of so many of a silence is forgotten. */
    private static final int FORGOTTEN_PART = 64;

    /** All that it was granted, oldest first. */
    final LinkedHashSet<MessageId> ids = new LinkedHashSet<>();
    /** Of that, what it asked for and has not begun to send, in the order in which it asked. */
    private final LinkedHashSet<MessageId> asked = new LinkedHashSet<>();
    private final OfferPeer peer;
    private final long timeMillis;
    /** When anything came from it, and when anything of an article did. */
    private long heardAt;
    private long sentAt = Long.MIN_VALUE;
    /** The same, of articles alone that we could take. */
    private long provedAt = Long.MIN_VALUE;
    /** Whether the last of its articles was one that we could not take. */
    private boolean doubtful;
    /** How long it may be silent. */
    private long borne;
    /** How many of its claims others got since it was heard. */
    private long passedOn;

    /** @param timeMillis how long it may be silent while little is known of it */
    OfferHolder(OfferPeer peer, long timeMillis, long now) {
        this.peer = peer;
        this.timeMillis = timeMillis;
        this.borne = timeMillis;
        this.heardAt = now;
    }

    OfferPeer peer() {
        return peer;
    }

    /** It has asked for an article, for the first time or again. */
    void asks(MessageId id) {
        asked.remove(id);
        asked.add(id);
    }

    /** It begins to send an article; gives what it has left out, which it had asked for before. */
    LinkedHashSet<MessageId> begins(MessageId id) {
        LinkedHashSet<MessageId> leftOut = new LinkedHashSet<>();
        if (asked.contains(id)) {
            while (!asked.getFirst().equals(id)) {
                leftOut.add(asked.removeFirst());
            }
            asked.removeFirst();
        }
        return leftOut;
    }

    void forget(MessageId id) {
        ids.remove(id);
        asked.remove(id);
    }

    /** Something has come from it. */
    void heard(long now) {
        long silent = now - heardAt;
        if (!ids.isEmpty()) {
            borne = Math.max(borne, Math.min(timeMillis, 2 * silent));
            peer.wasSilentFor(silent, now);
        }
        peer.heard(now);
        heardAt = now;
        passedOn = 0;
    }

    /** A part of an article has come from it. */
    void sends(long now) {
        heard(now);
        if (!doubtful) {
            sentAt = now;
        }
    }

    /** It delivered what it was granted so long ago. */
    void delivered(long took, long now) {
        doubtful = false;
        sentAt = Math.max(sentAt, now);
        provedAt = sentAt;
        borne = Math.max(SILENCE_MILLIS, borne - borne / FORGOTTEN_PART);
        peer.took(took, now);
    }

    /** It sent what we could not take: the time that took is not to its credit. */
    void sentInVain() {
        doubtful = true;
        sentAt = provedAt;
    }

    /** How long it has been silent, as long as it holds anything. */
    long silence(long now) {
        return ids.isEmpty() ? 0 : now - heardAt;
    }

    /** When anything of an article came from it that is to its credit. */
    long sentAt() {
        return sentAt;
    }

    /**
     * Whether somebody else is to have the turn of this one, which is silent: one article at
     * first, then ever more.
     *
     * @param usual what others need, too
     */
    boolean passesOn(long usual, long now) {
        long times = silence(now) / Math.max(borne, usual);
        if (times <= 0 || passedOn >= (1L << Math.min(times, Integer.SIZE)) - 1) {
            return false;
        }
        passedOn++;
        return true;
    }

    /** Whether it has been silent for longer than it may. */
    boolean isSilent(long now) {
        return silence(now) >= borne;
    }
}
