package net.spillway.feed;

import java.nio.channels.FileChannel;

/**
 * An article in wire form, its final {@code .CRLF} included, as it lies in a file. Whoever holds
 * it closes it, once.
 *
 * @param channel the file, shared: read it by position only
 * @param position where the article begins
 * @param length its octets
 * @param release what closing does
 */
public record OutgoingArticle(FileChannel channel, long position, int length, Runnable release)
        implements AutoCloseable {
    @Override
    public void close() {
        release.run();
    }
}
