package net.spillway.relay.access;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import net.spillway.conf.AccessRule;
import net.spillway.conf.FeedConfig;
import net.spillway.conf.LinkConfig;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.UserConfig;
import net.spillway.conf.Wildmat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies the rules of the configuration to connections. Safe for use by many threads. */
public final class AccessControl {
    private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);
    private static final AccessRule NOTHING = new AccessRule("nobody", List.of(),
            Set.of(), false, Wildmat.NONE, Wildmat.NONE, false, false);

    private final Supplier<RelayConfig> config;
    private UsersFile usersFile;
    private Optional<Path> usersPath = Optional.empty();

    /** @param config the access rules, peers and users, as they are at the moment */
    public AccessControl(Supplier<RelayConfig> config) {
        this.config = config;
    }

    /** What a connection may do, logged in as that user or not at all. */
    public Rights rightsOf(Client client, Optional<String> login) {
        return rightsOf(config.get(), client, login);
    }

    /** The same by that configuration, for whoever asks it for more than rights. */
    public Rights rightsOf(RelayConfig now, Client client, Optional<String> login) {
        AccessRule rule = now.accessFor(client.address(), login, client.tls(),
                client.certificate()).orElse(NOTHING);
        Optional<PeerConfig> peer = now.peerFor(client.address(), login,
                client.certificate())
                .or(() -> rule.feed().equals(Wildmat.NONE) ? Optional.empty()
                        : Optional.of(feeder(rule)));
        return new Rights(rule.name(), rule.read(), rule.post(), rule.approve(), rule.admin(),
                rule.newnews(), rule.status(), peer, rule.limits());
    }

    /**
     * What a client at this address has to do to be known as a peer, if one is configured there
     * that is not known by its address alone. For whoever is known as none.
     */
    public Optional<String> peerProof(InetAddress address) {
        return config.get().peers().stream()
                .filter(peer -> peer.from().stream().anyMatch(block -> block.contains(address)))
                .findFirst().map(peer -> peer.certificates().isEmpty() ? "log in"
                        : peer.user().isEmpty() ? "show its certificate under TLS"
                        : "log in, or show its certificate under TLS");
    }

    /** A rule's feeders are peers that we only take from. */
    private static PeerConfig feeder(AccessRule rule) {
        return new PeerConfig(rule.name(), rule.name(), Optional.empty(), rule.from(),
                Optional.empty(), Set.of(), rule.feed(), PeerConfig.DEFAULT_MAX_ARTICLE,
                FeedConfig.NONE, LinkConfig.DEFAULT);
    }

    /** Whether anybody can log in here at all. */
    public boolean hasAccounts() {
        RelayConfig now = config.get();
        return !now.users().isEmpty() || now.usersFile().isPresent();
    }

    /**
     * Whether this is the user's password. An unknown user takes as long as a wrong password: a
     * hash is computed, a password is read and compared all the same. Of a name in both the
     * configuration and the users' file only the configuration's password counts: what the one
     * may, such as feed, is not given by whoever keeps the other.
     */
    public boolean authenticates(String name, String password) {
        RelayConfig now = config.get();
        Optional<UsersFile> file = usersFile(now);
        boolean inFile = file.isPresent() && matchesHash(file.get(), name, password);
        boolean configured = matchesConfigured(now, name, password);
        return configured || inFile && now.user(name).isEmpty();
    }

    /** Whether there is a user of that name. */
    public boolean isAccount(String name) {
        RelayConfig now = config.get();
        try {
            return now.user(name).isPresent() || usersFile(now).isPresent()
                    && usersFile(now).get().all().containsKey(name);
        } catch (IOException e) {
            return false; // It has been said that the file cannot be read.
        }
    }

    private synchronized Optional<UsersFile> usersFile(RelayConfig now) {
        if (!now.usersFile().equals(usersPath)) {
            usersPath = now.usersFile();
            usersFile = usersPath.map(UsersFile::new).orElse(null);
        }
        return Optional.ofNullable(usersFile);
    }

    /** Made when somebody logs in for the first time: it takes long. */
    private static final class Nobody {
        /** Compared with the passwords of users that there are not; no password matches it. */
        static final PasswordHash PASSWORD = PasswordHash.of(UUID.randomUUID().toString());
    }

    private boolean matchesHash(UsersFile file, String name, String password) {
        try {
            PasswordHash nobodys = Nobody.PASSWORD; // Needed or not, it takes the same time.
            PasswordHash known = file.all().get(name);
            return (known == null ? nobodys : known).matches(password) && known != null;
        } catch (IOException e) {
            LOG.error("nobody of the users' file can log in: {}", e.getMessage());
            return false;
        }
    }

    private static boolean matchesConfigured(RelayConfig now, String name, String password) {
        Optional<UserConfig> known = now.user(name);
        Optional<UserConfig> asked = known.or(() -> now.users().stream().findFirst());
        if (asked.isEmpty()) {
            return false;
        }
        try {
            return asked.get().password().matches(password) && known.isPresent();
        } catch (IOException e) {
            LOG.error("the password of user {} cannot be read: {}", asked.get().name(),
                    e.getMessage());
            return false;
        }
    }
}
