package net.spillway.tools;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/** Ends with an error where more is read than there may be. */
public final class BoundedInput extends FilterInputStream {
    private final Supplier<IOException> tooMuch;
    private long left;

    /**
     * A stream of at most so many octets.
     *
     * @param tooMuch what to say of more
     */
    public BoundedInput(InputStream in, long most, Supplier<IOException> tooMuch) {
        super(in);
        this.left = most;
        this.tooMuch = tooMuch;
    }

    @Override
    public int read() throws IOException {
        int octet = super.read();
        count(octet < 0 ? 0 : 1);
        return octet;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int got = super.read(into, from, length);
        count(Math.max(0, got));
        return got;
    }

    private void count(int octets) throws IOException {
        left -= octets;
        if (left < 0) {
            throw tooMuch.get();
        }
    }
}
