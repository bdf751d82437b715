package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.Par2Repairer;
import net.spillway.fec.Par2Verifier;
import net.spillway.fec.ParityOptions;
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
                    + " (3)."})
final class Par2RepairCommand implements Callable<Integer>, Par2Common.Using {
    @Mixin private Par2Files files;
    @Mixin private Par2Purge purge;
    @Mixin private Par2Search search;
    @Mixin private Par2Tuning tuning;
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
            ParityOptions options = tuning.options(phases);
            Path base = common.base(given.first());
            return given.par1()
                    ? Par1Work.repair(given, base, purge, common.verbosity(), options)
                    : repair(given, base, options);
        });
    }

    private Par2Outcome repair(Par2Files.Given given, Path base, ParityOptions options)
            throws IOException {
        Par2Archive archive = given.openPar2();
        VerifyReport report =
                Par2Verifier.verify(archive, base, given.extras(), options.progress());
        Par2Report words = new Par2Report(archive, report);
        return switch (Par2Repairer.repair(archive, report, base, options)) {
            case RepairResult.Repaired done -> purge.after(
                    new Par2Outcome(ExitCode.DONE, fields(done, words), describe(done, words)),
                    () -> Par2Files.parity(archive), done.backups());
            case RepairResult.NothingToDo nothing -> purge.after(
                    new Par2Outcome(
                            ExitCode.DONE, words.fields(), words.text(common.verbosity())),
                    () -> Par2Files.parity(archive), List.of());
            case RepairResult.NotRecoverable not -> new Par2Outcome(ExitCode.NOT_RECOVERABLE,
                    words.fields(), words.text(common.verbosity()));
        };
    }

    private static Map<String, Object> fields(RepairResult.Repaired done, Par2Report words) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("verdict", "repaired");
        fields.put("repaired", done.files());
        fields.put("backups", done.backups());
        fields.put("recoveryBlocksUsed", done.recoverySlices());
        fields.put("problems", words.problems());
        return fields;
    }

    private String describe(RepairResult.Repaired done, Par2Report words) {
        StringBuilder text = new StringBuilder();
        if (common.verbosity() > 0) {
            text.append(words.findings(common.verbosity()));
        }
        done.files().forEach(name -> text.append("repaired  ").append(Terminal.safe(name))
                .append(System.lineSeparator()));
        done.backups().forEach(path -> text.append("kept      ")
                .append(Terminal.safe(path.toString())).append(System.lineSeparator()));
        return text + "All files are whole now, by means of "
                + Figures.count(done.recoverySlices(), "recovery block") + ".";
    }
}
