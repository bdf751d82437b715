package net.spillway.tools.cli;

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
        synopsisHeading = "Usage: ",
        subcommands = {
            RelayCommand.class,
            PostCommand.class,
            FetchCommand.class,
            Par2Command.class,
            StatusCommand.class,
            ConfigCommand.class,
            ReloadCommand.class,
            GroupCommand.class,
            UserCommand.class,
            PeerCommand.class,
            DoctorCommand.class,
            SpoolCommand.class,
            DemoCommand.class,
            CompletionCommand.class
        })
public final class SpillwayCommand implements Runnable {
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
