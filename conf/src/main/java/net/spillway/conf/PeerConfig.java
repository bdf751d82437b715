package net.spillway.conf;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Another relay that we exchange articles with.
 *
 * @param name ours for it, unique
 * @param identity its path identity; articles whose Path names it are not sent to it
 * @param address where we send; empty: we only receive
 * @param from the addresses it connects from; empty: any, if it logs in
 * @param user whom it logs in as here; empty: known by its address alone
 * @param accept the groups it may send us
 * @param send the groups we send it
 * @param streaming whether to try MODE STREAM (RFC 4644) before IHAVE
 * @param connections how many connections we open to it, 1 to 32
 * @param maxArticle the largest article we send it or take from it, in octets on the wire
 * @param login ours at it
 * @param tlsCa PEM with the authorities its certificate is checked against; empty: the JDK's
 * @param pathExclude further path identities whose articles are not sent to it
 */
public record PeerConfig(
        String name,
        String identity,
        Optional<HostPort> address,
        List<Cidr> from,
        Optional<String> user,
        Wildmat accept,
        Wildmat send,
        boolean streaming,
        int connections,
        long maxArticle,
        Optional<Credentials> login,
        Optional<Path> tlsCa,
        List<String> pathExclude) {

    /** What holds unless said otherwise: connections. */
    public static final int DEFAULT_CONNECTIONS = 2;
    /** What holds unless said otherwise: largest article, in octets. */
    public static final long DEFAULT_MAX_ARTICLE = LimitsConfig.DEFAULT_MAX_ARTICLE;

    /** Copies the collections. */
    public PeerConfig {
        from = List.copyOf(from);
        pathExclude = List.copyOf(pathExclude);
    }

    /** A peer we send everything to, otherwise with the defaults. */
    public static PeerConfig sendingTo(String name, HostPort address) {
        return new PeerConfig(name, name, Optional.of(address), List.of(), Optional.empty(),
                Wildmat.ALL, Wildmat.ALL, true, DEFAULT_CONNECTIONS, DEFAULT_MAX_ARTICLE,
                Optional.empty(), Optional.empty(), List.of());
    }

    /** A peer we take everything from, known by its address, otherwise with the defaults. */
    public static PeerConfig receivingFrom(String name, List<Cidr> from) {
        return new PeerConfig(name, name, Optional.empty(), from, Optional.empty(),
                Wildmat.ALL, Wildmat.ALL, true, DEFAULT_CONNECTIONS, DEFAULT_MAX_ARTICLE,
                Optional.empty(), Optional.empty(), List.of());
    }

    /**
     * Tells whether a connection to us is this peer's: the address must lie in {@link #from} if
     * that says something, and the login must be {@link #user} if that does. A peer with neither
     * is never recognised: we only send to it.
     */
    public boolean recognises(InetAddress remote, Optional<String> loggedInAs) {
        if (from.isEmpty() && user.isEmpty()) {
            return false;
        }
        return (from.isEmpty() || from.stream().anyMatch(block -> block.contains(remote)))
                && (user.isEmpty() || user.equals(loggedInAs));
    }
}
