package net.spillway.tools.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Gathers what is to be sent and hands it to the system in one piece, an article too. The streams of
 * sockets copy into pieces of at most 128 KiB, and each piece that a server waits for wakes it up:
 * over the loopback 64 KiB at a time cost five times what whole articles do.
 */
final class ChannelOutput extends OutputStream {
    private static final int LEAST = 16 << 10;
    /** Of an article that is longer, so much is sent at a time. */
    private static final int MOST = 1 << 20;
    /** So much goes before it can be seen that it went. */
    static final int MOST_AT_ONCE = 256 << 10;

    private final WritableByteChannel channel;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(LEAST);
    private volatile long sent;

    /** @param channel a blocking one */
    ChannelOutput(WritableByteChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(int octet) throws IOException {
        if (!buffer.hasRemaining()) {
            flush();
        }
        buffer.put((byte) octet);
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
        makeRoom(length);
        for (int done = 0; done < length; ) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int n = Math.min(length - done, buffer.remaining());
            buffer.put(octets, from + done, n);
            done += n;
        }
    }

    private void makeRoom(int length) {
        if (length > buffer.remaining() && buffer.capacity() < MOST) {
            buffer = ByteBuffer.allocateDirect(MOST).put(buffer.flip());
        }
    }

    @Override
    public void flush() throws IOException {
        int end = buffer.flip().limit();
        while (buffer.position() < end) {
            buffer.limit(Math.min(end, buffer.position() + MOST_AT_ONCE));
            sent += channel.write(buffer);
        }
        buffer.clear();
    }

    /** Octets that the system has taken. */
    long sent() {
        return sent;
    }
}
