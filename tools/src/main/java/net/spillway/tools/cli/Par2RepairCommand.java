package net.spillway.tools.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.Par2Repairer;
import net.spillway.fec.Par2Verifier;
import net.spillway.fec.RepairResult;
import net.spillway.fec.VerifyReport;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Figures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spillway par2 repair}. */
@Command(
        name = "repair",
        aliases = "r",
        customSynopsis = "spillway par2 repair [OPTION]... PAR2-FILE [FILE]...",
        description = {
            "Check files with their .par2 files and repair what is damaged or missing.",
            "A damaged file is kept as FILE.1; nothing is touched if the parity does not suffice"
                    + " (3).",
            "A file found whole under another name is copied from there; it is renamed if that name"
                    + " is given too, as with *.",
            "Files on the way to which a link leads out of the folder, or nowhere, are refused"
                    + " (74): nothing is written there."})
final class Par2RepairCommand implements Callable<Integer>, Par2Common.Using {
    @Mixin private Par2Checking checking;

    @Override
    public Par2Common common() {
        return checking.common();
    }

    @Override
    public Integer call() {
        return checking.run(Par1Work::repair, Par2RepairCommand::repair);
    }

    private static Par2Outcome repair(Par2Checking.Job job) throws IOException {
        Par2Archive archive = job.given().openPar2(job.searching());
        VerifyReport report = Par2Verifier.verify(
                archive, job.base(), job.given().extras(), job.searching());
        Par2Report words = new Par2Report(archive, report);
        RepairResult result =
                Par2Repairer.repair(archive, report, job.base(), job.computing());
        return words.otherSets().after(outcome(job, archive, words, result), job.given().named());
    }

    private static Par2Outcome outcome(Par2Checking.Job job, Par2Archive archive,
            Par2Report words, RepairResult result) throws IOException {
        return switch (result) {
            case RepairResult.Repaired done -> job.purge().after(
                    outcome(words, fields(done, words),
                            describe(done, words, job.verbosity())),
                    () -> Par2Files.parity(archive), done.backups());
            case RepairResult.NothingToDo nothing -> job.purge().after(
                    outcome(words, words.fields(), words.text(job.verbosity())),
                    () -> Par2Files.parity(archive), List.of());
            case RepairResult.NotRecoverable not -> new Par2Outcome(ExitCode.NOT_RECOVERABLE,
                    words.fields(), words.text(job.verbosity())).failed();
        };
    }

    /** Files that are refused are seen by those too who want to hear of errors only. */
    private static Par2Outcome outcome(
            Par2Report words, Map<String, Object> fields, String text) {
        Par2Outcome outcome = new Par2Outcome(words.doneButForRefused(), fields, text);
        return outcome.end() == ExitCode.DONE ? outcome : outcome.failed();
    }

    private static Map<String, Object> fields(RepairResult.Repaired done, Par2Report words) {
        Map<String, Object> fields = new LinkedHashMap<>();
        Par2Report.putRepaired(fields, done.files(), done.found(), done.backups());
        fields.put("recoveryBlocksUsed", done.recoverySlices());
        words.putWhatWasLeft(fields);
        return fields;
    }

    private static String describe(
            RepairResult.Repaired done, Par2Report words, int verbosity) {
        StringBuilder text = new StringBuilder();
        if (verbosity > 0) {
            text.append(words.findings(verbosity));
        }
        text.append(Par2Report.repaired(done.files(), done.found(), done.backups()));
        return text + (words.refused().isEmpty() ? words.otherSets().all() + " whole now, "
                : "All other files are whole now, ")
                + (done.recoverySlices() == 0 ? "and no recovery block was needed."
                : "by means of " + Figures.count(done.recoverySlices(), "recovery block") + ".")
                + words.refused() + words.otherSets().sentences();
    }
}
