package net.spillway.tools.post;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.spillway.fec.ParityEncoder;

/**
 * The recovery slices of a post, one after the other in a file beside the manifest: they need no
 * memory while they are posted, and need not be computed again after a crash.
 */
final class ParityStore implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final int sliceSize;
    private final ByteBuffer buffer;

    private ParityStore(Path file, FileChannel channel, int sliceSize) {
        this.file = file;
        this.channel = channel;
        this.sliceSize = sliceSize;
        this.buffer = ByteBuffer.allocateDirect(Math.min(sliceSize, 1 << 20));
    }

    /** Opens it, and makes it if it is not there. */
    static ParityStore open(Path file, int sliceSize) throws IOException {
        return new ParityStore(file, FileChannel.open(file, StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE), sliceSize);
    }

    /** Writes octets of all recovery slices, from {@code from} on in each. */
    void write(ParityEncoder encoder, int from, int columns) throws IOException {
        byte[] piece = new byte[Math.min(columns, buffer.capacity())];
        for (int i = 0; i < encoder.recoveryCount(); i++) {
            for (int done = 0; done < columns; done += piece.length) {
                int n = Math.min(piece.length, columns - done);
                encoder.recovery(i, done, piece, 0, n);
                buffer.clear().put(piece, 0, n).flip();
                long at = (long) encoder.exponent(i) * sliceSize + from + done;
                while (buffer.hasRemaining()) {
                    at += channel.write(buffer, at);
                }
            }
        }
    }

    /** Everything is on the disk when this returns. */
    void force() throws IOException {
        channel.force(true);
    }

    /** A recovery slice. */
    byte[] slice(int exponent) throws IOException {
        byte[] slice = new byte[sliceSize];
        ByteBuffer into = ByteBuffer.wrap(slice);
        long at = (long) exponent * sliceSize;
        while (into.hasRemaining()) {
            int n = channel.read(into, at);
            if (n < 0) {
                throw new EOFException(file + " is shorter than it was; begin anew with --restart");
            }
            at += n;
        }
        return slice;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    void delete() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
