package net.spillway.conf;

import java.net.InetAddress;
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
 * @param requireTls it is only for connections under TLS
 * @param read the groups that may be read
 * @param post the groups that may be posted to
 * @param newnews whether NEWNEWS, which searches everything, may be used
 * @param status whether the relay tells how it and its feeds are
 */
public record AccessRule(
        String name,
        List<Cidr> from,
        Set<String> users,
        boolean requireTls,
        Wildmat read,
        Wildmat post,
        boolean newnews,
        boolean status) {

    /** The rule that holds when no other is configured: this machine may read and post. */
    public static final AccessRule LOOPBACK = new AccessRule("loopback",
            List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1/128")), Set.of(), false,
            Wildmat.ALL, Wildmat.ALL, true, true);

    /** Copies the collections. */
    public AccessRule {
        from = List.copyOf(from);
        users = Set.copyOf(users);
    }

    /** Tells whether this rule is for such a connection. */
    public boolean matches(InetAddress address, Optional<String> user, boolean tls) {
        return (from.isEmpty() || from.stream().anyMatch(block -> block.contains(address)))
                && (users.isEmpty() || user.filter(users::contains).isPresent())
                && (tls || !requireTls);
    }
}
