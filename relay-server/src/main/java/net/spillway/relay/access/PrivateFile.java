package net.spillway.relay.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file with a secret in it, which is nobody's business but ours. */
public final class PrivateFile {
    private PrivateFile() {
    }

    /**
     * Makes the file, and the folder it is in, unless it is there.
     *
     * @param content is in it if it is made
     */
    public static void makeIfMissing(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        if (Files.exists(file)) {
            return;
        }
        FileAttribute<?>[] ours = hasPermissions() ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
        try (var out = Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE), ours)) {
            out.write(ByteBuffer.wrap(content));
        } catch (FileAlreadyExistsException e) {
            // Somebody was faster; theirs is as good.
            return;
        }
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
