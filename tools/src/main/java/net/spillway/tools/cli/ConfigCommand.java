package net.spillway.tools.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import net.spillway.conf.ConfigException;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.RelayConfig;
import net.spillway.relay.ConfigTrial;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway config}: what concerns configuration files. */
@Command(
        name = "config",
        description = "Check a relay's configuration.",
        subcommands = ConfigCommand.Check.class)
final class ConfigCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do with it: check FILE");
    }

    /** {@code spillway config check FILE}. */
    @Command(
            name = "check",
            description = "Read a relay's configuration and say everything that is wrong with it,"
                    + " with its line, or in the files it names. Nothing is started or changed.")
    static final class Check implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "The configuration, TOML.")
        private Path file;

        @Spec private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            RelayConfig config = load(file);
            List<String> problems = ConfigTrial.problems(config);
            if (!problems.isEmpty()) {
                throw new CommandFailure(ExitCode.USAGE, problems.stream()
                        .map(problem -> file + ": " + problem)
                        .collect(Collectors.joining(System.lineSeparator())));
            }
            ConfigTrial.doubts(config).forEach(doubt ->
                    spec.commandLine().getErr().println("note: " + file + ": " + doubt));
            spec.commandLine().getErr().flush();
            PrintWriter out = spec.commandLine().getOut();
            out.println(file + ": good: relay " + config.identity() + ", "
                    + number(config.listen().size(), "address") + ", "
                    + number(config.groups().size(), "group") + ", "
                    + number(config.peers().size(), "peer"));
            out.flush();
            return ExitCode.DONE.code();
        }

        private static String number(int n, String what) {
            return n + " " + what + (n == 1 ? "" : what.endsWith("s") ? "es" : "s");
        }
    }

    /** Loads a configuration, or ends the command with all that is wrong with it. */
    static RelayConfig load(Path file) {
        try {
            return ConfigLoader.load(file);
        } catch (ConfigException e) {
            throw new CommandFailure(ExitCode.USAGE, e.getMessage(), e);
        }
    }
}
