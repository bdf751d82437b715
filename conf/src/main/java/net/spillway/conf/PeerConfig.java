package net.spillway.conf;

import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Another relay that we exchange articles with.
 *
 * @param name ours for it, unique
 * @param identity its path identity; articles whose Path names it are not sent to it
 * @param address where we send; empty: we only receive
 * @param from the addresses it connects from; empty: any, if it proves who it is
 * @param user whom it logs in as here; empty: it does not
 * @param certificates what it shows under TLS, whoever connects, as {@code sha256:HEX} of the
 *     certificate; empty: authorities vouch for its name when we connect
 * @param accept the groups it may send us
 * @param maxArticle the largest article we send it or take from it, in octets on the wire
 * @param feed what we send it
 * @param link how we connect to it
 */
public record PeerConfig(
        String name,
        String identity,
        Optional<HostPort> address,
        List<Cidr> from,
        Optional<String> user,
        Set<String> certificates,
        Wildmat accept,
        long maxArticle,
        FeedConfig feed,
        LinkConfig link) {

    /** What holds unless said otherwise: largest article, in octets. */
    public static final long DEFAULT_MAX_ARTICLE = LimitsConfig.DEFAULT_MAX_ARTICLE;

    /** Copies the collections. */
    public PeerConfig {
        from = List.copyOf(from);
        certificates = Set.copyOf(certificates);
    }

    /** A peer we send everything to, otherwise with the defaults. */
    public static PeerConfig sendingTo(String name, HostPort address) {
        return new PeerConfig(name, name, Optional.of(address), List.of(), Optional.empty(),
                Set.of(), Wildmat.ALL, DEFAULT_MAX_ARTICLE, FeedConfig.ALL, LinkConfig.DEFAULT);
    }

    /** A peer we take everything from, known by its address, otherwise with the defaults. */
    public static PeerConfig receivingFrom(String name, List<Cidr> from) {
        return new PeerConfig(name, name, Optional.empty(), from, Optional.empty(), Set.of(),
                Wildmat.ALL, DEFAULT_MAX_ARTICLE, FeedConfig.ALL, LinkConfig.DEFAULT);
    }

    /** The same peer that is sent this. */
    public PeerConfig with(FeedConfig sent) {
        return new PeerConfig(name, identity, address, from, user, certificates, accept,
                maxArticle, sent, link);
    }

    /** The same peer that we connect to like this. */
    public PeerConfig with(LinkConfig connected) {
        return new PeerConfig(name, identity, address, from, user, certificates, accept,
                maxArticle, feed, connected);
    }

    /** The same peer that shows one of these certificates. */
    public PeerConfig showing(Set<String> shown) {
        return new PeerConfig(name, identity, address, from, user, shown, accept, maxArticle,
                feed, link);
    }

    /** Whether what we send it goes under TLS. */
    public boolean isFedUnderTls() {
        return address.isPresent() && (address.get().tls() || link.starttls());
    }

    /**
     * Tells whether a connection to us is this peer's: the address must lie in {@link #from} if
     * that says something, and if it has a {@link #user} or {@link #certificates}, one of them
     * must prove it. A peer with none of the three is never recognised: we only send to it.
     *
     * @param shown what the client's certificate is called
     */
    public boolean recognises(InetAddress remote, Optional<String> loggedInAs,
            Set<String> shown) {
        boolean proves = user.isPresent() || !certificates.isEmpty();
        if (from.isEmpty() && !proves) {
            return false;
        }
        return (from.isEmpty() || from.stream().anyMatch(block -> block.contains(remote)))
                && (!proves || user.isPresent() && user.equals(loggedInAs)
                        || !Collections.disjoint(certificates, shown));
    }
}
