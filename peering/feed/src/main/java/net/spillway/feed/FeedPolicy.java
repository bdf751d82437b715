package net.spillway.feed;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.Wildmat;
import net.spillway.spool.LogEntry;

/**
 * Which articles of the log a peer is offered. Pure: the same entry always gets the same answer.
 *
 * @param peer the name under which articles from this peer are stored
 * @param identities its path identity and whatever else excludes an article, in lower case
 * @param send the groups it is sent; an article in a poisoned group never goes
 * @param maxArticle the largest article it is sent, in octets on the wire
 */
public record FeedPolicy(String peer, Set<String> identities, Wildmat send, long maxArticle) {

    /** What becomes of an article. */
    public enum Verdict {
        /** It is offered. */
        OFFER,
        /** It came from this peer. */
        CAME_FROM_PEER,
        /** Its Path says that the peer, or somebody excluded with it, has it. */
        PASSED_PEER,
        /** None of its groups goes to the peer, or one of them is poison. */
        NOT_WANTED,
        /** It is longer than what the peer is sent. */
        TOO_LARGE
    }

    /** Copies the set and puts the identities into lower case. */
    public FeedPolicy {
        identities = Set.copyOf(identities.stream().map(i -> i.toLowerCase(Locale.ROOT)).toList());
    }

    /** The policy that a peer's configuration asks for. */
    public static FeedPolicy of(PeerConfig peer) {
        Set<String> identities = new HashSet<>(peer.pathExclude());
        identities.add(peer.identity());
        return new FeedPolicy(peer.name(), identities, peer.send(), peer.maxArticle());
    }

    /** Decides about one article. */
    public Verdict decide(LogEntry entry) {
        return decide(entry.source(), entry.path(), entry.groups(), entry.wireLength());
    }

    Verdict decide(String source, String path, List<String> groups, int wireLength) {
        if (source.equals(peer)) {
            return Verdict.CAME_FROM_PEER;
        }
        if (PathLoopCheck.passedThrough(path, identities)) {
            return Verdict.PASSED_PEER;
        }
        if (!send.accepts(groups)) {
            return Verdict.NOT_WANTED;
        }
        return wireLength > maxArticle ? Verdict.TOO_LARGE : Verdict.OFFER;
    }
}
