package net.spillway.feed;

import java.util.Optional;
import net.spillway.conf.HostPort;

/** Makes connections to peers. */
public interface PeerTransport extends AutoCloseable {
    /**
     * Begins to connect and returns at once; whatever comes of it is told to {@code events}. With
     * STARTTLS the connection is told of when TLS stands, and the greeting that came before it is
     * the first line.
     *
     * @param tls how the connection is encrypted; empty: not at all
     */
    void connect(HostPort address, Optional<PeerTls> tls, ConnectionEvents events);

    /** Ends what is open and frees the threads. */
    @Override
    void close();
}
