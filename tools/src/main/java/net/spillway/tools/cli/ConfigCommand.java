package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import net.spillway.conf.ConfigException;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.ConfigPlaces;
import net.spillway.conf.RelayConfig;
import net.spillway.relay.ConfigTrial;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    static final class Check implements Callable<Integer>, OutputOptions.Has {
        @Parameters(paramLabel = "FILE", description = "The configuration, TOML.")
        private Path file;

        @Mixin private OutputOptions output;
        @Spec private CommandSpec spec;

        @Override
        public OutputOptions output() {
            return output;
        }

        @Override
        public Integer call() throws IOException {
            RelayConfig config = load(file);
            List<String> problems = shown(file, ConfigTrial.problems(config));
            if (!problems.isEmpty()) {
                throw new CommandFailure(ExitCode.USAGE,
                        String.join(System.lineSeparator(), problems));
            }
            List<String> notes = shown(file, ConfigTrial.doubts(config));
            notes.forEach(note -> spec.commandLine().getErr().println("note: " + note));
            spec.commandLine().getErr().flush();
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("file", file.toString());
            result.put("relay", config.identity());
            result.put("addresses", config.listen().size());
            result.put("groups", config.groups().size());
            result.put("peers", config.peers().size());
            result.put("notes", notes);
            return output.print(spec.commandLine().getOut(), ExitCode.DONE, result,
                    file + ": good: relay " + config.identity() + ", "
                            + number(config.listen().size(), "address") + ", "
                            + number(config.groups().size(), "group") + ", "
                            + number(config.peers().size(), "peer"));
        }

        private static String number(int n, String what) {
            return n + " " + what + (n == 1 ? "" : what.endsWith("s") ? "es" : "s");
        }
    }

    /** With file, line, column and key. */
    static List<String> shown(Path file, List<ConfigTrial.Finding> findings) {
        ConfigPlaces places = ConfigPlaces.of(file);
        return findings.stream().map(f -> places.problem(f.key(), f.what()).toString()).toList();
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
