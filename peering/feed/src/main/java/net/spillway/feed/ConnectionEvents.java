package net.spillway.feed;

import java.util.List;

/**
 * What happens on one connection, in order. Told by a thread of the transport, so nothing here may
 * block. {@code closed} is told exactly once, last, also when the connection never came about.
 */
public interface ConnectionEvents {
    /** The connection stands (with TLS: the handshake may still be under way). */
    void connected(Wire wire);

    /** Lines came in, without their line ends. An over-long one ends the connection. */
    void lines(List<String> lines);

    /** So many more of the articles handed to the wire have gone out whole, in order. */
    void articlesSent(int count);

    /** The connection is over or did not come about; says why. */
    void closed(String why);
}
