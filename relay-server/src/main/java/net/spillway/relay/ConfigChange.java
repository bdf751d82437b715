package net.spillway.relay;

import java.util.ArrayList;
import java.util.List;
import net.spillway.conf.AdminConfig;
import net.spillway.conf.RelayConfig;

/** What of a configuration holds until the relay is started again. */
final class ConfigChange {
    private ConfigChange() {
    }

    /** A line for each key whose change needs a restart; empty if it can be applied as it is. */
    static List<String> needingRestart(RelayConfig old, RelayConfig wanted) {
        List<String> lines = new ArrayList<>();
        check(lines, "identity", old.identity(), wanted.identity());
        check(lines, "data", old.data(), wanted.data());
        check(lines, "listen", old.listen(), wanted.listen());
        check(lines, "spool", old.spool(), wanted.spool());
        check(lines, "admin.listen", old.admin().map(AdminConfig::listen),
                wanted.admin().map(AdminConfig::listen));
        check(lines, "admin.token_file", old.admin().map(AdminConfig::tokenFile),
                wanted.admin().map(AdminConfig::tokenFile));
        return lines;
    }

    private static void check(List<String> lines, String key, Object old, Object wanted) {
        if (!old.equals(wanted)) {
            lines.add(key + " has changed, which needs a restart; put it back to reload the rest");
        }
    }
}
