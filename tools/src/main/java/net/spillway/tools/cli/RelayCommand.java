package net.spillway.tools.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import net.spillway.conf.AdminConfig;
import net.spillway.conf.ConfigException;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.HostPort;
import net.spillway.conf.JoinedPeers;
import net.spillway.conf.ListenConfig;
import net.spillway.conf.Names;
import net.spillway.conf.RelayConfig;
import net.spillway.relay.ConfigTrial;
import net.spillway.relay.Relay;
import net.spillway.spool.SpoolLockedException;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Explanation;
import net.spillway.tools.LogSetup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spillway relay}. */
@Command(
        name = "relay",
        customSynopsis = {
            "spillway relay --config FILE",
            "       spillway relay --data DIR [--identity NAME] [--listen HOST:PORT]"
                    + " [--admin HOST:PORT]"},
        description = {
            "Run a relay.",
            "Ctrl-C or SIGTERM stops it cleanly, which is exit code 0, also while it starts."
                    + " SIGHUP has it load its configuration anew, as 'spillway reload' does.",
            "With --data alone it serves one group, spill.test, to this machine and nobody else."
                    + " When it serves it prints one line:  ready nntp=HOST:PORT",
            "An address in use and a data folder in use are temporary failures (75)."})
final class RelayCommand implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE",
            description = "The configuration, TOML; 'spillway config check' reads it too.")
    private Path config;

    @Option(names = "--data", paramLabel = "DIR", description =
            "Without a configuration: the folder where everything is kept; made if need be.")
    private Path data;

    @Option(names = "--identity", paramLabel = "NAME", description =
            "Without a configuration: the relay's name in Path headers and for its peers (this"
                    + " machine's name). Relays that are to be peers need different ones.")
    private String identity;

    @Option(names = "--listen", paramLabel = "HOST:PORT", description =
            "Without a configuration: where to listen (127.0.0.1:1119); port 0 takes a free one.")
    private HostPort listen;

    @Option(names = "--admin", paramLabel = "HOST:PORT", description =
            "Without a configuration: have an admin page there, on this machine only; the token"
                    + " that opens it is in DIR/admin.token.")
    private HostPort admin;

    @Option(names = "--log-level", paramLabel = "LEVEL", description =
            "How much to log: error, warn, info (the default) or debug, which has a line for each"
                    + " article that comes in.")
    private LogLevel logLevel = LogLevel.INFO;

    @Spec private CommandSpec spec;

    /** What can be logged. */
    enum LogLevel { ERROR, WARN, INFO, DEBUG }

    @Override
    public Integer call() throws InterruptedException {
        LogSetup.forOperators(logLevel.name());
        // Before the start, which may take minutes if the index is made anew.
        Hangup hangup = new Hangup();
        hangup.handle();
        RelayStop stop = new RelayStop();
        stop.handle();
        RelayConfig wanted;
        Relay relay;
        try {
            wanted = config();
            relay = start(wanted);
        } catch (RuntimeException | Error e) {
            stop.failed();
            throw e;
        }
        stop.started(relay);
        hangup.reloads(relay);
        PrintWriter out = spec.commandLine().getOut();
        out.println(readyLine(wanted.listen(), relay.nntpAddresses())
                + relay.adminPage().map(url -> " admin=" + url).orElse(""));
        out.flush();
        relay.awaitStopped();
        return ExitCode.DONE.code();
    }

    private RelayConfig config() {
        if ((config == null) == (data == null)) {
            throw usage(config == null ? "Give either --config FILE or --data DIR."
                    : "--config and --data exclude each other: the configuration names a folder.");
        }
        if (config != null && identity != null) {
            throw usage("--identity goes with --data: the configuration has identity.");
        }
        if (identity != null && !Names.isPathIdentity(identity)) {
            throw usage("--identity " + identity + ": write a name such as relay.example.org, of"
                    + " letters, digits, dots, hyphens and underscores.");
        }
        if (config != null && listen != null) {
            throw usage("--listen goes with --data: the configuration says where to listen.");
        }
        if (config != null && admin != null) {
            throw usage("--admin goes with --data: the configuration has [admin].");
        }
        if (config != null) {
            return ConfigCommand.load(config);
        }
        HostPort where = listen == null ? ConfigLoader.DEFAULT_LISTEN : listen;
        if (where.tls()) {
            throw usage("--listen " + where
                    + ": TLS needs a certificate, so it needs a configuration (--config FILE).");
        }
        makeDataFolder();
        try {
            RelayConfig embedded = embedded(where);
            return admin == null ? embedded : embedded.with(adminPage(embedded));
        } catch (ConfigException e) {
            throw new CommandFailure(ExitCode.USAGE, e.getMessage(), e);
        }
    }

    /** Only the folder itself: who mistypes what is above it gets no second tree there. */
    private void makeDataFolder() {
        Path parent = data.toAbsolutePath().normalize().getParent();
        String wrong = "";
        if (Files.exists(data)) {
            wrong = Files.isDirectory(data) ? "" : "is a file, not a folder; name another";
        } else if (parent != null && !Files.isDirectory(parent)) {
            wrong = "there is no folder " + parent + " to make it in; mkdir -p " + parent
                    + ", or name another";
        } else {
            try {
                Files.createDirectory(data);
            } catch (IOException e) {
                wrong = "no folder can be made in " + parent + (e instanceof AccessDeniedException
                        ? ": access denied" : "") + "; name another";
            }
        }
        if (!wrong.isEmpty()) {
            throw new CommandFailure(ExitCode.USAGE, "--data " + data + ": " + wrong + ".");
        }
    }

    /** Peers that joined by a token are there without a configuration too. */
    private RelayConfig embedded(HostPort where) throws ConfigException {
        RelayConfig embedded = ConfigLoader.embedded(data, where);
        return JoinedPeers.addTo(identity == null ? embedded : embedded.with(identity));
    }

    private AdminConfig adminPage(RelayConfig embedded) {
        AdminConfig page = new AdminConfig(admin,
                embedded.data().resolve(AdminConfig.TOKEN_FILE), List.of());
        if (admin.tls() || !page.isLoopback()) {
            throw usage("--admin " + admin + ": without a configuration the page is for this"
                    + " machine only; write 127.0.0.1:PORT.");
        }
        return page;
    }

    private ParameterException usage(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    private Relay start(RelayConfig wanted) {
        try {
            return config == null ? Relay.start(wanted, () ->
                    embedded(listen == null ? ConfigLoader.DEFAULT_LISTEN : listen))
                    : Relay.start(wanted, () -> ConfigLoader.load(config));
        } catch (IOException e) {
            if (isTemporary(e)) {
                throw new CommandFailure(ExitCode.TEMPORARY, Explanation.of(e), e);
            }
            // What the configuration is to blame for is said as 'spillway config check' says it.
            List<String> faults = config == null ? List.of()
                    : ConfigCommand.shown(config, ConfigTrial.problems(wanted));
            throw new CommandFailure(ExitCode.FAILED, faults.isEmpty() ? Explanation.of(e)
                    : String.join(System.lineSeparator(), faults), e);
        }
    }

    private static boolean isTemporary(Throwable e) {
        return e != null && (isInUse(e) || e instanceof SpoolLockedException
                || isTemporary(e.getCause()));
    }

    /** An address that is not this machine's cannot be bound either, but won't get better. */
    private static boolean isInUse(Throwable e) {
        return e instanceof BindException && String.valueOf(e.getMessage()).contains("in use");
    }

    /** {@code ready nntp=HOST:PORT}, with an entry for each address, plain ones first. */
    static String readyLine(List<ListenConfig> wanted, List<InetSocketAddress> got) {
        StringBuilder plain = new StringBuilder();
        StringBuilder tls = new StringBuilder();
        for (int i = 0; i < got.size(); i++) {
            HostPort address = HostPort.of(
                    got.get(i).getAddress().getHostAddress(), got.get(i).getPort());
            if (i < wanted.size() && wanted.get(i).tls()) {
                tls.append(" nntps=").append(address.hostAndPort());
            } else {
                plain.append(" nntp=").append(address.hostAndPort());
            }
        }
        return "ready" + plain + tls;
    }
}
