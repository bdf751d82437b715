package net.spillway.spool.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Everything the spool does to its files: segments, and through {@link #database} H2's too. What
 * has a body here is the disk's own way, which most layers share.
 */
public interface FileLayer {
    /** Makes a file that must not exist yet. */
    AppendFile create(Path file) throws IOException;

    /** Opens an existing file for writing. */
    AppendFile append(Path file) throws IOException;

    /** Opens a file for positional reads and {@code transferTo}. */
    FileChannel read(Path file) throws IOException;

    void rename(Path from, Path to) throws IOException;

    void delete(Path file) throws IOException;

    /** Makes files created, renamed or deleted in that folder so far survive a power cut. */
    void forceFolder(Path folder) throws IOException;

    /** Octets that can still be written there. */
    long usableSpace(Path folder) throws IOException;

    /** The files in a folder; none if there is no such folder. */
    default List<Path> list(Path folder) throws IOException {
        var files = new ArrayList<Path>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                entries.forEach(files::add);
            }
        }
        return files;
    }

    /** Makes a folder, and those above it, if they are missing; they survive a power cut. */
    default void makeFolder(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath();
        if (Files.isDirectory(absolute)) {
            return;
        }
        Path above = absolute.getParent();
        if (above == null) {
            throw new NoSuchFileException(absolute.toString());
        }
        makeFolder(above);
        Files.createDirectories(absolute); // Somebody else may make it at the same moment.
        forceFolder(above);
    }

    /** Tells at any time, without waiting, whether the disk under a file does not answer. */
    default BooleanSupplier hangs(Path file) {
        return () -> false;
    }

    /**
     * The name by which H2 reaches a file in its own layer of files. The disk's begins with
     * "retry:": an interrupted reader closes H2's file, and this opens it again.
     */
    default String database(Path file) {
        return "retry:" + file.toAbsolutePath();
    }
}
