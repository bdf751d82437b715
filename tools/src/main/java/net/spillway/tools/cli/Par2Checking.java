package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Path;
import net.spillway.fec.ParityOptions;
import picocli.CommandLine.Mixin;

/** Mixin: what verifying and repairing have in common. */
final class Par2Checking {
    @Mixin private Par2SearchedFiles files;
    @Mixin private Par2Purge purge;
    @Mixin private Par2Search search;
    @Mixin private Par2Tuning tuning;
    @Mixin private Par2Common common;

    /**
     * What is to be checked, and how.
     *
     * @param base the folder that names in the set are relative to
     * @param searching for hashing and searching files
     * @param computing for computing what is lost
     */
    record Job(
            Par2Files.Given given, Path base, ParityOptions searching, ParityOptions computing,
            Par2Purge purge, int verbosity) {}

    /** One of the formats. */
    @FunctionalInterface
    interface Format {
        Par2Outcome check(Job job) throws IOException;
    }

    Par2Common common() {
        return common;
    }

    /** Checks files by PAR1 or by PAR2, as their set has it, and returns the exit status. */
    int run(Format par1, Format par2) {
        return common.run(phases -> {
            Par2Files.Given given = files.given();
            given.tell(phases);
            Job job = new Job(given, common.base(given.first()), search.options(tuning, phases),
                    tuning.options(phases), purge, common.verbosity());
            Par2Leftovers.tell(phases, job.base(), given.first().toAbsolutePath().getParent());
            return (given.par1() ? par1 : par2).check(job);
        });
    }
}
