package net.spillway.relay.access;

import java.util.Collection;
import java.util.Optional;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RuleLimits;
import net.spillway.conf.Wildmat;

/**
 * What a connection may do at the moment; a login changes it.
 *
 * @param rule the name of the rule that gives them
 * @param read groups that may be read
 * @param post groups that may be posted to
 * @param approve moderated groups that Approved articles may be posted to
 * @param admin groups that may be made, changed and removed
 * @param newnews whether NEWNEWS may be used
 * @param status whether the relay tells how it is
 * @param peer whom we take articles from over this connection
 * @param limits what may be used up
 */
public record Rights(String rule, Wildmat read, Wildmat post, Wildmat approve, Wildmat admin,
        boolean newnews, boolean status, Optional<PeerConfig> peer, RuleLimits limits) {

    /** Whether there may be anything to read. */
    public boolean reads() {
        return !read.equals(Wildmat.NONE);
    }

    /** Whether there may be any group to post to. */
    public boolean posts() {
        return !post.equals(Wildmat.NONE);
    }

    /** Whether there may be any group to look after. */
    public boolean administers() {
        return !admin.equals(Wildmat.NONE);
    }

    /** Whether an article in these groups may be read: one of them is enough. */
    public boolean mayReadOneOf(Collection<String> groups) {
        return groups.stream().anyMatch(read::matches);
    }

    /** Whether it is told of this group: it may read it, or looks after it. */
    public boolean sees(String group) {
        return read.matches(group) || admin.matches(group);
    }

    /** Whether it is told of every group, so that nobody need look what something is about. */
    public boolean seesAll() {
        return read.equals(Wildmat.ALL) || admin.equals(Wildmat.ALL);
    }

    /** Whether every article may be read, so that nobody need look. */
    public boolean readsAll() {
        return read.equals(Wildmat.ALL);
    }
}
