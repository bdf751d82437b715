package net.spillway.tools.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Mixin: options of par2cmdline that save time by leaving data unsearched. We never do. */
final class Par2Search {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "-N", hidden = true)
    void skip(boolean on) {
        refuse("-N");
    }

    @Option(names = "-S", hidden = true, paramLabel = "N")
    void leeway(String octets) {
        refuse("-S");
    }

    private void refuse(String option) {
        throw new ParameterException(command.commandLine(), option + " would leave parts of damaged"
                + " files unsearched to save time. Here all of them is always searched: leave "
                + option + " out.");
    }
}
