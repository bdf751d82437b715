package net.spillway.benchmarks.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders, and all that is in them. */
final class Trees {
    private Trees() {}

    static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> tree = Files.walk(folder)) {
            all = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }

    /** The only file of that name below a folder. */
    static Path find(Path folder, String name) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            List<Path> found =
                    tree.filter(path -> path.getFileName().toString().equals(name)).toList();
            if (found.size() != 1) {
                throw new IOException(found.size() + " files " + name + " below " + folder);
            }
            return found.getFirst();
        }
    }
}
