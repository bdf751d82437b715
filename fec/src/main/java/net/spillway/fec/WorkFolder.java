package net.spillway.fec;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A folder for files in the making, inside the folder they are for; gone when it is closed, and
 * also when the JVM is told to end before that. What is being put in place when the JVM is told to
 * end is put in place first: half of it would be worse than all or nothing.
 */
public final class WorkFolder implements AutoCloseable {
    private final Path folder;
    private final Thread atExit = new Thread(this::deleteQuietly, "parity-cleanup");
    private int files;
    private boolean gone;

    /** The last steps of some work. */
    @FunctionalInterface
    public interface Steps<T> {
        T run() throws IOException;
    }

    /**
     * A fresh hidden folder in {@code base}.
     *
     * @throws FileSystemException that names {@code base}, if nothing can be written there
     */
    public WorkFolder(Path base) throws IOException {
        folder = create(base);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Who asked for something in {@code base} knows nothing of a folder with a chance name. */
    private static Path create(Path base) throws IOException {
        try {
            return Files.createTempDirectory(base, ".spillway-");
        } catch (AccessDeniedException e) {
            throw named(new AccessDeniedException(base.toString()), e);
        } catch (NoSuchFileException e) {
            throw named(new NoSuchFileException(base.toString()), e);
        } catch (FileSystemException e) {
            throw named(new FileSystemException(base.toString(), null, e.getReason()), e);
        }
    }

    private static FileSystemException named(
            FileSystemException better, FileSystemException cause) {
        better.initCause(cause);
        return better;
    }

    /** A fresh file name. */
    public Path next() {
        return folder.resolve(Integer.toString(files++));
    }

    /**
     * Takes the last steps, in which finished files get their names.
     *
     * @throws IOException if the JVM is ending and the files are gone; then no step was taken
     */
    public synchronized <T> T finish(Steps<T> steps) throws IOException {
        if (gone) {
            throw new IOException("interrupted before anything was put in place");
        }
        return steps.run();
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

    private synchronized void delete() throws IOException {
        gone = true;
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
