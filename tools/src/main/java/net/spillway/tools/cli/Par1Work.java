package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.spillway.fec.FileState;
import net.spillway.fec.ParityOptions;
import net.spillway.fec.VerifyReport.Verdict;
import net.spillway.fec.par1.Par1Archive;
import net.spillway.fec.par1.Par1Creator;
import net.spillway.fec.par1.Par1Names;
import net.spillway.fec.par1.Par1Repairer;
import net.spillway.fec.par1.Par1Report;
import net.spillway.fec.par1.Par1Result;
import net.spillway.fec.par1.Par1Verifier;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Figures;

/** What the par2 commands do with a set of the older format, PAR1. */
final class Par1Work {
    private Par1Work() {}

    static boolean isPar1(Path file) throws IOException {
        return Par1Names.isVolume(file);
    }

    static Par1Archive open(Path par, List<Path> more) throws IOException {
        Set<Path> files = new LinkedHashSet<>(Par1Archive.volumesBeside(par));
        for (Path file : more) {
            if (isPar1(file)) {
                files.add(file.toRealPath());
            }
        }
        return Par1Archive.open(files);
    }

    private static List<Path> extras(List<Path> more) throws IOException {
        List<Path> extras = new ArrayList<>();
        for (Path file : more) {
            if (Files.isRegularFile(file) && !isPar1(file)) {
                extras.add(file);
            }
        }
        return extras;
    }

    /** Makes volumes for files that must all be in the folder {@code base}. */
    static Par2Outcome create(
            Path par, Path base, Set<Path> files, int volumes, boolean overwrite,
            ParityOptions options) throws IOException {
        for (Path file : files) {
            if (Files.exists(file) && !file.toRealPath().getParent().equals(base.toRealPath())) {
                throw new CommandFailure(ExitCode.USAGE, file + " is not in the folder " + base
                        + ", and PAR1 knows no other folders. Name the set .par2 for PAR2.");
            }
        }
        Par1Creator.Created created =
                new Par1Creator(par, files, volumes, overwrite, options).create();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("format", "PAR1");
        fields.put("created", created.files());
        fields.put("files", created.set().files().size());
        fields.put("volumes", volumes);
        return new Par2Outcome(ExitCode.DONE, fields,
                Figures.count(created.set().files().size()) + " files, " + Figures.count(volumes)
                        + " recovery volumes of " + Figures.bytes(created.set().blockSize())
                        + " each, beside " + created.files().getFirst());
    }

    static Par2Outcome verify(Path par, List<Path> more, Path base, Par2Progress phases)
            throws IOException {
        Par1Archive archive = open(par, more);
        return outcome(archive, Par1Verifier.verify(archive, base, extras(more), phases));
    }

    static Par2Outcome repair(Path par, List<Path> more, Path base, ParityOptions options)
            throws IOException {
        Par1Archive archive = open(par, more);
        Par1Report report =
                Par1Verifier.verify(archive, base, extras(more), options.progress());
        return switch (Par1Repairer.repair(archive, report, base, options)) {
            case Par1Result.Repaired done ->
                    new Par2Outcome(ExitCode.DONE, fields(done), describe(done));
            case Par1Result.NothingToDo nothing -> outcome(archive, report);
            case Par1Result.NotRecoverable not -> outcome(archive, report);
        };
    }

    private static Par2Outcome outcome(Par1Archive archive, Par1Report report) {
        ExitCode end = switch (report.verdict()) {
            case Verdict.Whole w -> ExitCode.DONE;
            case Verdict.Repairable r -> ExitCode.FAILED;
            case Verdict.NotRecoverable n -> ExitCode.NOT_RECOVERABLE;
        };
        return new Par2Outcome(end, fields(archive, report), text(archive, report));
    }

    private static Map<String, Object> fields(Par1Archive archive, Par1Report report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("format", "PAR1");
        fields.put("verdict", switch (report.verdict()) {
            case Verdict.Whole w -> "whole";
            case Verdict.Repairable r -> "repairable";
            case Verdict.NotRecoverable n -> "not recoverable";
        });
        fields.put("lost", report.lost());
        fields.put("volumes", report.volumes());
        fields.put("volumesLacking",
                report.verdict() instanceof Verdict.NotRecoverable n ? n.lacking() : 0);
        fields.put("volumesDependent", report.dependent());
        fields.put("files", report.files().stream().map(Par1Work::fields).toList());
        fields.put("others", report.others().stream().map(Par1Work::fields).toList());
        fields.put("problems", archive.problems().stream().map(Object::toString).toList());
        return fields;
    }

    private static Map<String, Object> fields(Par1Report.FileReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", report.file().name());
        fields.put("bytes", report.file().length());
        fields.put("state", Par2Report.word(report.state()));
        if (report.state() instanceof FileState.Misnamed misnamed) {
            fields.put("foundAs", misnamed.path());
        }
        return fields;
    }

    private static String text(Par1Archive archive, Par1Report report) {
        StringBuilder text = new StringBuilder();
        archive.problems().forEach(problem -> text.append("skipped   ")
                .append(Terminal.safe(problem.toString())).append(System.lineSeparator()));
        report.files().forEach(file -> line(text, file, ""));
        report.others().forEach(file -> line(text, file, " (not covered by the parity)"));
        String files = Figures.count(report.lost()) + " of " + Figures.count(report.files().size())
                + " files are lost, " + Figures.count(report.volumes().size())
                + " recovery volumes are at hand" + dependent(report.dependent());
        return text + switch (report.verdict()) {
            case Verdict.Whole w -> "All files are whole.";
            case Verdict.Repairable r -> "Repair is possible: " + files + ".";
            case Verdict.NotRecoverable n -> "Repair is not possible: " + files + "; "
                    + Figures.count(n.lacking()) + " more would be needed.";
        };
    }

    private static void line(StringBuilder text, Par1Report.FileReport file, String remark) {
        String found = file.state() instanceof FileState.Misnamed misnamed
                ? " (found as " + misnamed.path() + ")" : "";
        text.append(String.format("%-9s %s%s%s%n", Par2Report.word(file.state()),
                Terminal.safe(file.file().name()), found, remark));
    }

    /** PAR1 has losses that some volumes can't tell apart: that has to be explained. */
    private static String dependent(List<Integer> volumes) {
        return volumes.isEmpty() ? "" : ", of which " + volumes.stream().map(String::valueOf)
                .collect(Collectors.joining(", "))
                + " add nothing for just these files (a weakness of PAR1)";
    }

    private static Map<String, Object> fields(Par1Result.Repaired done) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("format", "PAR1");
        fields.put("verdict", "repaired");
        fields.put("repaired", done.files());
        fields.put("backups", done.backups());
        fields.put("volumesUsed", done.used());
        fields.put("volumesDependent", done.dependent());
        return fields;
    }

    private static String describe(Par1Result.Repaired done) {
        StringBuilder text = new StringBuilder();
        done.files().forEach(name -> text.append("repaired  ").append(Terminal.safe(name))
                .append(System.lineSeparator()));
        done.backups().forEach(path -> text.append("kept      ").append(path)
                .append(System.lineSeparator()));
        return text + "All files are whole now; " + done.used().size()
                + " recovery volumes were used" + dependent(done.dependent()) + ".";
    }
}
