package net.spillway.tools.client;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Counts the octets that went through. */
final class CountedOutput extends FilterOutputStream {
    private volatile long sent;

    CountedOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int octet) throws IOException {
        out.write(octet);
        sent++;
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
        out.write(octets, from, length);
        sent += length;
    }

    long sent() {
        return sent;
    }
}
