package net.spillway.tools.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import net.spillway.fec.FileState;
import net.spillway.fec.VerifyReport;
import net.spillway.tools.progress.Figures;

/** What verifying found out, for programs and for people. */
final class Par2Report {
    private Par2Report() {}

    static Map<String, Object> fields(VerifyReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("verdict", switch (report.verdict()) {
            case VerifyReport.Verdict.Whole w -> "whole";
            case VerifyReport.Verdict.Repairable r -> "repairable";
            case VerifyReport.Verdict.NotRecoverable n -> "not recoverable";
        });
        fields.put("blocks", report.totalSlices());
        fields.put("blocksAtHand", report.availableSlices());
        fields.put("recoveryBlocks", report.recoverySlices());
        fields.put("recoveryBlocksLacking",
                report.verdict() instanceof VerifyReport.Verdict.NotRecoverable n
                        ? n.lacking() : 0);
        fields.put("files", report.files().stream().map(Par2Report::fields).toList());
        fields.put("others", report.others().stream().map(Par2Report::fields).toList());
        return fields;
    }

    private static Map<String, Object> fields(VerifyReport.FileReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", report.file().name());
        fields.put("bytes", report.file().length());
        fields.put("state", word(report.state()));
        fields.put("blocks", report.file().sliceCount());
        switch (report.state()) {
            case FileState.Damaged damaged -> fields.put("blocksFound", damaged.slicesFound());
            case FileState.Misnamed misnamed -> fields.put("foundAs", misnamed.path());
            case FileState.Complete complete -> { }
            case FileState.Missing missing -> { }
        }
        return fields;
    }

    /** A line for each file, whole or not, and the verdict. */
    static String text(VerifyReport report) {
        StringBuilder text = new StringBuilder();
        report.files().forEach(file -> line(text, file, ""));
        report.others().forEach(file -> line(text, file, " (not covered by the parity)"));
        String blocks = Figures.count(report.totalSlices() - report.availableSlices()) + " of "
                + Figures.count(report.totalSlices()) + " blocks lacking, "
                + Figures.count(report.recoverySlices(), "recovery block") + " at hand";
        return text + switch (report.verdict()) {
            case VerifyReport.Verdict.Whole w -> "All files are whole.";
            case VerifyReport.Verdict.Repairable r -> "Repair is possible: " + blocks + ".";
            case VerifyReport.Verdict.NotRecoverable n -> "Repair is not possible: " + blocks
                    + "; " + Figures.count(n.lacking()) + " more would be needed.";
        };
    }

    private static void line(StringBuilder text, VerifyReport.FileReport file, String remark) {
        text.append(String.format("%-9s %s%s%s%n", word(file.state()),
                Terminal.safe(file.file().name()), detail(file), remark));
    }

    private static String detail(VerifyReport.FileReport file) {
        return switch (file.state()) {
            case FileState.Damaged damaged -> " (" + Figures.count(damaged.slicesFound()) + " of "
                    + Figures.count(file.file().sliceCount()) + " blocks are good)";
            case FileState.Misnamed misnamed -> " (found as " + misnamed.path() + ")";
            case FileState.Complete complete -> "";
            case FileState.Missing missing -> "";
        };
    }

    static String word(FileState state) {
        return switch (state) {
            case FileState.Complete complete -> "whole";
            case FileState.Damaged damaged -> "damaged";
            case FileState.Missing missing -> "missing";
            case FileState.Misnamed misnamed -> "misnamed";
        };
    }
}
