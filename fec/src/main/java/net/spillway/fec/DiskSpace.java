package net.spillway.fec;

import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Locale;

/** Whether there is room for files, asked before work begins rather than when the disk is full. */
public final class DiskSpace {
    private DiskSpace() {}

    /**
     * Asks for room in a folder; where the system can't tell, there is enough of it.
     *
     * @throws FileSystemException if there is less than so many bytes, giving both numbers
     */
    public static void require(Path folder, long bytes) throws FileSystemException {
        if (folder.getFileSystem() == FileSystems.getDefault()) {
            require(folder, bytes, folder.toAbsolutePath().toFile().getUsableSpace());
        }
    }

    /** The same; {@code free} is 0 where the system can't tell. */
    static void require(Path folder, long bytes, long free) throws FileSystemException {
        if (free > 0 && free < bytes) {
            throw new FileSystemException(
                    folder.toString(), null,
                    String.format(Locale.ROOT, "the disk is too full: %,d bytes are needed, %,d are"
                            + " free", bytes, free));
        }
    }
}
