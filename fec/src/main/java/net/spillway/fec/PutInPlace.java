package net.spillway.fec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Gives finished files their names. */
final class PutInPlace {
    private PutInPlace() {}

    /** Moves each draft to its target; takes back what it did if it can't finish. */
    static List<Path> all(List<Path> drafts, List<Path> targets, boolean overwrite)
            throws IOException {
        List<Path> placed = new ArrayList<>();
        try {
            for (int i = 0; i < drafts.size(); i++) {
                if (overwrite) {
                    Files.move(
                            drafts.get(i), targets.get(i), StandardCopyOption.REPLACE_EXISTING);
                } else {
                    Files.move(drafts.get(i), targets.get(i));
                }
                placed.add(targets.get(i));
            }
            return placed;
        } catch (IOException e) {
            for (Path path : placed) {
                Files.deleteIfExists(path);
            }
            throw e;
        }
    }
}
