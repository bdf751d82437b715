package net.spillway.relay.access;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import net.spillway.spool.file.DiskFiles;

/**
 * A file with a secret in it, which is nobody's business but ours. It appears whole, or not at all,
 * and is on the disk when it does: a power cut leaves nothing that would not be understood.
 */
public final class PrivateFile {
    private PrivateFile() {
    }

    /**
     * Makes the file, and the folder it is in, unless it is there.
     *
     * @param content is in it if it is made
     */
    public static void makeIfMissing(Path file, byte[] content) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path draft = draft(folder, content);
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            // Somebody was faster; theirs is as good.
        } catch (FileSystemException | UnsupportedOperationException e) {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE); // There are no hard links here.
        } finally {
            Files.deleteIfExists(draft);
        }
        new DiskFiles().forceFolder(folder);
    }

    /** Writes the file, and the folder it is in, in place of one that may be there. */
    public static void replace(Path file, byte[] content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path draft = draft(folder, content);
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
        new DiskFiles().forceFolder(folder);
    }

    /** What is to be a file gets its name only when it is on the disk. */
    private static Path draft(Path folder, byte[] content) throws IOException {
        Path draft = Files.createTempFile(folder, ".draft", "", hasPermissions()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0]);
        try {
            Files.write(draft, content, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            return draft;
        } catch (IOException e) {
            Files.deleteIfExists(draft);
            throw e;
        }
    }

    /** Deletes a file for good; false if there is none. */
    public static boolean delete(Path file) throws IOException {
        boolean deleted = Files.deleteIfExists(file);
        if (deleted) {
            new DiskFiles().forceFolder(file.toAbsolutePath().getParent());
        }
        return deleted;
    }

    /** Whether every user of this machine may read or change it. */
    public static boolean isOpenToOthers(Path file) throws IOException {
        if (!hasPermissions()) {
            return false;
        }
        Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(file);
        return allowed.contains(PosixFilePermission.OTHERS_READ)
                || allowed.contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static boolean hasPermissions() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
