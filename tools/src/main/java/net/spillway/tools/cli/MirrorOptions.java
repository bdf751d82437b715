package net.spillway.tools.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.spillway.conf.ConfigException;
import net.spillway.conf.HostPort;
import net.spillway.conf.MirrorConfig;
import net.spillway.conf.MirrorsLoader;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.fetch.FetchRequest;
import net.spillway.tools.fetch.MirrorSpec;
import net.spillway.tools.progress.Progress;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mixin: the mirrors of fetch and health, and how to reach them. */
final class MirrorOptions {
    @Option(names = {"--from", "--on"}, split = ",", paramLabel = "HOST:PORT", description =
            "Mirrors: HOST:PORT, nntp://HOST:PORT or nntps://HOST:PORT. All are used at once.")
    private List<HostPort> from = List.of();

    @Option(names = "--fill", split = ",", paramLabel = "HOST:PORT", description =
            "Mirrors that are asked only for what those of --from do not have.")
    private List<HostPort> fill = List.of();

    @Option(names = "--mirrors", paramLabel = "FILE", description = {
        "A TOML file with more mirrors: [[mirror]] with address, and level, optional, retention or"
                + " connections where they are wanted."})
    private Path file;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "4", description =
            "Connections to each mirror, 1 to 64 (${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--patience", paramLabel = "SECONDS", defaultValue = "15", description =
            "How long mirrors are tried while none can be reached, 1 to 86400 (${DEFAULT-VALUE}).")
    private int patience;

    @Mixin private ConnectionOptions connection;

    int connections() {
        return Checks.connections(connections, FetchRequest.MAX_CONNECTIONS);
    }

    Duration patience() {
        return Checks.patience(patience);
    }

    /** All of them, each address once, ready to be connected to. */
    List<MirrorSpec> resolve(Progress progress) {
        Map<HostPort, MirrorConfig> mirrors = new LinkedHashMap<>();
        from.forEach(a -> mirrors.putIfAbsent(a, MirrorConfig.of(a, MirrorSpec.MAIN)));
        fill.forEach(a -> mirrors.putIfAbsent(a, MirrorConfig.of(a, MirrorSpec.FILL)));
        if (file != null) {
            load().forEach(mirror -> mirrors.putIfAbsent(mirror.address(), mirror));
        }
        if (mirrors.isEmpty()) {
            throw new CommandFailure(ExitCode.USAGE,
                    "Name a mirror: --from HOST:PORT, or --mirrors FILE.");
        }
        List<ServerAddress> addresses =
                connection.resolve(List.copyOf(mirrors.keySet()), progress);
        List<MirrorSpec> specs = new ArrayList<>();
        for (MirrorConfig mirror : mirrors.values()) {
            specs.add(new MirrorSpec(addresses.get(specs.size()), mirror.level(),
                    mirror.optional(), mirror.retention(), mirror.connections()));
        }
        return specs;
    }

    private List<MirrorConfig> load() {
        try {
            return MirrorsLoader.load(file);
        } catch (ConfigException e) {
            throw new CommandFailure(ExitCode.USAGE, e.getMessage(), e);
        }
    }
}
