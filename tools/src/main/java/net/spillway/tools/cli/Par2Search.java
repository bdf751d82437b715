package net.spillway.tools.cli;

import net.spillway.fec.ParityOptions;
import picocli.CommandLine.Option;

/** Mixin: how files are hashed and searched. */
final class Par2Search {
    @Option(names = {"-T", "--file-threads"}, paramLabel = "N",
            description = "At most so many threads for hashing and searching files (as many as -t).")
    private Integer threads;

    @Option(names = {"-N", "--data-skipping"},
            description = "For scripts made for par2cmdline, which would leave parts of damaged"
                    + " files unsearched to save time: all of them is searched all the same.")
    private boolean skips;

    @Option(names = {"-S", "--skip-leeway"}, paramLabel = "OCTETS",
            description = "Goes with -N and does as much.")
    private Long leeway;

    ParityOptions options(Par2Tuning tuning, Par2Progress phases) {
        if (skips || leeway != null) {
            phases.note((skips ? "-N" : "-S")
                    + ": no part of damaged files is skipped, all of them is searched");
        }
        ParityOptions options = tuning.options(phases);
        return threads == null ? options
                : options.withThreads(Checks.inRange("-T", threads, 1, 1024));
    }
}
