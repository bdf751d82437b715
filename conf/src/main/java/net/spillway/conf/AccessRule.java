package net.spillway.conf;

import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may do what. Rules are asked in order, and the first that matches a connection decides
 * alone; a connection that none matches may do nothing but log in.
 *
 * @param name for logs and messages
 * @param from the addresses it is for; empty: all
 * @param users the logged-in users it is for; empty: everybody, logged in or not
 * @param certificates the TLS certificates it is for, as {@code sha256:HEX} of the certificate or
 *     a name in one that [tls] client_ca vouches for; empty: everybody, with one or without
 * @param requireTls it is only for connections under TLS
 * @param read the groups that may be read
 * @param post the groups that may be posted to
 * @param feed the groups in which articles are taken as from a peer
 * @param approve the moderated groups to which Approved articles may be posted
 * @param admin the groups that may be made, changed and removed
 * @param newnews whether NEWNEWS, which searches everything, may be used
 * @param status whether the relay tells how it and its feeds are
 * @param limits what each of those it is for may use up
 */
public record AccessRule(
        String name,
        List<Cidr> from,
        Set<String> users,
        Set<String> certificates,
        boolean requireTls,
        Wildmat read,
        Wildmat post,
        Wildmat feed,
        Wildmat approve,
        Wildmat admin,
        boolean newnews,
        boolean status,
        RuleLimits limits) {

    /** The rule that holds when no other is configured: this machine may do everything. */
    public static final AccessRule LOOPBACK = new AccessRule("loopback",
            List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1/128")), Set.of(), Set.of(), false,
            Wildmat.ALL, Wildmat.ALL, Wildmat.NONE, Wildmat.ALL, Wildmat.ALL, true, true,
            RuleLimits.NONE);

    /** Copies the collections. */
    public AccessRule {
        from = List.copyOf(from);
        users = Set.copyOf(users);
        certificates = Set.copyOf(certificates);
    }

    /** A rule for readers and posters, whatever their certificates, without limits. */
    public AccessRule(String name, List<Cidr> from, Set<String> users, boolean requireTls,
            Wildmat read, Wildmat post, boolean newnews, boolean status) {
        this(name, from, users, Set.of(), requireTls, read, post, Wildmat.NONE, Wildmat.NONE,
                Wildmat.NONE, newnews, status, RuleLimits.NONE);
    }

    /**
     * Tells whether this rule is for such a connection.
     *
     * @param shown what the client's certificate is called, in the ways of {@link #certificates}
     */
    public boolean matches(InetAddress address, Optional<String> user, boolean tls,
            Set<String> shown) {
        return (from.isEmpty() || from.stream().anyMatch(block -> block.contains(address)))
                && (users.isEmpty() || user.filter(users::contains).isPresent())
                && (certificates.isEmpty() || !Collections.disjoint(certificates, shown))
                && (tls || !requireTls);
    }
}
