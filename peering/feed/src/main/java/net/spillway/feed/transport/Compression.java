package net.spillway.feed.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.apache.mina.core.buffer.IoBuffer;

/**
 * Both directions of a compressed connection (RFC 8054). One thread at a time may deflate, and one
 * inflate.
 */
final class Compression {
    /** What flushing adds, and a little for octets that don't compress. */
    private static final int SLACK = 64;
    /**
     * The most that what is read at once may become. Answers are short and a window has a few
     * thousand of them at most; octets can blow up a thousandfold.
     */
    private static final int MAX_INFLATED = 1 << 20;

    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final Inflater inflater = new Inflater(true);
    private boolean ended;

    /** All of it, flushed, so that the peer can read the last octet. */
    synchronized IoBuffer deflate(ByteBuffer octets) {
        if (ended) {
            return IoBuffer.allocate(0);
        }
        deflater.setInput(octets);
        ByteBuffer out = ByteBuffer.allocate(octets.remaining() / 2 + SLACK);
        // It has flushed everything only when it leaves room.
        while (deflater.deflate(out, Deflater.SYNC_FLUSH) > 0 && !out.hasRemaining()) {
            out = ByteBuffer.allocate(out.capacity() * 2).put(out.flip());
        }
        return IoBuffer.wrap(out.flip());
    }

    /** @throws IOException if it is not compressed as agreed, or blows up beyond all bounds */
    synchronized ByteBuffer inflate(ByteBuffer octets) throws IOException {
        if (ended) {
            return ByteBuffer.allocate(0);
        }
        inflater.setInput(octets);
        ByteBuffer out = ByteBuffer.allocate(Math.min(MAX_INFLATED, 4 * octets.remaining() + SLACK));
        try {
            while (inflater.inflate(out) > 0 && !out.hasRemaining()) {
                if (out.capacity() >= MAX_INFLATED) {
                    throw new IOException("the peer's answers blow up to more than "
                            + MAX_INFLATED + " octets at once");
                }
                out = ByteBuffer.allocate(Math.min(MAX_INFLATED, out.capacity() * 2))
                        .put(out.flip());
            }
        } catch (DataFormatException e) {
            throw new IOException("the peer's answers are not compressed as agreed", e);
        }
        if (inflater.finished() || inflater.needsDictionary()) {
            throw new IOException("the peer's compressed answers come to an end");
        }
        return out.flip();
    }

    /** Gives back memory that the garbage collector does not see. */
    synchronized void end() {
        if (!ended) {
            ended = true;
            deflater.end();
            inflater.end();
        }
    }
}
