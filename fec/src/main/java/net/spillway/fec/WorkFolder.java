package net.spillway.fec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder for files in the making, inside the folder they are for; gone when it is closed, and
 * also when the JVM is told to end before that. What a process that was killed has left goes when
 * the next one makes such a folder there: a lock tells whether anybody is at work in it. What is being put in place when the JVM is told to
 * end is put in place first: half of it would be worse than all or nothing.
 */
public final class WorkFolder implements AutoCloseable {
    private static final String PREFIX = ".spillway-";
    private static final Pattern NAME = Pattern.compile("\\.spillway-[0-9]+");
    private static final String LOCK = "lock";

    /** Whoever makes a folder has locked it by then. */
    private static final Duration LOCKED_WITHIN = Duration.ofMinutes(1);

    /** How often cleaning up begins anew because other threads are still making files. */
    private static final int ATTEMPTS = 100;

    private final Thread atExit = new Thread(this::deleteQuietly, "parity-cleanup");

    /** Null until it is made. */
    private Path folder;
    private FileChannel lock;
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
                deleteAbandoned(base);
                folder = create(base);
                lock = lock(folder);
            } catch (IOException e) {
                forgetAtExit();
                throw e;
            }
        }
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

    /** Where locks cannot be had the folder stays if this process is killed. */
    private static FileChannel lock(Path folder) throws IOException {
        FileChannel lock = FileChannel.open(folder.resolve(LOCK),
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            lock.tryLock();
        } catch (IOException e) {
            Files.delete(folder.resolve(LOCK)); // So that nobody takes it for abandoned.
        }
        return lock;
    }

    private static void deleteAbandoned(Path base) {
        try (Stream<Path> there = Files.list(base)) {
            there.filter(path -> NAME.matcher(path.getFileName().toString()).matches()
                    && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                    && Files.isRegularFile(path.resolve(LOCK), LinkOption.NOFOLLOW_LINKS))
                    .forEach(WorkFolder::deleteIfAbandoned);
        } catch (IOException | UncheckedIOException e) {
            // It is in nobody's way.
        }
    }

    private static void deleteIfAbandoned(Path folder) {
        Path file = folder.resolve(LOCK);
        try (FileChannel lock = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Instant locked = Files.getLastModifiedTime(file).toInstant();
            if (locked.isBefore(Instant.now().minus(LOCKED_WITHIN)) && lock.tryLock() != null) {
                deleteOnce(folder);
            }
        } catch (IOException | OverlappingFileLockException e) {
            // Somebody is at work in it, or it is not ours.
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
        if (lock != null) {
            lock.close(); // Some systems delete no open file.
        }
        for (int i = 0; folder != null && Files.exists(folder); i++) {
            try {
                deleteOnce(folder);
            } catch (DirectoryNotEmptyException e) {
                if (i == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static void deleteOnce(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Files.deleteIfExists(entry);
            }
        }
        Files.deleteIfExists(folder);
    }
}
