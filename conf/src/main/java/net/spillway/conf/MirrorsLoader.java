package net.spillway.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a list of mirrors from a TOML file; {@code mirrors.toml} among the samples shows one. */
public final class MirrorsLoader {
    private static final int MOST_LEVEL = 9;
    private static final int MOST_CONNECTIONS = 64;

    private MirrorsLoader() {
    }

    /**
     * Reads and checks a whole file.
     *
     * @throws ConfigException with everything that is wrong, not only the first mistake
     */
    public static List<MirrorConfig> load(Path file) throws ConfigException {
        Problems problems = new Problems(file);
        Section root = ConfigLoader.parse(file.toAbsolutePath().normalize(), problems);
        List<MirrorConfig> mirrors = new ArrayList<>();
        for (Section section : root.tables("mirror")) {
            mirror(section).ifPresent(mirrors::add);
        }
        root.done();
        if (!root.has("mirror")) {
            root.problem("mirror", "is missing: no mirror is named",
                    "add [[mirror]] and below it address = \"HOST:PORT\"");
        }
        problems.throwIfAny();
        return mirrors;
    }

    private static Optional<MirrorConfig> mirror(Section section) {
        section.requiredText("address", "\"news.example.org:119\"");
        Optional<HostPort> address = section.parsed("address", HostPort::parse);
        int level = section.parsed("level", MirrorsLoader::level).orElse(0);
        boolean optional = section.flag("optional", false);
        Optional<Duration> retention = section.parsed("retention", Durations::parse);
        int connections = section.number("connections", 0, 1, MOST_CONNECTIONS);
        section.done();
        return address.map(a -> new MirrorConfig(a, level, optional, retention, connections));
    }

    private static int level(String text) {
        return switch (text) {
            case "main" -> 0;
            case "fill" -> 1;
            default -> {
                if (!text.matches("[0-" + MOST_LEVEL + "]")) {
                    throw new IllegalArgumentException("\"" + text + "\" is no level; write"
                            + " \"main\", \"fill\" or a digit in quotes");
                }
                yield Integer.parseInt(text);
            }
        };
    }
}
