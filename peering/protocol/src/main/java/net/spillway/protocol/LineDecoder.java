package net.spillway.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts a stream of octets into lines, however the stream is cut into buffers. Memory is bounded
 * by the longest line allowed; a longer one is swallowed, reported, and the next line is read as
 * usual. One owner at a time.
 *
 * <pre>{@code
 * while (decoder.feed(buffer)) {
 *     switch (decoder.line()) { ... }
 * }
 * }</pre>
 */
public final class LineDecoder {
    static final byte[] CRLF = {'\r', '\n'};

    /** What became of a line. */
    public sealed interface Line permits Complete, TooLong {}

    /** A line without its end; it may still hold NUL or bare CR, which parsers refuse. */
    public record Complete(byte[] bytes) implements Line {}

    /** A line of more octets than allowed; what it said is gone. */
    public record TooLong(int limit) implements Line {}

    private final int limit;
    private final boolean bareLfEnds;
    private byte[] bytes = new byte[128];
    private int length;
    private boolean tooLong;
    private boolean lastWasCr;
    private Line line;

    private LineDecoder(int limit, boolean bareLfEnds) {
        if (limit < 2) {
            throw new IllegalArgumentException("a line has at least the 2 octets of its CRLF");
        }
        this.limit = limit;
        this.bareLfEnds = bareLfEnds;
    }

    /**
     * For a server: people at a terminal end their commands with a bare LF, so that ends a line.
     *
     * @param limit longest line in octets, its CRLF included
     */
    public static LineDecoder forCommands(int limit) {
        return new LineDecoder(limit, true);
    }

    /**
     * For a client: only CRLF ends a line.
     *
     * @param limit longest line in octets, its CRLF included
     */
    public static LineDecoder forReplies(int limit) {
        return new LineDecoder(limit, false);
    }

    /** Takes octets up to the end of a line; true if there is one, false if more is needed. */
    public boolean feed(ByteBuffer in) {
        line = null;
        while (in.hasRemaining()) {
            byte b = in.get();
            if (b == '\n' && (bareLfEnds || lastWasCr)) {
                finish();
                return true;
            }
            lastWasCr = b == '\r';
            append(b);
        }
        return false;
    }

    /**
     * The line that {@link #feed} has just completed.
     *
     * @throws IllegalStateException if it completed none
     */
    public Line line() {
        if (line == null) {
            throw new IllegalStateException("no line is complete");
        }
        return line;
    }

    /** Whether some octets of an unfinished line have been taken. */
    public boolean isMidLine() {
        return length > 0 || tooLong;
    }

    private void append(byte b) {
        if (tooLong) {
            return;
        }
        // One octet of the limit is left for the LF.
        if (length == limit - 1) {
            tooLong = true;
            length = 0;
            return;
        }
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(limit, bytes.length * 2));
        }
        bytes[length++] = b;
    }

    private void finish() {
        line = tooLong ? new TooLong(limit)
                : new Complete(Arrays.copyOf(bytes, lastWasCr ? length - 1 : length));
        length = 0;
        tooLong = false;
        lastWasCr = false;
    }
}
