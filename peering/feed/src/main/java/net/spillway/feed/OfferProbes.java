package net.spillway.feed;

import java.util.Optional;
import net.spillway.protocol.MessageId;

/**
 * Tells peers that hang from those that are only slow. Of a peer from which nothing at all has come
 * for a second since it was granted an article, that one article is the turn of the next that asks:
 * a probe. If it arrives in an eighth of the time for which the first has been silent, the first
 * hangs; and if others are not silent too, all that it was granted is for them.
 *
 * <p>But where a way is full all are slow, and what others send in their stead comes twice. So of
 * probes that prove nothing there are few: for the next a peer has to be silent for twice as long,
 * and for twice as long as others are just then. If a suspect goes on after all, the next has to be
 * silent for twice as long as that one was. After a minute without a probe that is forgotten. TCP
 * does the same where no answer comes, and where it learns that nothing had been lost (RFC 6298,
 * RFC 4015).
 */
final class OfferProbes {
    private static final long FORGOTTEN_MILLIS = 60_000;
    /** Whoever is not slow is so many times faster than one that hangs. */
    private static final int FASTER = 8;

    /** An article that another may send, and on whose account. */
    private record Probe(MessageId id, OfferPeer suspect, long at) {
    }

    private final long longest;
    private long patience = OfferHolder.SILENCE_MILLIS;
    private long changedAt;
    private long begunAt = -FORGOTTEN_MILLIS;
    private Optional<Probe> last = Optional.empty();

    /** @param longest beyond that no silence is borne, in milliseconds */
    OfferProbes(long longest) {
        this.longest = longest;
    }

    /**
     * Whether somebody else is to have an article's turn that a peer has let pass in silence.
     *
     * @param silence for how long nothing has come from it since it was granted the article
     * @param usual what other peers were silent for, and went on
     * @param others what other peers are silent for just now
     */
    boolean passesOn(MessageId id, OfferPeer suspect, long silence, long usual, long others,
            long now) {
        if (suspect.hangs(now) && silence >= FASTER * others) {
            return true;
        }
        boolean doubtful = patience(now) > OfferHolder.SILENCE_MILLIS;
        if (isNoTime(silence, now) || silence < 2 * Math.max(usual, suspect.longestSilence(now))
                || doubtful && silence < 2 * others) {
            return false;
        }
        begins(id, suspect, now);
        return true;
    }

    /** Whether nothing passes on yet, whatever others are silent for. */
    boolean isTooEarly(OfferPeer suspect, long silence, long now) {
        return !suspect.hangs(now) && isNoTime(silence, now);
    }

    private boolean isNoTime(long silence, long now) {
        long patience = patience(now);
        return silence < patience || now - begunAt < patience / 2;
    }

    private long patience(long now) {
        if (now - changedAt >= FORGOTTEN_MILLIS) {
            patience = OfferHolder.SILENCE_MILLIS;
        }
        return patience;
    }

    private void patience(long millis, long now) {
        patience = Math.min(longest, millis);
        changedAt = now;
    }

    /** An article that a silent peer was granted is another's turn, to see who is faster. */
    void begins(MessageId id, OfferPeer suspect, long now) {
        patience(2 * patience(now), now);
        begunAt = now;
        last = Optional.of(new Probe(id, suspect, now));
        suspect.isSuspected();
    }

    /** The article has come from whoever had its turn last. */
    void arrived(MessageId id, long now) {
        last.filter(probe -> probe.id().equals(id)).ifPresent(probe -> {
            OfferPeer suspect = probe.suspect();
            suspect.wasOvertaken(FASTER * (now - probe.at()));
            if (suspect.hangs(now)) {
                wasRight(now);
            }
            last = Optional.empty();
        });
    }

    /** A suspect does hang, or is gone. */
    void wasRight(long now) {
        patience(OfferHolder.SILENCE_MILLIS, now);
    }

    /** A suspect has gone on, after so long. */
    void wasWrong(OfferPeer suspect, long silence, long now) {
        patience(Math.max(patience(now), 2 * silence), now);
        last = last.filter(probe -> probe.suspect() != suspect);
    }
}
