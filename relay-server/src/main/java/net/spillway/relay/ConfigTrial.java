package net.spillway.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.spillway.conf.AccessRule;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.UserConfig;
import net.spillway.feed.FeedManager;
import net.spillway.relay.access.PrivateFile;
import net.spillway.relay.access.UsersFile;
import net.spillway.relay.transport.ServerTls;

/**
 * What is wrong with a configuration that its own text does not show: in the files that it names.
 * Nothing is started or changed.
 */
public final class ConfigTrial {
    private ConfigTrial() {
    }

    /** What keeps a relay from starting with it; empty if nothing does. */
    public static List<String> problems(RelayConfig config) {
        List<String> problems = new ArrayList<>();
        if (config.tls().isPresent()) {
            try {
                ServerTls.load(config.tls().get(), true);
            } catch (IOException e) {
                problems.add("tls: " + e.getMessage());
            }
        }
        for (PeerConfig peer : config.peers()) {
            try {
                FeedManager.check(peer);
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
        }
        try {
            requireUsers(config);
        } catch (IOException e) {
            problems.add("users_file: " + e.getMessage());
        }
        return problems;
    }

    /** @throws IOException if there is a users' file that cannot be read */
    static void requireUsers(RelayConfig config) throws IOException {
        if (config.usersFile().isPresent()) {
            new UsersFile(config.usersFile().get()).all();
        }
    }

    /** What is probably not meant; to be asked once there are no {@link #problems}. */
    public static List<String> doubts(RelayConfig config) throws IOException {
        List<String> doubts = new ArrayList<>();
        Set<String> known = config.users().stream().map(UserConfig::name)
                .collect(Collectors.toCollection(TreeSet::new));
        if (config.usersFile().isPresent()) {
            Path file = config.usersFile().get();
            if (!Files.exists(file)) {
                doubts.add("users_file: there is no " + file
                        + " yet; 'spillway user add' makes it");
            } else {
                known.addAll(new UsersFile(file).all().keySet());
                if (PrivateFile.isOpenToOthers(file)) {
                    doubts.add("users_file: every user of this machine can read or change "
                            + file + "; chmod 640 it, or 600");
                }
            }
        }
        for (AccessRule rule : config.access()) {
            rule.users().stream().filter(user -> !known.contains(user)).forEach(user ->
                    doubts.add("access " + rule.name() + ": there is no user " + user));
        }
        for (PeerConfig peer : config.peers()) {
            peer.user().filter(user -> !known.contains(user)).ifPresent(user ->
                    doubts.add("peer " + peer.name() + ": there is no user " + user));
        }
        return doubts;
    }
}
