package net.spillway.relay.session;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Keeps what a session says. */
public final class RecordingOutlet implements Outlet {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final boolean sendsFiles;
    private boolean ready = true;
    private int writes;
    private int consumed;
    private boolean closed;
    private boolean secured;
    private boolean aborted;

    public RecordingOutlet(boolean sendsFiles) {
        this.sendsFiles = sendsFiles;
    }

    /** Everything said so far. */
    public String text() {
        return said.toString(StandardCharsets.UTF_8);
    }

    /** Everything said since the last call. */
    public String take() {
        String text = text();
        said.reset();
        return text;
    }

    void setReady(boolean isReady) {
        ready = isReady;
    }

    int writes() {
        return writes;
    }

    /** Octets of the buffers given back. */
    int consumed() {
        return consumed;
    }

    public boolean isClosed() {
        return closed;
    }

    boolean isAborted() {
        return aborted;
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public boolean sendsFiles() {
        return sendsFiles;
    }

    @Override
    public void write(ByteBuffer octets) {
        writes++;
        byte[] bytes = new byte[octets.remaining()];
        octets.get(bytes);
        said.writeBytes(bytes);
    }

    @Override
    public void write(FileSpan span) {
        ByteBuffer all = ByteBuffer.allocate((int) span.length());
        try (span) {
            span.readInto(all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(all.flip());
    }

    @Override
    public void secure(ByteBuffer lastWords) {
        write(lastWords);
        secured = true;
    }

    boolean isSecured() {
        return secured;
    }

    /** Everything said since the last call, as octets. */
    byte[] takeOctets() {
        byte[] octets = said.toByteArray();
        said.reset();
        return octets;
    }

    @Override
    public void consumed(ByteBuffer received) {
        consumed += received.capacity();
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public void abort() {
        aborted = true;
    }
}
