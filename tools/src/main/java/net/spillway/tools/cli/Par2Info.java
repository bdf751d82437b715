package net.spillway.tools.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.spillway.fec.ParFile;
import net.spillway.fec.Par2Archive;
import net.spillway.fec.Par2Set;
import net.spillway.fec.packet.PacketProblem;
import net.spillway.fec.packet.SliceData;
import net.spillway.fec.par1.Par1Archive;
import net.spillway.fec.par1.Par1File;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Figures;

/** What is in the files of a set, for programs and for people. */
final class Par2Info {
    private Par2Info() {}

    static Par2Outcome of(Par2Archive archive) {
        Par2Set set = archive.set();
        SortedMap<String, List<Integer>> volumes = volumes(archive.recovery());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("format", "PAR2");
        fields.put("setId", set.id().toString());
        fields.put("creator", set.creator());
        fields.put("blockSize", set.sliceSize());
        fields.put("blocks", set.sliceCount());
        fields.put("bytes", set.totalLength());
        fields.put("recoveryBlocks", archive.recovery().size());
        fields.put("files", set.recoverable().stream().map(Par2Info::fields).toList());
        fields.put("others", set.others().stream().map(Par2Info::fields).toList());
        fields.put("volumes", volumes.entrySet().stream().map(volume -> Map.of(
                "name", volume.getKey(), "exponents", volume.getValue())).toList());
        Par2OtherSets others = Par2OtherSets.of(archive);
        others.put(fields);
        fields.put("problems", problems(archive.problems()));
        fields.put("problemCount", archive.problemCount());
        List<String> lines = new ArrayList<>();
        lines.add("set         " + set.id());
        if (!set.creator().isEmpty()) {
            lines.add("made by     " + Terminal.safe(set.creator()));
        }
        lines.add("blocks      " + Figures.count(set.sliceCount()) + " of "
                + Figures.count(set.sliceSize()) + " octets");
        lines.add("recovery    " + Figures.count(archive.recovery().size(), "block"));
        lines.add("files       " + Figures.count(set.recoverable().size()) + ", "
                + Figures.bytes(set.totalLength()));
        Stream.concat(set.recoverable().stream(), set.others().stream())
                .sorted(Comparator.comparing(ParFile::name))
                .forEach(file -> lines.add(line(file)));
        volumes.forEach((name, exponents) -> lines.add(
                "volume      " + Terminal.safe(name) + ": " + ranges(exponents)));
        addProblems(lines, archive.problems());
        int more = archive.problemCount() - archive.problems().size();
        if (more > 0) {
            lines.add("problem     " + Figures.count(more) + " more");
        }
        if (!others.isEmpty()) {
            lines.add(others.sentences().strip());
        }
        return new Par2Outcome(
                ExitCode.DONE, fields, String.join(System.lineSeparator(), lines));
    }

    private static Map<String, Object> fields(ParFile file) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", file.name());
        fields.put("bytes", file.length());
        fields.put("blocks", file.sliceCount());
        fields.put("md5", file.md5().toString());
        fields.put("blockChecksums", file.hasChecksums());
        return fields;
    }

    static String line(ParFile file) {
        String blocks = file.sliceCount() == 0 && file.length() > 0
                ? "not covered" : Figures.count(file.sliceCount(), "block");
        return "file        " + Terminal.safe(file.name()) + " (" + Figures.count(file.length())
                + " octets, " + blocks + ")" + (file.hasChecksums() ? "" : " without checksums");
    }

    static SortedMap<String, List<Integer>> volumes(
            SortedMap<Integer, SliceData> recovery) {
        SortedMap<String, List<Integer>> volumes = new TreeMap<>();
        recovery.forEach((exponent, data) -> {
            if (data instanceof SliceData.InFile in) {
                volumes.computeIfAbsent(in.file().getFileName().toString(),
                        name -> new ArrayList<>()).add(exponent);
            }
        });
        return volumes;
    }

    /** Such as {@code 0-7, 12}. */
    static String ranges(List<Integer> sorted) {
        StringBuilder text = new StringBuilder();
        for (int i = 0, next; i < sorted.size(); i = next) {
            next = i + 1;
            while (next < sorted.size() && sorted.get(next) - sorted.get(i) == next - i) {
                next++;
            }
            text.append(text.isEmpty() ? "" : ", ").append(sorted.get(i));
            text.append(next > i + 1 ? "-" + sorted.get(next - 1) : "");
        }
        return text.toString();
    }

    static Par2Outcome of(Par1Archive archive) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("format", "PAR1");
        fields.put("setId", archive.set().id().toString());
        fields.put("blockSize", archive.set().blockSize());
        fields.put("files", archive.set().files().stream().map(Par2Info::fields).toList());
        fields.put("volumes", List.copyOf(archive.volumes().keySet()));
        fields.put("problems", problems(archive.problems()));
        List<String> lines = new ArrayList<>();
        lines.add("set         " + archive.set().id() + " (PAR1)");
        lines.add("files       " + Figures.count(archive.set().files().size())
                + ", the longest " + Figures.count(archive.set().blockSize()) + " octets");
        archive.set().files().forEach(file -> lines.add("file        "
                + Terminal.safe(file.name()) + " (" + Figures.count(file.length()) + " octets)"
                + (file.recoverable() ? "" : " not covered")));
        lines.add("volumes     " + (archive.volumes().isEmpty()
                ? "none" : ranges(List.copyOf(archive.volumes().keySet()))));
        addProblems(lines, archive.problems());
        return new Par2Outcome(
                ExitCode.DONE, fields, String.join(System.lineSeparator(), lines));
    }

    private static Map<String, Object> fields(Par1File file) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", file.name());
        fields.put("bytes", file.length());
        fields.put("md5", file.md5().toString());
        fields.put("covered", file.recoverable());
        return fields;
    }

    private static List<String> problems(List<PacketProblem> problems) {
        return problems.stream().map(PacketProblem::toString).toList();
    }

    private static void addProblems(List<String> lines, List<PacketProblem> problems) {
        problems.forEach(problem -> lines.add("problem     " + Terminal.safe(problem.toString())));
    }
}
