package net.spillway.tools.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spillway par2}: parity for files, in the manner of par2cmdline. */
@Command(
        name = "par2",
        description = "Make parity for files (PAR2, also PAR1), verify files with it, repair them.",
        subcommands = {
            Par2CreateCommand.class, Par2VerifyCommand.class, Par2RepairCommand.class,
            Par2InfoCommand.class
        })
final class Par2Command implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "Say what to do: create, verify, repair or info");
    }
}
