package net.spillway.relay.access;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.spillway.conf.AccessRule;
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

    private final RelayConfig config;

    /** Uses the access rules, peers and users of this configuration. */
    public AccessControl(RelayConfig config) {
        this.config = config;
    }

    /** What a connection may do, logged in as that user or not at all. */
    public Rights rightsOf(Client client, Optional<String> login) {
        AccessRule rule = config.accessFor(client.address(), login, client.tls()).orElse(NOTHING);
        return new Rights(rule.read(), rule.post(), rule.newnews(), rule.status(),
                config.peerFor(client.address(), login));
    }

    /** Whether anybody can log in here at all. */
    public boolean hasAccounts() {
        return !config.users().isEmpty();
    }

    /**
     * Whether this is the user's password. An unknown user takes as long as a wrong password: a
     * password is read and compared all the same.
     */
    public boolean authenticates(String name, String password) {
        Optional<UserConfig> known = config.user(name);
        Optional<UserConfig> asked = known.or(() -> config.users().stream().findFirst());
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
