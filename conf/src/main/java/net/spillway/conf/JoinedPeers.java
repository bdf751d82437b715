package net.spillway.conf;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * Peers that joined by a token, and what was set on a running relay. They lie beside the
 * configuration, in the folder {@code peers.d} of the data folder:
 *
 * <pre>
 * NAME.toml           a [[peer]] and the [[user]] it logs in as, as in a configuration
 * NAME.in, NAME.out   the passwords these name, closed to others
 * NAME.paused         the peer is fed nothing for now
 * NAME.subscription   a wildmat: what the peer wants of what it could be sent
 * </pre>
 *
 * The last two hold for peers of the configuration too.
 */
public final class JoinedPeers {
    private static final int MAX_WILDMAT_OCTETS = 16 << 10;

    private JoinedPeers() {
    }

    /** What one file adds. */
    record Entry(List<PeerConfig> peers, List<UserConfig> users) {
    }

    /** The folder they lie in, which may not be there. */
    public static Path folder(RelayConfig config) {
        return config.data().resolve("peers.d");
    }

    /** Whether a peer has joined by a token. */
    public static boolean hasJoined(RelayConfig config, String peer) {
        return Files.exists(folder(config).resolve(peer + ".toml"));
    }

    /** Whether a peer is fed nothing for now. */
    public static boolean isPaused(RelayConfig config, String peer) {
        return Files.exists(folder(config).resolve(peer + ".paused"));
    }

    /**
     * The configuration with the peers that have joined, with what peers have subscribed to, and
     * with the {@link OwnCertificate} if there is one.
     *
     * @throws ConfigException if one of the files cannot be read, or contradicts the configuration
     */
    public static RelayConfig addTo(RelayConfig configured) throws ConfigException {
        RelayConfig config = OwnCertificate.addTo(configured);
        Path folder = folder(config);
        if (!Files.isDirectory(folder)) {
            return config;
        }
        List<PeerConfig> peers = new ArrayList<>(config.peers());
        List<UserConfig> users = new ArrayList<>(config.users());
        Set<String> names = new HashSet<>();
        peers.forEach(peer -> names.add(peer.name()));
        Set<Path> files = files(folder);
        if (OwnCertificate.isLost(config) && !files.isEmpty()) {
            throw lost(OwnCertificate.files(config.data()));
        }
        for (Path file : files) {
            Problems problems = new Problems(file);
            Entry entry = read(file, problems, config);
            for (PeerConfig peer : entry.peers()) {
                if (!names.add(peer.name())) {
                    problems.add("the peer " + peer.name() + " has joined, and stands in the"
                            + " configuration too", "take it out there, or delete this file");
                }
            }
            problems.throwIfAny();
            peers.addAll(entry.peers());
            users.addAll(entry.users());
        }
        List<PeerConfig> narrowed = new ArrayList<>();
        for (PeerConfig peer : peers) {
            narrowed.add(narrowed(folder, peer));
        }
        return config.with(narrowed, users);
    }

    private static Set<Path> files(Path folder) throws ConfigException {
        Set<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.toml")) {
            found.forEach(files::add);
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
        return files;
    }

    private static Entry read(Path file, Problems problems, RelayConfig config)
            throws ConfigException {
        try {
            TomlParseResult toml = Toml.parse(Files.readString(file));
            toml.errors().forEach(error -> problems.add(error.position(), "", "is not TOML: "
                    + error.getMessage().lines().findFirst().orElse(""), "correct the line"));
            problems.throwIfAny();
            return new ConfigReader(Section.root(toml, problems), file.getParent())
                    .readJoined(config.identity(), config.tls().isPresent());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static PeerConfig narrowed(Path folder, PeerConfig peer) throws ConfigException {
        Optional<Wildmat> wanted = subscription(folder, peer.name());
        return wanted.isEmpty() ? peer : peer.with(peer.feed().narrowedTo(wanted.get()));
    }

    /** What a peer wants of what it could be sent; empty: all of it. */
    public static Optional<Wildmat> subscription(RelayConfig config, String peer)
            throws ConfigException {
        return subscription(folder(config), peer);
    }

    private static Optional<Wildmat> subscription(Path folder, String peer)
            throws ConfigException {
        Path file = folder.resolve(peer + ".subscription");
        try {
            if (!Files.exists(file) || Files.size(file) > MAX_WILDMAT_OCTETS) {
                return Optional.empty();
            }
            return Optional.of(Wildmat.parse(Files.readString(file).strip()));
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(file, e);
        }
    }

    /** Without TLS none of the peers would find what it knows us by. */
    private static ConfigException lost(TlsConfig own) {
        return told(own.certificate(), "is missing, and peers that joined know this relay by it",
                "bring it back; or delete " + own.key() + " too, remove the peers, and have them"
                        + " join anew");
    }

    private static ConfigException unreadable(Path file, Exception e) {
        return told(file, "cannot be read: " + e.getMessage(), "correct it, or delete it");
    }

    private static ConfigException told(Path file, String what, String fix) {
        Problems problems = new Problems(file);
        problems.add(what, fix);
        try {
            problems.throwIfAny();
        } catch (ConfigException told) {
            return told;
        }
        throw new AssertionError("there is a problem");
    }
}
