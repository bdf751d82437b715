package net.spillway.feed;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.spillway.conf.FeedConfig;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.Wildmat;
import net.spillway.spool.LogEntry;

/**
 * Which articles of the log a peer is offered. Pure: the same article always gets the same answer.
 *
 * @param peer the name under which articles from this peer are stored
 * @param identities its path identity and whatever else excludes an article, in lower case
 * @param feed what it is sent
 * @param maxArticle the largest article it is sent, in octets on the wire
 */
public record FeedPolicy(String peer, Set<String> identities, FeedConfig feed, long maxArticle) {

    /** What becomes of an article. */
    public enum Verdict {
        /** It is offered. */
        OFFER,
        /** It came from this peer, and not from a client at its address. */
        CAME_FROM_PEER,
        /** Its Path says that the peer, or somebody excluded with it, has it. */
        PASSED_PEER,
        /** None of its groups goes to the peer, or one of them is poison. */
        NOT_WANTED,
        /** It is longer than what the peer is sent. */
        TOO_LARGE,
        /** It is shorter than what the peer is sent. */
        TOO_SMALL,
        /** Its Distribution does not go to the peer. */
        OTHER_DISTRIBUTION,
        /** It has passed more relays than what the peer is sent. */
        TOO_MANY_HOPS,
        /** It is in more groups than what the peer is sent. */
        TOO_MANY_GROUPS
    }

    /**
     * Looks up all groups that an article's Newsgroups field names, carried here or not. That
     * takes a look at the article itself, so it is asked only where it matters.
     */
    @FunctionalInterface
    public interface AllGroups {
        /** @throws IOException if the article cannot be read */
        List<String> of(LogEntry entry) throws IOException;
    }

    /** Copies the set and puts the identities into lower case. */
    public FeedPolicy {
        identities = Set.copyOf(identities.stream().map(i -> i.toLowerCase(Locale.ROOT)).toList());
    }

    /** The policy that a peer's configuration asks for. */
    public static FeedPolicy of(PeerConfig peer) {
        Set<String> identities = new HashSet<>(peer.feed().pathExclude());
        identities.add(peer.identity());
        return new FeedPolicy(peer.name(), identities, peer.feed(), peer.maxArticle());
    }

    /** Decides about one article as if it were only in the groups it is filed in here. */
    public Verdict decide(LogEntry entry) {
        Verdict head = decideByHead(entry);
        return head == Verdict.OFFER ? decideByGroups(entry.groups()) : head;
    }

    /** Decides about one article. */
    public Verdict decide(LogEntry entry, AllGroups all) throws IOException {
        Verdict verdict = decide(entry);
        boolean othersCount = verdict == Verdict.NOT_WANTED
                || verdict == Verdict.OFFER && everyGroupCounts();
        return othersCount ? decideByGroups(all.of(entry)) : verdict;
    }

    /** Whether a group that is not carried here can keep an article from the peer. */
    private boolean everyGroupCounts() {
        return feed.send().hasPoison() || feed.maxCrossposts() != Integer.MAX_VALUE;
    }

    /**
     * What came from the peer does not go back. But whoever relays or injects writes itself into
     * Path (RFC 5537, section 3.2.1): what only we are in the Path of was put in by a client there.
     */
    private Verdict decideByHead(LogEntry entry) {
        if (entry.source().equals(peer) && PathLoopCheck.hops(entry.path()) > 1) {
            return Verdict.CAME_FROM_PEER;
        }
        if (PathLoopCheck.passedThrough(entry.path(), identities)) {
            return Verdict.PASSED_PEER;
        }
        if (entry.wireLength() > maxArticle) {
            return Verdict.TOO_LARGE;
        }
        if (entry.wireLength() < feed.minArticle()) {
            return Verdict.TOO_SMALL;
        }
        if (!isForDistribution(entry.distribution())) {
            return Verdict.OTHER_DISTRIBUTION;
        }
        return feed.maxHops() != Integer.MAX_VALUE
                && PathLoopCheck.hops(entry.path()) > feed.maxHops()
                ? Verdict.TOO_MANY_HOPS : Verdict.OFFER;
    }

    /** Distributions are compared without regard to case (RFC 5536, section 3.2.4). */
    private boolean isForDistribution(String distribution) {
        if (distribution.isBlank() || feed.distributions().equals(Wildmat.ALL)) {
            return true;
        }
        return feed.distributions().accepts(Arrays.stream(distribution.split(","))
                .map(d -> d.strip().toLowerCase(Locale.ROOT)).filter(d -> !d.isEmpty()).toList());
    }

    private Verdict decideByGroups(Collection<String> groups) {
        if (!feed.send().accepts(groups)) {
            return Verdict.NOT_WANTED;
        }
        return groups.size() > feed.maxCrossposts() ? Verdict.TOO_MANY_GROUPS : Verdict.OFFER;
    }
}
