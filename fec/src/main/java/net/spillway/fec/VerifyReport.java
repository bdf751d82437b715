package net.spillway.fec;

import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What verifying found out.
 *
 * @param set the set
 * @param files the recoverable files: those with slices in the order of the set, then empty ones
 * @param others files that are listed but can't be recovered; they don't count in the verdict
 * @param located where each slice that is at hand lies
 * @param exponents of the recovery slices at hand
 */
public record VerifyReport(
        Par2Set set,
        List<FileReport> files,
        List<FileReport> others,
        SortedMap<Integer, SliceLocation> located,
        List<Integer> exponents) {
    /** A file and its state. */
    public record FileReport(ParFile file, FileState state) {
        /** True if nothing has to be done about the file. */
        public boolean isComplete() {
            return state instanceof FileState.Complete;
        }

        /** True if nothing may be done about the file. */
        public boolean isRefused() {
            return state instanceof FileState.Refused;
        }
    }

    /** The outcome in one word. */
    public sealed interface Verdict {
        /** Every recoverable file is complete. */
        record Whole() implements Verdict {}

        /** Every recoverable file is complete but those that are refused. */
        record Refused() implements Verdict {}

        /** Files can be repaired with {@code recoverySlices} recovery slices, perhaps none. */
        record Repairable(int recoverySlices) implements Verdict {}

        /** {@code lacking} more recovery slices would be needed. */
        record NotRecoverable(int lacking) implements Verdict {}
    }

    public VerifyReport {
        files = List.copyOf(files);
        others = List.copyOf(others);
        located = Collections.unmodifiableSortedMap(new TreeMap<>(located));
        exponents = List.copyOf(exponents);
    }

    /** How many slices the set has. */
    public int totalSlices() {
        return set.sliceCount();
    }

    /** How many of them are at hand. */
    public int availableSlices() {
        return located.size();
    }

    /** How many recovery slices are at hand. */
    public int recoverySlices() {
        return exponents.size();
    }

    /** The slices that are not at hand. */
    public BitSet missing() {
        BitSet missing = new BitSet();
        missing.set(0, totalSlices());
        located.keySet().forEach(missing::clear);
        return missing;
    }

    /** What can be done about the missing slices. */
    public RecoveryPlan plan() {
        BitSet available = new BitSet();
        located.keySet().forEach(available::set);
        return RecoveryPlan.of(totalSlices(), available, exponents);
    }

    /** The recoverable files that are refused; the verdict is about the others, if it can be. */
    public List<FileReport> refused() {
        return files.stream().filter(FileReport::isRefused).toList();
    }

    /** The outcome. */
    public Verdict verdict() {
        List<FileReport> wanted =
                files.stream().filter(file -> !file.isComplete() && !file.isRefused()).toList();
        if (wanted.isEmpty()) {
            return refused().isEmpty() ? new Verdict.Whole() : new Verdict.Refused();
        }
        BitSet missing = missing();
        if (wanted.stream().noneMatch(file -> lacks(file.file(), missing))) {
            return new Verdict.Repairable(0);
        }
        return switch (plan()) {
            case RecoveryPlan.Whole w -> new Verdict.Repairable(0);
            case RecoveryPlan.Repairable r -> new Verdict.Repairable(r.missing().size());
            case RecoveryPlan.Lacking l -> new Verdict.NotRecoverable(l.lacking());
        };
    }

    private static boolean lacks(ParFile file, BitSet missing) {
        int next = missing.nextSetBit(file.firstSlice());
        return next >= 0 && next < file.endSlice();
    }
}
