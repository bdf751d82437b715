package net.spillway.tools.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spillway par2}: parity for files, in the manner of par2cmdline. */
@Command(
        name = "par2",
        description = "Make parity for files (PAR2, also PAR1), verify files with it, repair them.")
final class Par2Command implements Runnable {
    /** In the order of the help. */
    private static final List<Part> PARTS = List.of(
            new Part("create", Par2CreateCommand.class),
            new Part("verify", Par2VerifyCommand.class),
            new Part("repair", Par2RepairCommand.class),
            new Part("info", Par2InfoCommand.class));

    @Spec private CommandSpec spec;

    /** A command of its own, which its first letter stands for too. */
    private record Part(String name, Class<?> command) {
        boolean isCalled(String word) {
            return word.equals(name) || word.equals(name.substring(0, 1));
        }
    }

    /** Adds the command that the second word names, or all of them: see {@link CommandLines}. */
    static void addParts(CommandLine par2, String... args) {
        Optional<Part> named = PARTS.stream()
                .filter(part -> args.length > 1 && part.isCalled(args[1])).findFirst();
        named.map(List::of).orElse(PARTS)
                .forEach(part -> par2.addSubcommand(part.name(), part.command()));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "Say what to do: create, verify, repair or info");
    }
}
