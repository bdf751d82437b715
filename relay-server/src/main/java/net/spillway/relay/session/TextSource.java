package net.spillway.relay.session;

import java.io.IOException;

/**
 * The lines of a multi-line reply, made piece by piece while they are sent, so that a list of a
 * million lines needs no memory for a million lines.
 */
@FunctionalInterface
public interface TextSource {
    /**
     * The next whole lines in wire form (CRLF, dot-stuffed), without the final {@code .CRLF}; an
     * empty array is allowed; null after the last piece.
     */
    byte[] next() throws IOException;
}
