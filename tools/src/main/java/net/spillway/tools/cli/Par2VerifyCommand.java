package net.spillway.tools.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.Par2Verifier;
import net.spillway.fec.VerifyReport;
import net.spillway.tools.CommandFailure;
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
            "They are whole (0), damaged but repairable (1), or not recoverable (3); 74 if they"
                    + " could not be read, or all others are whole but some are refused, for a link"
                    + " on the way leads out of the folder, or nowhere. Nothing is changed"
                    + " unless -p is given."})
final class Par2VerifyCommand implements Callable<Integer>, Par2Common.Using {
    @Mixin private Par2Checking checking;

    @Override
    public Par2Common common() {
        return checking.common();
    }

    @Override
    public Integer call() {
        return checking.run(Par1Work::verify, Par2VerifyCommand::verify);
    }

    /** What has not been checked is not "repairable". */
    @Override
    public CommandFailure asItsOwn(CommandFailure failure) {
        return failure.exitCode() != ExitCode.FAILED ? failure
                : new CommandFailure(ExitCode.UNREADABLE, failure.getMessage(),
                        failure.getCause(), failure.details());
    }

    private static Par2Outcome verify(Par2Checking.Job job) throws IOException {
        Par2Archive archive = job.given().openPar2(job.searching());
        VerifyReport report = Par2Verifier.verify(
                archive, job.base(), job.given().extras(), job.searching());
        ExitCode end = switch (report.verdict()) {
            case VerifyReport.Verdict.Whole w -> ExitCode.DONE;
            case VerifyReport.Verdict.Refused r -> ExitCode.UNREADABLE;
            case VerifyReport.Verdict.Repairable r -> ExitCode.FAILED;
            case VerifyReport.Verdict.NotRecoverable n -> ExitCode.NOT_RECOVERABLE;
        };
        Par2Report words = new Par2Report(archive, report);
        Par2Outcome outcome = new Par2Outcome(end, words.fields(), words.text(job.verbosity()));
        return words.otherSets().after(
                job.purge().after(outcome, () -> Par2Files.parity(archive), List.of()),
                job.given().named());
    }
}
