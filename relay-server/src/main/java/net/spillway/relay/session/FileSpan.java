package net.spillway.relay.session;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A piece of a file that is to be sent.
 *
 * @param position offset in the file
 * @param length octets, 0 or more
 * @param release gives back what keeps the file open; run once, by {@link #close()}
 */
public record FileSpan(FileChannel channel, long position, long length, Runnable release)
        implements AutoCloseable {

    /** The rest of this span after its first octets; it takes over the release. */
    FileSpan after(int octets) {
        return new FileSpan(channel, position + octets, length - octets, release);
    }

    /** Reads from the start of the span until the buffer is full or the span is used up. */
    int readInto(ByteBuffer buffer) throws IOException {
        int wanted = (int) Math.min(buffer.remaining(), length);
        int limit = buffer.limit();
        buffer.limit(buffer.position() + wanted);
        long at = position;
        while (buffer.hasRemaining()) {
            int n = channel.read(buffer, at);
            if (n < 0) {
                throw new EOFException("a segment ends before the article in it does");
            }
            at += n;
        }
        buffer.limit(limit);
        return wanted;
    }

    @Override
    public void close() {
        release.run();
    }
}
