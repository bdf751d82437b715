package net.spillway.fec;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder for files in the making, inside the folder they are for; gone when it is closed. */
final class WorkFolder implements AutoCloseable {
    private final Path folder;
    private int files;

    WorkFolder(Path base) throws IOException {
        folder = Files.createTempDirectory(base, ".spillway-");
    }

    /** A fresh file name. */
    Path next() {
        return folder.resolve(Integer.toString(files++));
    }

    @Override
    public void close() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Files.deleteIfExists(entry);
            }
        }
        Files.deleteIfExists(folder);
    }
}
