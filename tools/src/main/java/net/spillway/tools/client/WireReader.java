package net.spillway.tools.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.spillway.protocol.BlockEnd;

/**
 * Reads reply lines and multi-line blocks from a stream through one growing buffer, in which blocks
 * are handed out without being copied. Not for several threads.
 */
final class WireReader {
    private static final int START = 256 * 1024;
    private static final int LONGEST_LINE = 8 * 1024;
    /** A block this many times too long is not swallowed: the connection is better cut. */
    private static final int SWALLOW_FACTOR = 8;

    private final InputStream in;
    private final int maxBlock;
    private byte[] buffer = new byte[START];
    private int pos;
    private int end;
    private long received;

    /** @param maxBlock longest block that is handed out, in octets of wire form */
    WireReader(InputStream in, int maxBlock) {
        this.in = in;
        this.maxBlock = maxBlock;
    }

    /** Octets read from the stream so far. */
    long received() {
        return received;
    }

    /** The next line without its line end; a bare LF ends it too. */
    String line() throws IOException {
        int scanned = pos;
        while (true) {
            for (int i = scanned; i < end; i++) {
                if (buffer[i] == '\n') {
                    int to = i > pos && buffer[i - 1] == '\r' ? i - 1 : i;
                    String line = new String(buffer, pos, to - pos, StandardCharsets.UTF_8);
                    pos = i + 1;
                    return line;
                }
            }
            if (end - pos > LONGEST_LINE) {
                throw new IOException("a reply line longer than " + LONGEST_LINE + " octets");
            }
            int done = end - pos;
            fill();
            scanned = pos + done;
        }
    }

    /** The next block; empty if it was longer than allowed, and has been read over. */
    Optional<Block> block() throws IOException {
        int searched = 0;
        while (true) {
            int dot = endOfBlock(pos + searched);
            if (dot >= 0) {
                Block block = new Block(buffer, pos, dot);
                pos = dot + 3;
                return Optional.of(block);
            }
            searched = Math.max(0, end - pos - 4);
            if (end - pos > maxBlock) {
                swallow();
                return Optional.empty();
            }
            fill();
        }
    }

    /** Throws away what belongs to a block that is too long, but for four octets of look-back. */
    private void swallow() throws IOException {
        for (long passed = 0; passed < (long) maxBlock * SWALLOW_FACTOR; ) {
            passed += end - 4 - pos;
            pos = end - 4;
            fill();
            int dot = endOfBlock(pos);
            if (dot >= 0) {
                pos = dot + 3;
                return;
            }
        }
        throw new IOException("a block that doesn't end");
    }

    /**
     * The index of the dot in {@code CRLF.CRLF} at or after {@code from}, or of a dot alone at the
     * very beginning; -1 if there is none yet.
     */
    private int endOfBlock(int from) {
        if (from == pos && end - pos >= 3 && buffer[pos] == '.' && buffer[pos + 1] == '\r'
                && buffer[pos + 2] == '\n') {
            return pos;
        }
        return BlockEnd.find(buffer, from, end);
    }

    /** Reads what is there, after making room at the end of the buffer. */
    private void fill() throws IOException {
        if (pos == end) {
            pos = 0;
            end = 0;
        } else if (buffer.length - end < buffer.length / 4) {
            makeRoom();
        }
        int n = in.read(buffer, end, buffer.length - end);
        if (n < 0) {
            throw new EOFException("connection closed by the server");
        }
        end += n;
        received += n;
    }

    /** What was handed out before is free to be overwritten: whoever calls wants the next. */
    private void makeRoom() {
        int held = end - pos;
        if (held > buffer.length / 2) {
            byte[] larger = new byte[Math.multiplyExact(buffer.length, 2)];
            System.arraycopy(buffer, pos, larger, 0, held);
            buffer = larger;
        } else {
            System.arraycopy(buffer, pos, buffer, 0, held);
        }
        pos = 0;
        end = held;
    }
}
