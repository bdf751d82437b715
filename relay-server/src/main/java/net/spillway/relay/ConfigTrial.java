package net.spillway.relay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.spillway.conf.AccessRule;
import net.spillway.conf.Cidr;
import net.spillway.conf.HostPort;
import net.spillway.conf.ListenConfig;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.TlsConfig;
import net.spillway.conf.UserConfig;
import net.spillway.conf.Wildmat;
import net.spillway.feed.FeedManager;
import net.spillway.relay.access.PrivateFile;
import net.spillway.relay.access.UsersFile;
import net.spillway.relay.transport.ServerTls;
import net.spillway.relay.transport.TlsContext;

/**
 * What is wrong with a configuration that its own text does not show: in the files that it names,
 * or with this machine. Nothing is started or changed.
 */
public final class ConfigTrial {
    private static final List<Cidr> EVERYWHERE =
            List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0"));

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");
    private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::");

    private ConfigTrial() {
    }

    /**
     * Something found.
     *
     * @param key what it stands at in the configuration, such as {@code peer[2]}
     */
    public record Finding(String key, String what) {
    }

    /** What keeps a relay from starting with it; empty if nothing does. */
    public static List<Finding> problems(RelayConfig config) {
        List<Finding> problems = new ArrayList<>();
        for (int i = 0; i < config.listen().size(); i++) {
            String key = "listen[" + (i + 1) + "].address";
            unusable(config.listen().get(i).address())
                    .ifPresent(why -> problems.add(new Finding(key, why)));
        }
        config.admin().flatMap(admin -> unusable(admin.listen()))
                .ifPresent(why -> problems.add(new Finding("admin.listen", why)));
        config.tls().flatMap(ConfigTrial::tls).ifPresent(problems::add);
        for (int i = 0; i < config.peers().size(); i++) {
            try {
                FeedManager.check(config.peers().get(i));
            } catch (IOException e) {
                problems.add(new Finding("peer[" + (i + 1) + "]", e.getMessage()));
            }
        }
        try {
            requireUsers(config);
        } catch (IOException e) {
            problems.add(new Finding("users_file", e.getMessage()));
        }
        return problems;
    }

    /** Whether this machine has the address; that the port is free is another matter. */
    private static Optional<String> unusable(HostPort address) {
        InetSocketAddress anyPort = new InetSocketAddress(address.host(), 0);
        if (anyPort.isUnresolved()) {
            return Optional.of("there is no host of the name " + address.host());
        }
        try (ServerSocket trial = new ServerSocket()) {
            trial.bind(anyPort);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(address.host() + " is no address of this machine: "
                    + e.getMessage());
        }
    }

    private static Optional<Finding> tls(TlsConfig tls) {
        try {
            ServerTls.load(tls, true);
            return Optional.empty();
        } catch (IOException e) {
            String what = String.valueOf(e.getMessage());
            String key = tls.clientCa().filter(ca -> what.contains(ca.toString())).isPresent()
                    ? "client_ca" : what.contains(tls.key().toString()) ? "key" : "certificate";
            return Optional.of(new Finding("tls." + key, what));
        }
    }

    /** That our certificate holds no longer, if so. */
    static Optional<String> expiry(TlsConfig tls, Instant now) {
        try {
            Instant end = TlsContext.end(tls);
            return end.isAfter(now) ? Optional.empty() : Optional.of("our certificate "
                    + tls.certificate() + " has expired, on " + end + ": peers and clients that"
                    + " check it refuse it; put a new one in its place and reload");
        } catch (IOException e) {
            return Optional.empty(); // Said elsewhere.
        }
    }

    /** @throws IOException if there is a users' file that cannot be read */
    static void requireUsers(RelayConfig config) throws IOException {
        if (config.usersFile().isPresent()) {
            new UsersFile(config.usersFile().get()).all();
        }
    }

    /** What is probably not meant; to be asked once there are no {@link #problems}. */
    public static List<Finding> doubts(RelayConfig config) throws IOException {
        List<Finding> doubts = new ArrayList<>();
        config.tls().flatMap(tls -> expiry(tls, Instant.now()))
                .ifPresent(what -> doubts.add(new Finding("tls.certificate", what)));
        Set<String> configured = config.users().stream().map(UserConfig::name)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> known = new TreeSet<>(configured);
        if (config.usersFile().isPresent()) {
            Set<String> kept = usersFile(config.usersFile().get(), doubts);
            kept.stream().filter(configured::contains).forEach(name -> doubts.add(new Finding(
                    "users_file", name + " is a user of the configuration too, and only the"
                            + " password there counts")));
            known.addAll(kept);
        }
        for (int i = 0; i < config.access().size(); i++) {
            AccessRule rule = config.access().get(i);
            String key = "access[" + (i + 1) + "]";
            rule.users().stream().filter(user -> !known.contains(user)).forEach(user -> doubts.add(
                    new Finding(key, named(rule) + ": there is no user " + user)));
            config.access().subList(0, i).stream().filter(ConfigTrial::fitsAll).findFirst()
                    .ifPresent(before -> doubts.add(new Finding(key, named(rule)
                            + " is never asked: " + before.name() + " before it fits everybody")));
        }
        for (int i = 0; i < config.peers().size(); i++) {
            PeerConfig peer = config.peers().get(i);
            String key = "peer[" + (i + 1) + "]";
            peer.user().filter(user -> !known.contains(user)).ifPresent(user -> doubts.add(
                    new Finding(key, "peer " + peer.name() + ": there is no user " + user)));
            peer.address().filter(address -> isOurs(config, address)).ifPresent(address ->
                    doubts.add(new Finding(key + ".address", "peer " + peer.name() + ": we listen"
                            + " at " + address.hostAndPort() + " ourselves, so it would be fed to"
                            + " this relay; name the other's")));
            if (isSentNoGroup(config, peer)) {
                doubts.add(new Finding(key, "peer " + peer.name() + ": no group of this"
                        + " configuration goes to it; look at its send (" + peer.feed().send()
                        + ")"));
            }
        }
        for (int i = 0; i < config.spool().storage().size(); i++) {
            Path dir = config.spool().storage().get(i).dir();
            if (!Files.isDirectory(dir) && !Files.isDirectory(dir.getParent())) {
                doubts.add(new Finding("storage[" + (i + 1) + "].dir", "there is no folder "
                        + dir.getParent() + ": the class is left out until its disk is there when"
                        + " the relay starts"));
            }
        }
        return doubts;
    }

    /** Names are not looked up: only what is written the same, or any address of this machine. */
    private static boolean isOurs(RelayConfig config, HostPort address) {
        return address.port() != 0 && config.listen().stream().map(ListenConfig::address)
                .anyMatch(ours -> ours.port() == address.port()
                        && (ours.host().equalsIgnoreCase(address.host())
                                || LOOPBACK.contains(address.host().toLowerCase(Locale.ROOT))
                                && (LOOPBACK.contains(ours.host())
                                        || EVERY_ADDRESS.contains(ours.host()))));
    }

    /** Unless it is meant to be sent nothing; groups may have been added to the running relay. */
    private static boolean isSentNoGroup(RelayConfig config, PeerConfig peer) {
        Wildmat send = peer.feed().send();
        return peer.address().isPresent() && !config.groups().isEmpty()
                && !send.equals(Wildmat.NONE)
                && config.groups().stream().noneMatch(group -> send.matches(group.name()));
    }

    /** The users in the file; what is odd about it is added to the doubts. */
    private static Set<String> usersFile(Path file, List<Finding> doubts) throws IOException {
        if (!Files.exists(file)) {
            doubts.add(new Finding("users_file",
                    "there is no " + file + " yet; 'spillway user add' makes it"));
            return Set.of();
        }
        if (PrivateFile.isOpenToOthers(file)) {
            doubts.add(new Finding("users_file", "every user of this machine can read or change "
                    + file + "; chmod 640 it, or 600"));
        }
        return new UsersFile(file).all().keySet();
    }

    /** Rules without a name of their own are called "access 1" and so on. */
    private static String named(AccessRule rule) {
        return rule.name().startsWith("access ") ? rule.name() : "access " + rule.name();
    }

    private static boolean fitsAll(AccessRule rule) {
        return (rule.from().isEmpty() || rule.from().containsAll(EVERYWHERE))
                && rule.users().isEmpty() && rule.certificates().isEmpty() && !rule.requireTls();
    }
}
