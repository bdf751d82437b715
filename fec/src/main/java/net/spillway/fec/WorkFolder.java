package net.spillway.fec;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder for files in the making, inside the folder they are for; gone when it is closed, and
 * also when the JVM is told to end before that.
 */
public final class WorkFolder implements AutoCloseable {
    private final Path folder;
    private final Thread atExit = new Thread(this::deleteQuietly, "parity-cleanup");
    private int files;

    /** A fresh hidden folder in {@code base}. */
    public WorkFolder(Path base) throws IOException {
        folder = Files.createTempDirectory(base, ".spillway-");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** A fresh file name. */
    public Path next() {
        return folder.resolve(Integer.toString(files++));
    }

    private void deleteQuietly() {
        try {
            delete();
        } catch (IOException e) {
            // Nobody is left to be told; the folder's name shows whose it was.
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending: whoever comes second finds nothing to delete.
        }
        delete();
    }

    private void delete() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Files.deleteIfExists(entry);
            }
        }
        Files.deleteIfExists(folder);
    }
}
