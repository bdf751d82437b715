package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway par2 info}. */
@Command(
        name = "info",
        aliases = "i",
        description = {
            "Say what is in .par2 files: the set, its files and its recovery blocks.",
            "The files themselves are not looked at."})
final class Par2InfoCommand implements Callable<Integer>, OutputOptions.Has {
    @Parameters(index = "0", paramLabel = "PAR2-FILE", description = {
        "Any .par2 file of the set; the others beside it are found.",
        "PAR1 (.par, .p01...) is understood too."})
    private Path par2;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "FILE",
            description = "More .par2 files.")
    private List<Path> more = List.of();

    @Mixin private OutputOptions output;
    @Spec private CommandSpec spec;

    @Override
    public OutputOptions output() {
        return output;
    }

    @Override
    public Integer call() {
        Par2Outcome outcome;
        try {
            outcome = Par1Work.isPar1(par2)
                    ? Par2Info.of(Par1Work.open(par2, more))
                    : Par2Info.of(Par2Common.open(par2, more));
        } catch (IOException e) {
            throw Par2Common.failure(e);
        }
        return output.print(
                spec.commandLine().getOut(), outcome.end(), outcome.fields(), outcome.text());
    }
}
