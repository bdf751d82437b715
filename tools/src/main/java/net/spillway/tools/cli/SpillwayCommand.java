package net.spillway.tools.cli;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import net.spillway.tools.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code spillway} itself, which does nothing without one of its commands. */
@Command(
        name = "spillway",
        description = "Stores, spreads, posts and fetches articles, and makes good what is lost.",
        mixinStandardHelpOptions = true,
        versionProvider = SpillwayCommand.Versions.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpAutoWidth = true,
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        commandListHeading = "%nCommands:%n",
        descriptionHeading = "%n",
        synopsisHeading = "Usage: ")
public final class SpillwayCommand implements Runnable {
    /** In the order of the help. */
    static final SequencedMap<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("relay", RelayCommand.class);
        COMMANDS.put("post", PostCommand.class);
        COMMANDS.put("fetch", FetchCommand.class);
        COMMANDS.put("health", HealthCommand.class);
        COMMANDS.put("list", ListCommand.class);
        COMMANDS.put("cat", CatCommand.class);
        COMMANDS.put("par2", Par2Command.class);
        COMMANDS.put("status", StatusCommand.class);
        COMMANDS.put("trace", TraceCommand.class);
        COMMANDS.put("config", ConfigCommand.class);
        COMMANDS.put("reload", ReloadCommand.class);
        COMMANDS.put("group", GroupCommand.class);
        COMMANDS.put("user", UserCommand.class);
        COMMANDS.put("peer", PeerCommand.class);
        COMMANDS.put("doctor", DoctorCommand.class);
        COMMANDS.put("spool", SpoolCommand.class);
        COMMANDS.put("demo", DemoCommand.class);
        COMMANDS.put("completion", CompletionCommand.class);
        COMMANDS.put("help", HelpCommand.class);
    }

    @Option(names = "--debug", scope = ScopeType.INHERIT, hidden = true,
            description = "Print the stack trace of an error.")
    private boolean debug;

    @Spec private CommandSpec spec;

    boolean debug() {
        return debug;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }

    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "spillway " + Version.text(),
                "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name")};
        }
    }
}
