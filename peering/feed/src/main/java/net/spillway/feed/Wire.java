package net.spillway.feed;

import java.time.Instant;
import java.util.Optional;

/**
 * The sending side of one connection. Called by one thread; nothing blocks. What is handed over
 * goes out in order, from {@link #flush} on.
 */
public interface Wire {
    /** Sends a line; the CRLF is added. Characters are octets of UTF-8. */
    void line(String line);

    /**
     * Sends an article, and closes it whatever happens. {@link ConnectionEvents#articlesSent} is
     * told when its last octet has been given to the network.
     */
    void article(OutgoingArticle article);

    /**
     * From here on what goes out is compressed, and what comes in too (RFC 8054). Nothing may be
     * on its way in either direction.
     */
    void compress();

    /** Lets everything handed over so far go out. */
    void flush();

    /** How many octets have left so far; tells a slow peer from one that hangs. */
    long octetsWritten();

    /** That many lines told to {@link ConnectionEvents#lines} have been dealt with. */
    void consumed(int lines);

    /** When the certificate ends that the peer showed; empty without TLS. */
    default Optional<Instant> certificateEnds() {
        return Optional.empty();
    }

    /** Ends the connection at once. {@link ConnectionEvents#closed} follows. */
    void close();
}
