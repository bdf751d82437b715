package net.spillway.tools.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Mixin: the manifest, and what to do about more than one, which *.nzb easily becomes. */
final class NamedManifest {
    @Parameters(index = "0", paramLabel = "MANIFEST.nzb",
            description = "The manifest, plain or gzip; - is standard input.")
    private Path manifest;

    @Parameters(index = "1..*", arity = "0..*", hidden = true)
    private List<String> more = List.of();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** @throws ParameterException if more than one was named */
    Path path() {
        if (!more.isEmpty()) {
            String name = command.qualifiedName();
            throw new ParameterException(command.commandLine(), "One manifest at a time: \""
                    + Terminal.safe(more.getFirst()) + "\" is one too many. For all of them:"
                    + " for m in *.nzb; do " + name + " \"$m\" ...; done");
        }
        return manifest;
    }
}
