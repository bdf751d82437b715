package net.spillway.tools.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.Par2Verifier;
import net.spillway.fec.VerifyReport;
import net.spillway.tools.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spillway par2 verify}. */
@Command(
        name = "verify",
        aliases = "v",
        customSynopsis = "spillway par2 verify [OPTION]... PAR2-FILE [FILE]...",
        description = {
            "Check files with their .par2 files.",
            "They are whole (0), damaged but repairable (1), or not recoverable (3). Nothing is"
                    + " changed unless -p is given."})
final class Par2VerifyCommand implements Callable<Integer>, Par2Common.Using {
    @Mixin private Par2Files files;
    @Mixin private Par2Purge purge;
    @Mixin private Par2Search search;
    @Mixin private Par2Common common;

    @Override
    public Par2Common common() {
        return common;
    }

    @Override
    public Integer call() {
        return common.run(phases -> {
            Par2Files.Given given = files.given();
            given.tell(phases);
            return given.par1()
                    ? Par1Work.verify(given, common.base(given.first()), purge,
                            common.verbosity(), phases)
                    : verify(given, phases);
        });
    }

    private Par2Outcome verify(Par2Files.Given given, Par2Progress phases) throws IOException {
        Par2Archive archive = given.openPar2();
        VerifyReport report = Par2Verifier.verify(
                archive, common.base(given.first()), given.extras(), phases);
        ExitCode end = switch (report.verdict()) {
            case VerifyReport.Verdict.Whole w -> ExitCode.DONE;
            case VerifyReport.Verdict.Repairable r -> ExitCode.FAILED;
            case VerifyReport.Verdict.NotRecoverable n -> ExitCode.NOT_RECOVERABLE;
        };
        Par2Report words = new Par2Report(archive, report);
        Par2Outcome outcome =
                new Par2Outcome(end, words.fields(), words.text(common.verbosity()));
        return purge.after(outcome, () -> Par2Files.parity(archive), List.of());
    }
}
