package net.spillway.fec.par1;

import java.util.List;
import net.spillway.fec.FileState;
import net.spillway.fec.VerifyReport.Verdict;

/**
 * What verifying found out.
 *
 * @param files the recoverable files in the order of the set; of a damaged one nothing is used
 * @param others files that parity was not made for; they don't count in the verdict
 * @param volumes numbers of the volumes at hand
 * @param used the volumes that a repair would use
 * @param dependent volumes that are of no use for just these files, since with those used they give
 *     a singular matrix
 */
public record Par1Report(
        List<FileReport> files,
        List<FileReport> others,
        List<Integer> volumes,
        List<Integer> used,
        List<Integer> dependent) {
    /** A file and its state. */
    public record FileReport(Par1File file, FileState state) {
        /** True if nothing has to be done about the file. */
        public boolean isComplete() {
            return state instanceof FileState.Complete;
        }

        /** True if the file has to be computed: its content is nowhere, and it has some. */
        public boolean isLost() {
            boolean found = isComplete() || state instanceof FileState.Misnamed;
            return !found && file.length() > 0;
        }
    }

    public Par1Report {
        files = List.copyOf(files);
        others = List.copyOf(others);
        volumes = List.copyOf(volumes);
        used = List.copyOf(used);
        dependent = List.copyOf(dependent);
    }

    /** How many files have to be computed. */
    public int lost() {
        return (int) files.stream().filter(FileReport::isLost).count();
    }

    /** The outcome; a file is what a slice is there. */
    public Verdict verdict() {
        if (files.stream().allMatch(FileReport::isComplete)) {
            return new Verdict.Whole();
        }
        return used.size() == lost()
                ? new Verdict.Repairable(used.size())
                : new Verdict.NotRecoverable(lost() - used.size());
    }
}
