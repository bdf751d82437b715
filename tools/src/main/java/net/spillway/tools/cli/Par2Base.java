package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.spillway.fec.SafeNames;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;

/** The folder that names in a set begin from. */
final class Par2Base {
    private Par2Base() {}

    /**
     * Sees that files can have names in a set, and says which folder would do if this one does not.
     *
     * @param base absolute, as are the files
     * @throws CommandFailure if one lies elsewhere, or is reached by a link that leads out of the
     *     folder: verifying would refuse it
     */
    static void requireAll(Path base, Collection<Path> files) throws IOException {
        for (Path file : files) {
            if (!file.startsWith(base)) {
                throw new CommandFailure(ExitCode.USAGE, file + " is not inside the folder " + base
                        + ", and names in the set begin from there; -B " + common(files)
                        + " has them begin from a folder that all are in.");
            }
        }
        Map<Path, Path> firstIn = new LinkedHashMap<>();
        files.forEach(file -> firstIn.putIfAbsent(file.getParent(), file));
        for (Path file : firstIn.values()) {
            if (isThere(file) && !SafeNames.isInside(base, file)) {
                throw new CommandFailure(ExitCode.USAGE, file + " is refused: a link on the way"
                        + " leads out of the folder " + base + ", and nothing would be repaired"
                        + " there. Name it by its real path, " + real(file) + ", with -B "
                        + common(real(files))
                        + ", which verify and repair need then too; or leave it out.");
            }
        }
    }

    /** Whether its folder is there: if not, neither is the file, and then that is what is wrong. */
    private static boolean isThere(Path file) {
        return Files.exists(file.getParent());
    }

    private static Path real(Path file) throws IOException {
        return file.getParent().toRealPath().resolve(file.getFileName());
    }

    private static List<Path> real(Collection<Path> files) throws IOException {
        List<Path> real = new ArrayList<>();
        for (Path file : files) {
            if (isThere(file)) {
                real.add(real(file));
            }
        }
        return real;
    }

    /** The deepest folder that all files are in. */
    private static Path common(Collection<Path> files) {
        Path folder = files.iterator().next().getParent();
        for (Path file : files) {
            while (folder.getParent() != null && !file.startsWith(folder)) {
                folder = folder.getParent();
            }
        }
        return folder;
    }
}
