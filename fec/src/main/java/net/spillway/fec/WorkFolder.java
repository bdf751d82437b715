package net.spillway.fec;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A folder for files in the making, inside the folder they are for; gone when it is closed, and
 * also when the JVM is told to end before that. What is being put in place when the JVM is told to
 * end is put in place first: half of it would be worse than all or nothing.
 */
public final class WorkFolder implements AutoCloseable {
    /** How often cleaning up begins anew because other threads are still making files. */
    private static final int ATTEMPTS = 100;

    private static final String PREFIX = ".spillway-";

    /** As the JDK makes them of the prefix. */
    private static final Pattern NAME = Pattern.compile("\\.spillway-\\d+");

    private final Thread atExit = new Thread(this::deleteQuietly, "parity-cleanup");

    /** Null until it is made. */
    private Path folder;
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
     * @throws IOException if the JVM is ending; then there is no folder
     */
    public WorkFolder(Path base) throws IOException {
        this(base, Runtime.getRuntime()::addShutdownHook);
    }

    /** The same; {@code register} is given what cleans up at the end. */
    WorkFolder(Path base, Consumer<Thread> register) throws IOException {
        try {
            // Before there is a folder: it would stay if the JVM began to end in between.
            register.accept(atExit);
        } catch (IllegalStateException e) {
            throw interrupted();
        }
        synchronized (this) {
            if (gone) {
                throw interrupted();
            }
            try {
                folder = create(base);
            } catch (IOException e) {
                forgetAtExit();
                throw e;
            }
        }
    }

    /**
     * Folders in {@code base} that look like those of runs that were killed, or of runs under way:
     * no lock is sure on every file system, so that only people can tell, and remove them.
     */
    public static List<Path> leftIn(Path base) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(base, PREFIX + "*")) {
            for (Path entry : entries) {
                if (NAME.matcher(entry.getFileName().toString()).matches()
                        && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(entry);
                }
            }
        }
        Collections.sort(found);
        return found;
    }

    private static IOException interrupted() {
        return new IOException("interrupted before anything was put in place");
    }

    /** Who asked for something in {@code base} knows nothing of a folder with a chance name. */
    private static Path create(Path base) throws IOException {
        try {
            return Files.createTempDirectory(base, PREFIX);
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
            throw interrupted();
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
        forgetAtExit();
        delete();
    }

    private void forgetAtExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending: whoever comes second finds nothing to delete.
        }
    }

    private synchronized void delete() throws IOException {
        gone = true;
        for (int i = 0; folder != null && Files.exists(folder); i++) {
            try {
                deleteOnce();
            } catch (DirectoryNotEmptyException e) {
                if (i == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void deleteOnce() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Files.deleteIfExists(entry);
            }
        }
        Files.deleteIfExists(folder);
    }
}
