package net.spillway.conf;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes a {@link RelayConfig} from a TOML file, or from nothing. */
public final class ConfigLoader {
    /** Where a relay listens if nobody says otherwise. */
    public static final HostPort DEFAULT_LISTEN = HostPort.of("127.0.0.1", 1119);

    private ConfigLoader() {
    }

    /**
     * Reads and checks a whole file. Relative paths in it start at its folder.
     *
     * @throws ConfigException with everything that is wrong, not only the first mistake
     */
    public static RelayConfig load(Path file) throws ConfigException {
        throw new ConfigException(List.of());
    }

    /**
     * What holds without a file: the group {@code spill.test}, reading, posting, NEWNEWS and
     * status from this machine, nobody else, no peers.
     */
    public static RelayConfig embedded(Path data, HostPort listen) {
        Path home = data.toAbsolutePath().normalize();
        return new RelayConfig(HostName.ofThisMachine(), home,
                List.of(new ListenConfig(listen, listen.tls())), Optional.empty(),
                List.of(new GroupConfig("spill.test", 'y', "Trying out this relay")),
                List.of(AccessRule.LOOPBACK), List.of(), List.of(),
                SpoolConfig.at(home.resolve("spool")), LimitsConfig.DEFAULT);
    }
}
