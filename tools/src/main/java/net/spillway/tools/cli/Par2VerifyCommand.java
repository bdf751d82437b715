package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.Par2Verifier;
import net.spillway.fec.VerifyReport;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway par2 verify}. */
@Command(
        name = "verify",
        aliases = "v",
        description = {
            "Check files with their .par2 files.",
            "They are whole (0), damaged but repairable (1), or not recoverable (3). Nothing is"
                    + " changed."})
final class Par2VerifyCommand implements Callable<Integer>, OutputOptions.Has {
    @Parameters(index = "0", paramLabel = "PAR2-FILE",
            description = {
                "Any .par2 file of the set; the others beside it are found.",
                "PAR1 (.par, .p01...) is understood too."})
    private Path par2;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "FILE",
            description = "More .par2 files, or other files to search for blocks.")
    private List<Path> more = List.of();

    @Mixin private Par2Common common;
    @Mixin private OutputOptions output;
    @Spec private CommandSpec spec;

    @Override
    public OutputOptions output() {
        return output;
    }

    @Override
    public Integer call() {
        Par2Outcome outcome;
        try (TerminalProgress progress = output.progress();
                Par2Progress phases = new Par2Progress(progress)) {
            outcome = Par1Work.isPar1(par2)
                    ? Par1Work.verify(par2, more, common.base(par2), phases) : verify(phases);
        } catch (IOException e) {
            throw Par2Common.failure(e);
        }
        return output.print(
                spec.commandLine().getOut(), outcome.end(), outcome.fields(), outcome.text());
    }

    private Par2Outcome verify(Par2Progress phases) throws IOException {
        Par2Archive archive = Par2Common.open(par2, more);
        List<Path> extras = more.stream().filter(file -> !Par2Common.isPar2(file)).toList();
        VerifyReport report =
                Par2Verifier.verify(archive, common.base(par2), extras, phases);
        ExitCode end = switch (report.verdict()) {
            case VerifyReport.Verdict.Whole w -> ExitCode.DONE;
            case VerifyReport.Verdict.Repairable r -> ExitCode.FAILED;
            case VerifyReport.Verdict.NotRecoverable n -> ExitCode.NOT_RECOVERABLE;
        };
        return new Par2Outcome(end, Par2Report.fields(report), Par2Report.text(report));
    }
}
