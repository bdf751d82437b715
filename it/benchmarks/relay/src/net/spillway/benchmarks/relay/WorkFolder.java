package net.spillway.benchmarks.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where servers keep what they are measured with. */
public final class WorkFolder {
    private WorkFolder() {}

    /** A new folder that INN's user can reach, removed when the JVM ends. */
    public static Path make(Path in, String prefix) throws IOException {
        Path work = Files.createTempDirectory(in, prefix);
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(work)));
        return work;
    }

    /** Removes a folder with all that is in it; complains if it cannot. */
    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println(folder + " could not be removed: " + e.getMessage());
        }
    }
}
