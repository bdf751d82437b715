package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.spillway.fec.par1.Par1Names;
import net.spillway.tools.progress.Figures;

/** The files in a folder and in those below it. */
final class Par2Folder {
    private Par2Folder() {}

    /** Whether a file is one of those that are being made. */
    @FunctionalInterface
    interface Own {
        boolean test(Path file) throws IOException;
    }

    /**
     * All files, as par2cmdline takes them, sorted by name: also those that links lead to, and
     * other sets' .par2 files.
     *
     * @param note told one line for each kind of thing that users may expect to be treated otherwise
     */
    static List<Path> files(Path folder, Own own, Consumer<String> note) throws IOException {
        List<Path> files = new ArrayList<>();
        Map<String, List<Path>> odd = new LinkedHashMap<>();
        // A folder that is named may be a link; what is in it is not followed.
        Path start = Files.isSymbolicLink(folder) ? folder.resolve(".") : folder;
        try (Stream<Path> tree = Files.walk(start)) {
            for (Path path : (Iterable<Path>) tree.sorted()::iterator) {
                Path file = path.toAbsolutePath().normalize();
                if (Files.isRegularFile(path)) {
                    files.add(file);
                }
                String oddity = oddity(path);
                if (!oddity.isEmpty() && !own.test(file)) {
                    odd.computeIfAbsent(oddity, k -> new ArrayList<>()).add(path.normalize());
                }
            }
        }
        odd.forEach((oddity, paths) -> note.accept(oddity + ": " + paths.getFirst()
                + (paths.size() == 1 ? "" : " and " + Figures.count(paths.size() - 1) + " more")));
        return files;
    }

    private static String oddity(Path path) {
        if (Files.isSymbolicLink(path)) {
            return Files.isRegularFile(path) ? "taken as the file that the link leads to"
                    : Files.isDirectory(path) ? "left out, a link to a folder"
                            : "left out, a link that leads to no file";
        }
        if (Files.isRegularFile(path)) {
            return Par2Files.isPar2Name(path) ? "taken too, though it is a .par2 file"
                    : Par1Names.isVolumeName(path.getFileName().toString())
                            ? "taken too, though it is called like a PAR1 file" : "";
        }
        return Files.isDirectory(path) ? "" : "left out, neither file nor folder";
    }
}
