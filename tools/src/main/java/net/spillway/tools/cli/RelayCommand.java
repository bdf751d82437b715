package net.spillway.tools.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.HostPort;
import net.spillway.conf.ListenConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.relay.Relay;
import net.spillway.spool.SpoolLockedException;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.LogSetup;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway relay}. */
@Command(
        name = "relay",
        description = {
            "Run a relay until Ctrl-C or SIGTERM stops it, which is exit code 0.",
            "With --data alone it serves one group, spill.test, to this machine and nobody else."
                    + " When it serves it prints one line:  ready nntp=HOST:PORT",
            "An address in use and a data folder in use are temporary failures (75)."})
final class RelayCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Source source;

    @Spec private CommandSpec spec;

    /** A file that says everything, or a folder and the defaults. */
    private static final class Source {
        @Option(names = "--config", paramLabel = "FILE", required = true,
                description = "The configuration, TOML; 'spillway config check' reads it too.")
        private Path config;

        @ArgGroup(exclusive = false)
        private Embedded embedded;
    }

    private static final class Embedded {
        @Option(names = "--data", paramLabel = "DIR", required = true,
                description = "Where everything is kept; made if need be.")
        private Path data;

        @Option(names = "--listen", paramLabel = "HOST:PORT",
                description = "Where to listen (127.0.0.1:1119); port 0 takes a free one.")
        private HostPort listen;
    }

    @Override
    public Integer call() throws InterruptedException {
        LogSetup.forOperators();
        RelayConfig config = config();
        Relay relay = start(config);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(relay), "stop"));
        PrintWriter out = spec.commandLine().getOut();
        out.println(readyLine(config.listen(), relay.nntpAddresses()));
        out.flush();
        relay.awaitStopped();
        return ExitCode.DONE.code();
    }

    private RelayConfig config() {
        if (source.config != null) {
            return ConfigCommand.load(source.config);
        }
        HostPort listen = source.embedded.listen == null
                ? ConfigLoader.DEFAULT_LISTEN : source.embedded.listen;
        if (listen.tls()) {
            throw new CommandFailure(ExitCode.USAGE, "--listen " + listen
                    + ": TLS needs a certificate, so it needs a configuration (--config FILE).");
        }
        return ConfigLoader.embedded(source.embedded.data, listen);
    }

    private static Relay start(RelayConfig config) {
        try {
            return Relay.start(config);
        } catch (IOException e) {
            throw new CommandFailure(isTemporary(e) ? ExitCode.TEMPORARY : ExitCode.FAILED,
                    CommandLines.explain(e), e);
        }
    }

    private static boolean isTemporary(Throwable e) {
        return e != null && (e instanceof BindException || e instanceof SpoolLockedException
                || isTemporary(e.getCause()));
    }

    /** A JVM that a signal ends would report 128 + its number; a clean stop is a success. */
    private static void stop(Relay relay) {
        relay.close();
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(ExitCode.DONE.code());
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
