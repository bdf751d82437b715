package net.spillway.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import net.spillway.protocol.MessageId;

/**
 * An article opened for reading. Its octets lie in {@link #channel()} from {@link #position()} on,
 * {@link #length()} of them, exactly as they go over the wire: head, blank line, dot-stuffed body,
 * {@code .CRLF}. The channel is shared: use reads with positions and {@code transferTo} only, and
 * never close it. What was opened stays readable until {@link #close}, whatever is expired or
 * removed meanwhile.
 */
public interface StoredArticle extends AutoCloseable {
    MessageId id();

    /** Its place in the log. */
    long sequence();

    FileChannel channel();

    long position();

    /** Octets on the wire, the final {@code .CRLF} included. */
    int length();

    /** Octets of the header lines with their CRLFs; the body begins two octets after them. */
    int headLength();

    /** Its number in that group, or 0 if it was not filed there. */
    long number(String group);

    /** The header lines, without the blank line. */
    byte[] readHead() throws IOException;

    /** All {@link #length()} octets. */
    byte[] readAll() throws IOException;

    /** Lets go of the segment. May be called twice. */
    @Override
    void close();
}
