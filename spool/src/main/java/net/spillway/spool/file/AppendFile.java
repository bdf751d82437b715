package net.spillway.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file open for writing. Used by one thread at a time; but another may ask to {@link #force}. */
public interface AppendFile extends AutoCloseable {
    /**
     * Writes all that remains in the buffer.
     *
     * @throws NoSpaceException if the disk is full; part of it may have been written
     */
    void write(ByteBuffer bytes, long position) throws IOException;

    /**
     * Returns once everything written before it was called would survive a power cut, as fdatasync
     * does; what is written meanwhile may or may not.
     */
    void force() throws IOException;

    /** Cuts the file to that length. */
    void truncate(long length) throws IOException;

    long size() throws IOException;

    @Override
    void close() throws IOException;
}
