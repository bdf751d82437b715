package net.spillway.tools.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import net.spillway.fec.ParityOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code spillway par2 info}. */
@Command(
        name = "info",
        aliases = "i",
        customSynopsis = "spillway par2 info [OPTION]... PAR2-FILE [PAR2-FILE]...",
        description = {
            "Say what is in .par2 files: the set, its files and its recovery blocks.",
            "The files themselves are not looked at."})
final class Par2InfoCommand implements Callable<Integer>, OutputOptions.Has {
    @Mixin private Par2NamedFiles files;
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
            Par2Files.Given given = files.given();
            outcome = given.par1()
                    ? Par2Info.of(given.openPar1())
                    : Par2Info.of(given.openPar2(ParityOptions.defaults()));
        } catch (IOException e) {
            throw Par2Common.failure(e);
        }
        return output.print(
                spec.commandLine().getOut(), outcome.end(), outcome.fields(), outcome.text());
    }
}
