package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.spillway.fec.FileState;
import net.spillway.fec.ParityOptions;
import net.spillway.fec.VerifyReport.Verdict;
import net.spillway.fec.packet.Par2Exception;
import net.spillway.fec.packet.SliceData;
import net.spillway.fec.par1.Par1Archive;
import net.spillway.fec.par1.Par1Creator;
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

    /** Makes volumes for files that must all be in the folder {@code base}. */
    static Par2Outcome create(
            Path par, Path base, Set<Path> files, int volumes, boolean overwrite,
            ParityOptions options, int verbosity) throws IOException {
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
        StringBuilder details = new StringBuilder();
        if (verbosity > 0) {
            created.files().forEach(file -> details.append("made        ")
                    .append(Terminal.safe(file.toString())).append(System.lineSeparator()));
        }
        if (verbosity > 1) {
            details.append("computed    in ").append(Figures.count(options.threads(), "thread"))
                    .append(" and up to ").append(Figures.bytes(options.memory()))
                    .append(System.lineSeparator());
        }
        String summary = Figures.count(created.set().files().size(), "file") + ", "
                + Figures.count(volumes, "recovery volume") + " of "
                + Figures.bytes(created.set().blockSize()) + (volumes == 1 ? "" : " each")
                + ", beside "
                + created.files().getFirst();
        return new Par2Outcome(ExitCode.DONE, fields, details + summary);
    }

    static Par2Outcome verify(Par2Checking.Job job) throws IOException {
        Par1Archive archive = job.given().openPar1();
        Par1Report report = verify(archive, job);
        return job.purge().after(
                outcome(archive, report, job.verbosity()), () -> volumes(job, archive), List.of());
    }

    private static Par1Report verify(Par1Archive archive, Par2Checking.Job job)
            throws IOException {
        return Par1Verifier.verify(
                archive, job.base(), job.given().extras(), job.searching());
    }

    static Par2Outcome repair(Par2Checking.Job job) throws IOException {
        Par1Archive archive = job.given().openPar1();
        Par1Report report = verify(archive, job);
        return switch (Par1Repairer.repair(archive, report, job.base(), job.computing())) {
            case Par1Result.Repaired done -> job.purge().after(
                    new Par2Outcome(ExitCode.DONE, fields(done), (job.verbosity() == 0 ? ""
                            : findings(archive, report, job.verbosity())) + describe(done)),
                    () -> volumes(job, archive), done.backups());
            case Par1Result.NothingToDo nothing -> job.purge().after(
                    outcome(archive, report, job.verbosity()), () -> volumes(job, archive),
                    List.of());
            case Par1Result.NotRecoverable not ->
                    outcome(archive, report, job.verbosity()).failed();
        };
    }

    /** The files that are good volumes of this set. */
    private static List<Path> volumes(Par2Checking.Job job, Par1Archive archive)
            throws IOException {
        List<Path> volumes = new ArrayList<>();
        for (Path file : job.given().volumes()) {
            try {
                if (Par1Archive.open(List.of(file)).set().equals(archive.set())) {
                    volumes.add(file);
                }
            } catch (Par2Exception e) {
                // No good volume: not ours to remove, whatever it is called.
            }
        }
        return volumes;
    }

    private static Par2Outcome outcome(
            Par1Archive archive, Par1Report report, int verbosity) {
        ExitCode end = switch (report.verdict()) {
            case Verdict.Whole w -> ExitCode.DONE;
            case Verdict.Refused r -> ExitCode.UNREADABLE;
            case Verdict.Repairable r -> ExitCode.FAILED;
            case Verdict.NotRecoverable n -> ExitCode.NOT_RECOVERABLE;
        };
        return new Par2Outcome(end, fields(archive, report), text(archive, report, verbosity));
    }

    private static Map<String, Object> fields(Par1Archive archive, Par1Report report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("format", "PAR1");
        fields.put("verdict", switch (report.verdict()) {
            case Verdict.Whole w -> "whole";
            case Verdict.Refused r -> "refused";
            case Verdict.Repairable r -> "repairable";
            case Verdict.NotRecoverable n -> "not_recoverable";
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

    private static String text(Par1Archive archive, Par1Report report, int verbosity) {
        String files = Figures.count(report.lost()) + " of "
                + Figures.count(report.files().size(), "file") + " lost, "
                + Figures.count(report.volumes().size(), "recovery volume") + " at hand"
                + dependent(report.dependent());
        return findings(archive, report, verbosity) + switch (report.verdict()) {
            case Verdict.Whole w -> "All files are whole.";
            case Verdict.Refused r -> "All others are whole.";
            case Verdict.Repairable r -> "Repair is possible: " + files + ".";
            case Verdict.NotRecoverable n -> "Repair is not possible: " + files + "; "
                    + Figures.count(n.lacking()) + " more would be needed.";
        };
    }

    private static String findings(Par1Archive archive, Par1Report report, int verbosity) {
        List<String> lines = new ArrayList<>();
        if (verbosity > 0) {
            archive.volumes().forEach((number, data) -> lines.add(
                    "volume    " + number + volumeName(data)));
        }
        if (verbosity > 1 && !report.used().isEmpty()) {
            lines.add("needed    volumes " + Par2Info.ranges(report.used()));
        }
        List<String> problems = archive.problems().stream().map(Object::toString).toList();
        Par2Report.addProblems(lines, problems, problems.size(), verbosity);
        report.files().forEach(file -> lines.add(
                Par2Report.line(file.state(), file.file().name(), "")));
        report.others().forEach(file -> lines.add(Par2Report.line(
                file.state(), file.file().name(), " (not covered by the parity)")));
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    private static String volumeName(SliceData data) {
        return data instanceof SliceData.InFile in
                ? ": " + Terminal.safe(in.file().getFileName().toString()) : "";
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
        Par2Report.putRepaired(fields, done.files(), done.found(), done.backups());
        fields.put("volumesUsed", done.used());
        fields.put("volumesDependent", done.dependent());
        return fields;
    }

    private static String describe(Par1Result.Repaired done) {
        return Par2Report.repaired(done.files(), done.found(), done.backups())
                + "All files are whole now, by means of "
                + Figures.count(done.used().size(), "recovery volume")
                + dependent(done.dependent()) + ".";
    }
}
