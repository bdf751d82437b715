package net.spillway.tools.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.spillway.fec.FileState;
import net.spillway.fec.FoundFile;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.ParFile;
import net.spillway.fec.SliceLocation;
import net.spillway.fec.VerifyReport;
import net.spillway.fec.packet.PacketProblem;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Figures;

/** What verifying found out, for programs and for people. */
final class Par2Report {
    /** More skipped packets than that are listed only when much is to be said. */
    private static final int FEW_PROBLEMS = 5;

    private final Par2Archive archive;
    private final VerifyReport report;
    private final Par2OtherSets others;

    Par2Report(Par2Archive archive, VerifyReport report) {
        this.archive = archive;
        this.report = report;
        others = Par2OtherSets.of(archive);
    }

    Par2OtherSets otherSets() {
        return others;
    }

    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("verdict", switch (report.verdict()) {
            case VerifyReport.Verdict.Whole w -> "whole";
            case VerifyReport.Verdict.Refused r -> "refused";
            case VerifyReport.Verdict.Repairable r -> "repairable";
            case VerifyReport.Verdict.NotRecoverable n -> "not_recoverable";
        });
        fields.put("blocks", report.totalSlices());
        fields.put("blocksAtHand", report.availableSlices());
        fields.put("recoveryBlocks", report.recoverySlices());
        fields.put("recoveryBlocksLacking",
                report.verdict() instanceof VerifyReport.Verdict.NotRecoverable n
                        ? n.lacking() : 0);
        fields.put("files", report.files().stream().map(this::fields).toList());
        fields.put("others", report.others().stream().map(this::fields).toList());
        putWhatWasLeft(fields);
        return fields;
    }

    /** Files that nothing may be done about, those of other sets, packets that were skipped. */
    void putWhatWasLeft(Map<String, Object> fields) {
        fields.put("refused", report.refused().stream().map(file -> file.file().name()).toList());
        others.put(fields);
        putProblems(fields);
    }

    /** A sentence about files that are refused, and what to do; empty if there are none. */
    String refused() {
        int count = report.refused().size();
        return count == 0 ? "" : " " + Figures.count(count, "file") + (count == 1 ? " is" : " are")
                + " refused: a link to a folder outside, or to none, is on the way, and"
                + " nothing is written through it. Put the folder itself where the link is, or choose"
                + " with -B a folder that has it.";
    }

    /** How a command ends that cannot do more about the files than was done. */
    ExitCode doneButForRefused() {
        return report.refused().isEmpty() ? ExitCode.DONE : ExitCode.UNREADABLE;
    }

    /** The first of the packets that were skipped, and how many there were. */
    private void putProblems(Map<String, Object> fields) {
        fields.put("problems", problems());
        fields.put("problemCount", archive.problemCount());
    }

    private List<String> problems() {
        return archive.problems().stream().map(PacketProblem::toString).toList();
    }

    private Map<String, Object> fields(VerifyReport.FileReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", report.file().name());
        fields.put("bytes", report.file().length());
        fields.put("state", word(report.state()));
        fields.put("blocks", report.file().sliceCount());
        switch (report.state()) {
            case FileState.Damaged damaged -> {
                fields.put("blocksFound", damaged.slicesFound());
                contents(report).ifPresent(other -> fields.put("contentsOf", other.name()));
            }
            case FileState.Misnamed misnamed -> fields.put("foundAs", misnamed.path());
            case FileState.Refused refused -> { }
            case FileState.Complete complete -> { }
            case FileState.Missing missing -> { }
        }
        return fields;
    }

    /** What was found, and the verdict. */
    String text(int verbosity) {
        String blocks = Figures.count(report.totalSlices() - report.availableSlices()) + " of "
                + Figures.count(report.totalSlices(), "block") + " lacking, "
                + Figures.count(report.recoverySlices(), "recovery block") + " at hand";
        return findings(verbosity) + switch (report.verdict()) {
            case VerifyReport.Verdict.Whole w -> others.all() + " whole.";
            case VerifyReport.Verdict.Refused r -> "All others are whole.";
            case VerifyReport.Verdict.Repairable r -> "Repair is possible: " + blocks + ".";
            case VerifyReport.Verdict.NotRecoverable n -> "Repair is not possible: " + blocks
                    + "; " + Figures.count(n.lacking()) + " more would be needed. Other files that"
                    + " may hold some can be named behind the set.";
        } + refused() + others.sentences();
    }

    /** A line for each file, whole or not, and for what was skipped; more if that is wished. */
    String findings(int verbosity) {
        List<String> lines = new ArrayList<>();
        if (verbosity > 0) {
            Par2Info.volumes(archive.recovery()).forEach((name, exponents) -> lines.add(
                    "volume    " + Terminal.safe(name) + ": " + Par2Info.ranges(exponents)));
        }
        addProblems(lines, problems(), archive.problemCount(), verbosity);
        for (VerifyReport.FileReport file : byName(report.files())) {
            lines.add(line(file, ""));
            if (verbosity > 0 && !file.isComplete() && !file.isRefused()) {
                addLacking(lines, file.file());
            }
            if (verbosity > 1 && !file.isComplete() && !file.isRefused()) {
                addFound(lines, file.file());
            }
        }
        byName(report.others()).forEach(
                file -> lines.add(line(file, " (not covered by the parity)")));
        return lines.isEmpty() ? ""
                : String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    /** In a set they are in an order that means nothing to people. */
    private static List<VerifyReport.FileReport> byName(List<VerifyReport.FileReport> files) {
        return files.stream().sorted(Comparator.comparing(file -> file.file().name())).toList();
    }

    /** As many of the problems as are wished, and how many there are besides. */
    static void addProblems(List<String> lines, List<String> problems, int count, int verbosity) {
        int shown = verbosity > 0 || problems.size() <= FEW_PROBLEMS + 1
                ? problems.size() : FEW_PROBLEMS;
        problems.subList(0, shown).forEach(
                problem -> lines.add("skipped   " + Terminal.safe(problem)));
        if (shown < count) {
            lines.add("skipped   " + Figures.count(count - shown) + " more things"
                    + (shown < problems.size() ? " (-v lists them)" : ""));
        }
    }

    private String line(VerifyReport.FileReport file, String remark) {
        return contents(file)
                .map(other -> line(word(file.state()), file.file().name(), " (its contents are those of "
                        + Terminal.safe(other.name()) + ")" + remark))
                .orElseGet(() -> line(file.state(), file.file().name(), detail(file) + remark));
    }

    /** The other file of the set that lies whole under the name of this one, as after a swap. */
    private Optional<ParFile> contents(VerifyReport.FileReport file) {
        return file.state() instanceof FileState.Damaged damaged
                ? archive.set().files().stream()
                        .filter(other -> !other.id().equals(file.file().id())
                                && isAllOf(damaged.path(), other)).findFirst()
                : Optional.empty();
    }

    private boolean isAllOf(Path path, ParFile file) {
        return file.sliceCount() > 0 && slices(file).allMatch(slice -> {
            SliceLocation at = report.located().get(slice);
            return at != null && at.file().equals(path)
                    && at.offset() == (slice - file.firstSlice()) * archive.set().sliceSize();
        }) && path.toFile().length() == file.length();
    }

    /** One file's line; also PAR1's. */
    static String line(FileState state, String name, String remark) {
        String found = state instanceof FileState.Misnamed misnamed
                ? " (found as " + Terminal.path(misnamed.path()) + ")" : "";
        String why = state instanceof FileState.Refused
                ? " (a link on the way leads out of the folder, or nowhere)" : "";
        return line(word(state), name, found + why + remark);
    }

    private static String line(String word, String name, String remark) {
        return String.format("%-9s %s%s", word, Terminal.safe(name), remark);
    }

    private static String detail(VerifyReport.FileReport file) {
        return file.state() instanceof FileState.Damaged damaged
                ? " (" + Figures.count(damaged.slicesFound()) + " of "
                        + Figures.count(file.file().sliceCount()) + " blocks are good)" : "";
    }

    private void addLacking(List<String> lines, ParFile file) {
        List<Integer> lacking = slices(file)
                .filter(slice -> !report.located().containsKey(slice))
                .map(slice -> slice - file.firstSlice()).boxed().toList();
        if (!lacking.isEmpty()) {
            lines.add("          lacking: " + Par2Info.ranges(lacking));
        }
    }

    /** Where blocks lie that are not where they ought to be, runs of them in one line. */
    private void addFound(List<String> lines, ParFile file) {
        List<Integer> run = new ArrayList<>();
        SliceLocation start = null;
        for (int slice : slices(file).toArray()) {
            SliceLocation here = report.located().get(slice);
            boolean goesOn = !run.isEmpty() && here != null && here.file().equals(start.file())
                    && here.offset() - start.offset() == run.size() * archive.set().sliceSize();
            if (!goesOn) {
                addRun(lines, run, start);
                run.clear();
                start = here;
            }
            if (here != null) {
                run.add(slice - file.firstSlice());
            }
        }
        addRun(lines, run, start);
    }

    private static void addRun(List<String> lines, List<Integer> run, SliceLocation start) {
        if (!run.isEmpty()) {
            Path name = start.file().getFileName();
            lines.add("          found: " + Par2Info.ranges(run) + " in "
                    + Terminal.safe(name.toString()) + " from octet "
                    + Figures.count(start.offset()) + " on");
        }
    }

    private static IntStream slices(ParFile file) {
        return IntStream.range(file.firstSlice(), file.endSlice());
    }

    /** What became of files, for programs. */
    static void putRepaired(
            Map<String, Object> fields, List<String> names, List<FoundFile> found,
            List<Path> backups) {
        fields.put("verdict", "repaired");
        fields.put("repaired", names);
        fields.put("renamed", found.stream().filter(FoundFile::renamed).map(Par2Report::fields)
                .toList());
        fields.put("copied", found.stream().filter(Predicate.not(FoundFile::renamed))
                .map(Par2Report::fields).toList());
        fields.put("backups", backups);
    }

    private static Map<String, Object> fields(FoundFile file) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", file.name());
        fields.put("from", file.from());
        return fields;
    }

    /** A line for each file that was repaired, and for each that was kept. */
    static String repaired(List<String> names, List<FoundFile> found, List<Path> backups) {
        Map<String, FoundFile> byName = found.stream()
                .collect(Collectors.toMap(FoundFile::name, Function.identity()));
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            FoundFile file = byName.get(name);
            text.append("repaired  ").append(Terminal.safe(name))
                    .append(file == null ? "" : (file.renamed() ? " (renamed from "
                            : " (copied from ") + Terminal.path(file.from()) + ")")
                    .append(System.lineSeparator());
        }
        backups.forEach(path -> text.append("kept      ").append(Terminal.path(path))
                .append(System.lineSeparator()));
        return text.toString();
    }

    static String word(FileState state) {
        return switch (state) {
            case FileState.Complete complete -> "whole";
            case FileState.Damaged damaged -> "damaged";
            case FileState.Missing missing -> "missing";
            case FileState.Misnamed misnamed -> "misnamed";
            case FileState.Refused refused -> "refused";
        };
    }
}
