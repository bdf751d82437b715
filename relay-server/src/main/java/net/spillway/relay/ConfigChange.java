package net.spillway.relay;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.spillway.conf.AdminConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.SpoolConfig;

/** What of a configuration holds until the relay is started again. */
final class ConfigChange {
    private ConfigChange() {
    }

    /** A line with the keys whose change needs a restart; empty if it can be applied as it is. */
    static List<String> needingRestart(RelayConfig old, RelayConfig wanted) {
        List<String> keys = new ArrayList<>();
        check(keys, "identity", old.identity(), wanted.identity());
        check(keys, "data", old.data(), wanted.data());
        check(keys, "listen", old.listen(), wanted.listen());
        check(keys, "spool or storage", moved(old.spool(), old.data(), wanted.data()),
                wanted.spool());
        check(keys, "admin.listen", old.admin().map(AdminConfig::listen),
                wanted.admin().map(AdminConfig::listen));
        check(keys, "admin.token_file", old.admin().map(
                admin -> moved(admin.tokenFile(), old.data(), wanted.data())),
                wanted.admin().map(AdminConfig::tokenFile));
        return keys.isEmpty() ? List.of() : List.of(String.join(", ", keys)
                + (keys.size() == 1 ? " has changed, which needs a restart; put it back"
                        : " have changed, which needs a restart; put them back")
                + " to reload the rest");
    }

    private static void check(List<String> keys, String key, Object old, Object wanted) {
        if (!old.equals(wanted)) {
            keys.add(key);
        }
    }

    /** What lies below the data folder goes where that goes, and nobody has changed it. */
    private static Path moved(Path path, Path from, Path to) {
        return path.startsWith(from) ? to.resolve(from.relativize(path)) : path;
    }

    private static SpoolConfig moved(SpoolConfig spool, Path from, Path to) {
        return new SpoolConfig(moved(spool.dir(), from, to), spool.fsync(), spool.segmentSize(),
                spool.keep(), spool.remember(), spool.cutoff(), moved(spool.index(), from, to),
                spool.storage());
    }
}
