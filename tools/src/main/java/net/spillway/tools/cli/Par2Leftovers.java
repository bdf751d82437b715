package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.spillway.fec.WorkFolder;
import net.spillway.tools.progress.Figures;

/**
 * What runs that were killed have left: hidden folders, which may be large and which nobody would
 * find. They are not removed, since a run may be under way, and nothing tells that for sure.
 */
final class Par2Leftovers {
    private Par2Leftovers() {}

    /** Says so in one line if there are any in these folders; to be called before work begins. */
    static void tell(Par2Progress phases, Path... folders) {
        List<Path> left = new ArrayList<>();
        long bytes = 0;
        for (Path folder : Arrays.stream(folders)
                .map(folder -> folder.toAbsolutePath().normalize()).distinct().toList()) {
            try {
                left.addAll(WorkFolder.leftIn(folder));
            } catch (IOException e) {
                // What cannot be read there will be said when it is needed.
            }
        }
        for (Path folder : left) {
            bytes += bytes(folder);
        }
        if (!left.isEmpty()) {
            boolean one = left.size() == 1;
            phases.note(Terminal.path(left.getFirst())
                    + (one ? "" : " and " + Figures.count(left.size() - 1) + " more")
                    + ": left by " + (one ? "a run that was" : "runs that were") + " killed, "
                    + Figures.bytes(bytes) + "; remove " + (one ? "it" : "them")
                    + " if no other run is under way here");
        }
    }

    private static long bytes(Path folder) {
        long bytes = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    bytes += Files.size(entry);
                }
            }
        } catch (IOException e) {
            return bytes; // A run that is under way has just put things in place.
        }
        return bytes;
    }
}
