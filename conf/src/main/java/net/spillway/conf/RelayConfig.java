package net.spillway.conf;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything a relay is told before it starts. {@link ConfigLoader} makes one that is whole and
 * sound: names are unique, references lead somewhere, files exist.
 *
 * @param identity our path identity (RFC 5536, section 3.1.5), which stands in Path and Xref
 * @param data the folder that all that is the relay's own lies in
 * @param listen where to listen, at least one
 * @param tls what TLS listeners show; present if there is one of those
 * @param groups the groups that exist from the start on
 * @param access who may do what, first match wins
 * @param users who may log in, with passwords in files of their own
 * @param usersFile where those are who were added with {@code spillway user}; it may not be there
 *     yet, and may change at any time
 * @param peers whom we exchange articles with
 * @param spool where and how articles are kept
 * @param limits what we bear from outside
 * @param lists what LIST tells besides the groups
 * @param admin the admin page; empty: there is none
 */
public record RelayConfig(
        String identity,
        Path data,
        List<ListenConfig> listen,
        Optional<TlsConfig> tls,
        List<GroupConfig> groups,
        List<AccessRule> access,
        List<UserConfig> users,
        Optional<Path> usersFile,
        List<PeerConfig> peers,
        SpoolConfig spool,
        LimitsConfig limits,
        ListsConfig lists,
        Optional<AdminConfig> admin) {

    /** Without an admin page. */
    public RelayConfig(String identity, Path data, List<ListenConfig> listen,
            Optional<TlsConfig> tls, List<GroupConfig> groups, List<AccessRule> access,
            List<UserConfig> users, Optional<Path> usersFile, List<PeerConfig> peers,
            SpoolConfig spool, LimitsConfig limits, ListsConfig lists) {
        this(identity, data, listen, tls, groups, access, users, usersFile, peers, spool, limits,
                lists, Optional.empty());
    }

    /** The same with this admin page. */
    public RelayConfig with(AdminConfig page) {
        return new RelayConfig(identity, data, listen, tls, groups, access, users, usersFile,
                peers, spool, limits, lists, Optional.of(page));
    }

    /** The same under another name. */
    public RelayConfig with(String otherIdentity) {
        return new RelayConfig(otherIdentity, data, listen, tls, groups, access, users, usersFile,
                peers, spool, limits, lists, admin);
    }

    /** The same with this certificate. */
    public RelayConfig with(TlsConfig shown) {
        return new RelayConfig(identity, data, listen, Optional.of(shown), groups, access, users,
                usersFile, peers, spool, limits, lists, admin);
    }

    /** Copies the collections. */
    public RelayConfig {
        listen = List.copyOf(listen);
        groups = List.copyOf(groups);
        access = List.copyOf(access);
        users = List.copyOf(users);
        peers = List.copyOf(peers);
    }

    /** The same with other peers and users. */
    public RelayConfig with(List<PeerConfig> otherPeers, List<UserConfig> otherUsers) {
        return new RelayConfig(identity, data, listen, tls, groups, access, otherUsers, usersFile,
                otherPeers, spool, limits, lists, admin);
    }

    /** The first rule for such a connection; empty: it may do nothing but log in. */
    public Optional<AccessRule> accessFor(InetAddress address, Optional<String> user,
            boolean tlsInUse, Set<String> certificate) {
        return access.stream().filter(r -> r.matches(address, user, tlsInUse, certificate))
                .findFirst();
    }

    /** The first peer that such a connection is from; empty: it is nobody's we know. */
    public Optional<PeerConfig> peerFor(InetAddress address, Optional<String> user,
            Set<String> certificate) {
        return peers.stream().filter(p -> p.recognises(address, user, certificate)).findFirst();
    }

    /** The user of that name. */
    public Optional<UserConfig> user(String name) {
        return users.stream().filter(u -> u.name().equals(name)).findFirst();
    }
}
