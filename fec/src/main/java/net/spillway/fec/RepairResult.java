package net.spillway.fec;

import java.nio.file.Path;
import java.util.List;

/** How a repair ended, if not with an exception. */
public sealed interface RepairResult {
    /** Every file was complete already, or is refused and was left alone. */
    record NothingToDo() implements RepairResult {}

    /**
     * Every file is complete now but those that are refused.
     *
     * @param files names of the files that were rebuilt, copied or renamed
     * @param found those of them that were found whole under another name
     * @param backups what damaged files are called now
     * @param recoverySlices how many recovery slices were used
     */
    record Repaired(
            List<String> files, List<FoundFile> found, List<Path> backups, int recoverySlices)
            implements RepairResult {
        public Repaired {
            files = List.copyOf(files);
            found = List.copyOf(found);
            backups = List.copyOf(backups);
        }
    }

    /** {@code lacking} more recovery slices are needed; nothing was touched. */
    record NotRecoverable(int lacking) implements RepairResult {}
}
