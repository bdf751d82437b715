package net.spillway.relay.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/**
 * An outlet that compresses what is said (RFC 8054). Each write is flushed, so that the client
 * has all of it; the session gathers replies into few writes.
 */
final class DeflatingOutlet implements Outlet {
    /** What flushing adds, and a little for octets that don't compress. */
    private static final int SLACK = 64;

    private final Outlet outlet;
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private boolean ended;

    DeflatingOutlet(Outlet outlet) {
        this.outlet = outlet;
    }

    @Override
    public boolean ready() {
        return outlet.ready();
    }

    @Override
    public boolean sendsFiles() {
        return false;
    }

    @Override
    public void write(ByteBuffer octets) {
        if (ended) {
            return;
        }
        deflater.setInput(octets);
        ByteBuffer out = ByteBuffer.allocate(octets.remaining() / 2 + SLACK);
        // It has flushed everything only when it leaves room.
        while (deflater.deflate(out, Deflater.SYNC_FLUSH) > 0 && !out.hasRemaining()) {
            out = ByteBuffer.allocate(out.capacity() * 2).put(out.flip());
        }
        outlet.write(out.flip());
    }

    @Override
    public void write(FileSpan span) {
        ByteBuffer octets = ByteBuffer.allocate((int) span.length());
        try (span) {
            span.readInto(octets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(octets.flip());
    }

    @Override
    public void secure(ByteBuffer lastWords) {
        throw new IllegalStateException("TLS comes before compression");
    }

    @Override
    public void consumed(ByteBuffer received) {
        outlet.consumed(received);
    }

    @Override
    public void close() {
        outlet.close();
    }

    @Override
    public void abort() {
        outlet.abort();
    }

    /** Gives back memory that the garbage collector does not see. */
    void end() {
        if (!ended) {
            ended = true;
            deflater.end();
        }
    }
}
