package net.spillway.fec.par1;

import java.nio.file.Path;
import java.util.List;
import net.spillway.fec.FoundFile;

/** How a repair ended, if not with an exception. */
public sealed interface Par1Result {
    /** Every file was complete already. */
    record NothingToDo() implements Par1Result {}

    /**
     * Every file is complete now.
     *
     * @param files names of the files that were rebuilt, copied or renamed
     * @param found those of them that were found whole under another name
     * @param backups what damaged files are called now
     * @param used the volumes that were used
     * @param dependent volumes that were tried before others had to be, see {@link Par1Report}
     */
    record Repaired(
            List<String> files, List<FoundFile> found, List<Path> backups, List<Integer> used,
            List<Integer> dependent)
            implements Par1Result {
        public Repaired {
            files = List.copyOf(files);
            found = List.copyOf(found);
            backups = List.copyOf(backups);
            used = List.copyOf(used);
            dependent = List.copyOf(dependent);
        }
    }

    /** {@code lacking} more volumes are needed; nothing was touched. */
    record NotRecoverable(int lacking) implements Par1Result {}
}
