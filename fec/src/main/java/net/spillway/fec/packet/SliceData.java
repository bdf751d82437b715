package net.spillway.fec.packet;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** Bytes that can be read in pieces: a recovery slice in memory or somewhere in a file. */
public interface SliceData {
    /** Number of bytes. */
    long length();

    /**
     * Reads {@code len} bytes from {@code from} on.
     *
     * @throws IOException if they can't be read any more
     */
    void read(long from, byte[] dst, int offset, int len) throws IOException;

    /** Bytes of an array, which is not copied. */
    static SliceData of(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return new InMemory(bytes, offset, length);
    }

    /** All bytes of an array, which is not copied. */
    static SliceData of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** A region of a file, which is opened for each read. */
    static SliceData of(Path file, long offset, long length) {
        return new InFile(file, offset, length);
    }

    /** A slice held in memory. */
    record InMemory(byte[] bytes, int offset, long length) implements SliceData {
        @Override
        public void read(long from, byte[] dst, int dstOffset, int len) {
            Objects.checkFromIndexSize(from, len, length);
            System.arraycopy(bytes, offset + (int) from, dst, dstOffset, len);
        }
    }

    /** A slice that lies in a file. */
    record InFile(Path file, long offset, long length) implements SliceData {
        @Override
        public void read(long from, byte[] dst, int dstOffset, int len) throws IOException {
            Objects.checkFromIndexSize(from, len, length);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                ByteBuffer target = ByteBuffer.wrap(dst, dstOffset, len);
                long at = offset + from;
                while (target.hasRemaining()) {
                    int n = channel.read(target, at);
                    if (n < 0) {
                        throw new EOFException(file + " became shorter while it was read");
                    }
                    at += n;
                }
            }
        }
    }
}
