package net.spillway.tools.cli;

import java.util.List;
import java.util.concurrent.Callable;
import net.spillway.tools.ExitCode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway help}. */
@Command(
        name = "help",
        description = {
            "Print the help of a command, or of all.",
            "The same as the command's --help; for example: spillway help par2 create"})
final class HelpCommand implements Callable<Integer> {
    @Parameters(paramLabel = "COMMAND", arity = "0..*",
            description = "The command, and one of its own if it has some.")
    private List<String> words = List.of();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine about = spec.parent().commandLine();
        for (String word : words) {
            CommandLine next = about.getSubcommands().get(word);
            if (next == null) {
                throw new ParameterException(spec.commandLine(), "There is no command \""
                        + about.getCommandSpec().qualifiedName() + " " + Terminal.safe(word)
                        + "\"." + CommandLines.nearest(about, word)
                                .map(near -> " Did you mean: " + near + "?").orElse(""));
            }
            about = next;
        }
        about.usage(spec.commandLine().getOut());
        return ExitCode.DONE.code();
    }
}
