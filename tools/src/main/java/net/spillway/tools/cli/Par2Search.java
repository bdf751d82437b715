package net.spillway.tools.cli;

import net.spillway.fec.ParityOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Mixin: how files are hashed and searched. */
final class Par2Search {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = {"-T", "--file-threads"}, paramLabel = "N",
            description = "At most so many threads for hashing and searching files (as many as -t).")
    private Integer threads;

    /** Would leave data unsearched to save time. We never do. */
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

    ParityOptions options(Par2Tuning tuning, Par2Progress phases) {
        ParityOptions options = tuning.options(phases);
        return threads == null ? options
                : options.withThreads(Checks.inRange("-T", threads, 1, 1024));
    }
}
