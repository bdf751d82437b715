package net.spillway.fec;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** Whether there is room for files, asked before work begins rather than when the disk is full. */
public final class DiskSpace {
    private DiskSpace() {}

    /**
     * Asks for room in a folder; where the system can't tell, there is enough of it.
     *
     * @throws FileSystemException if there is less than so many bytes, giving both numbers; or if
     *     nothing could be written there anyway, which more room would not change
     */
    public static void require(Path folder, long bytes) throws FileSystemException {
        if (folder.getFileSystem() == FileSystems.getDefault()) {
            require(folder, bytes, folder.toAbsolutePath().toFile().getUsableSpace(),
                    () -> isReadOnly(folder));
        }
    }

    private static boolean isReadOnly(Path folder) {
        try {
            return Files.getFileStore(folder).isReadOnly();
        } catch (IOException e) {
            return false;
        }
    }

    /** The same; {@code free} is 0 where the system can't tell. */
    static void require(Path folder, long bytes, long free, BooleanSupplier readOnly)
            throws FileSystemException {
        if (free > 0 && free < bytes) {
            if (readOnly.getAsBoolean()) {
                throw new FileSystemException(
                        folder.toString(), null, "the file system is read-only");
            }
            throw new FileSystemException(
                    folder.toString(), null,
                    String.format(Locale.ROOT, "the disk is too full: %,d bytes are needed, %,d are"
                            + " free", bytes, free));
        }
    }
}
