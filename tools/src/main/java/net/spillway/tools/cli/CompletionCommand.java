package net.spillway.tools.cli;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code spillway completion}. */
@Command(
        name = "completion",
        description = {
            "Print a script for completion in bash and zsh.",
            "For this shell:  source <(spillway completion)"})
final class CompletionCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        out.println(AutoComplete.bash("spillway", spec.root().commandLine()));
        out.flush();
    }
}
