package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Path;
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
import net.spillway.tools.progress.TerminalProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway par2 repair}. */
@Command(
        name = "repair",
        aliases = "r",
        description = {
            "Check files with their .par2 files and repair what is damaged or missing.",
            "A damaged file is kept as FILE.1; nothing is touched if the parity does not suffice"
                    + " (3)."})
final class Par2RepairCommand implements Callable<Integer>, OutputOptions.Has {
    @Parameters(index = "0", paramLabel = "PAR2-FILE",
            description = {
                "Any .par2 file of the set; the others beside it are found.",
                "PAR1 (.par, .p01...) is understood too."})
    private Path par2;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "FILE",
            description = "More .par2 files, or other files to search for blocks.")
    private List<Path> more = List.of();

    @Mixin private Par2Common common;
    @Mixin private Par2Tuning tuning;
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
            ParityOptions options = tuning.options(phases);
            outcome = Par1Work.isPar1(par2)
                    ? Par1Work.repair(par2, more, common.base(par2), options) : repair(options);
        } catch (IOException e) {
            throw Par2Common.failure(e);
        }
        return output.print(
                spec.commandLine().getOut(), outcome.end(), outcome.fields(), outcome.text());
    }

    private Par2Outcome repair(ParityOptions options) throws IOException {
        Par2Archive archive = Par2Common.open(par2, more);
        List<Path> extras = more.stream().filter(file -> !Par2Common.isPar2(file)).toList();
        Path base = common.base(par2);
        VerifyReport report = Par2Verifier.verify(archive, base, extras, options.progress());
        return switch (Par2Repairer.repair(archive, report, base, options)) {
            case RepairResult.Repaired done ->
                    new Par2Outcome(ExitCode.DONE, fields(done), describe(done));
            case RepairResult.NothingToDo nothing -> new Par2Outcome(
                    ExitCode.DONE, Par2Report.fields(report), Par2Report.text(report));
            case RepairResult.NotRecoverable not -> new Par2Outcome(
                    ExitCode.NOT_RECOVERABLE, Par2Report.fields(report), Par2Report.text(report));
        };
    }

    private static Map<String, Object> fields(RepairResult.Repaired done) {
        return Map.of("verdict", "repaired", "repaired", done.files(), "backups", done.backups(),
                "recoveryBlocksUsed", done.recoverySlices());
    }

    private static String describe(RepairResult.Repaired done) {
        StringBuilder text = new StringBuilder();
        done.files().forEach(name -> text.append("repaired  ").append(Terminal.safe(name))
                .append(System.lineSeparator()));
        done.backups().forEach(path -> text.append("kept      ").append(path)
                .append(System.lineSeparator()));
        return text + "All files are whole now, by means of "
                + Figures.count(done.recoverySlices(), "recovery block") + ".";
    }
}
