package net.spillway.relay.access;

import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Lets one of several programs at a time change something. What is locked for that is an empty
 * file beside what is changed, which may itself be replaced by another file; it is left there,
 * since taking it away would let two in at once.
 */
final class LockFile {
    /** What is done while nobody else does it. */
    @FunctionalInterface
    interface Change<T> {
        T run() throws IOException;
    }

    private LockFile() {
    }

    /** Waits until it is our turn, and runs the change. */
    static <T> T holding(Path file, Change<T> change) throws IOException {
        synchronized (LockFile.class) { // The system's locks are between programs, not threads.
            makeIfMissing(file);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.lock();
                return change.run();
            }
        }
    }

    /**
     * There is nothing in it. It is for who may change what it is for: the folder's owner, and its
     * group where that may write there. Anybody else could hold the lock, and stop them.
     */
    private static void makeIfMissing(Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            return;
        } catch (AccessDeniedException e) {
            Path folder = file.toAbsolutePath().getParent();
            throw new IOException("nothing may be written in " + folder + "; do it as "
                    + Files.getOwner(folder).getName() + ", whose it is", e);
        }
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Path folder = file.toAbsolutePath().getParent();
            FolderOwner.take(file, folder);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(
                    Files.getPosixFilePermissions(folder).contains(GROUP_WRITE)
                            ? "rw-rw----" : "rw-------"));
        }
    }
}
