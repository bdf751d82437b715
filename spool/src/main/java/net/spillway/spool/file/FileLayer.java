package net.spillway.spool.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Everything the spool does to segment files. */
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
}
