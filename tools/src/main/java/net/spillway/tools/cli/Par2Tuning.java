package net.spillway.tools.cli;

import net.spillway.fec.ParityOptions;
import net.spillway.fec.ProgressListener;
import picocli.CommandLine.Option;

/** Mixin: what computing parity may take. */
final class Par2Tuning {
    @Option(names = {"-m", "--memory"}, paramLabel = "MB",
            description = "Memory for computing, in MiB (a quarter of the machine's, but no more"
                    + " than Java may use), but room for 512 octets of each block at least;"
                    + " hashing takes a few MiB a thread besides.")
    private Integer memory;

    @Option(names = {"-t", "--threads"}, paramLabel = "N",
            description = "At most so many threads, 1 to 1024 (one for each processor).")
    private Integer threads;

    ParityOptions options(ProgressListener progress) {
        ParityOptions options = ParityOptions.defaults().withProgress(progress);
        if (memory != null) {
            options = options.withMemory((long) Checks.inRange("-m", memory, 1, 1 << 20) << 20);
        }
        return threads == null
                ? options : options.withThreads(Checks.inRange("-t", threads, 1, 1024));
    }
}
