package net.spillway.feed;

import java.util.Optional;
import javax.net.ssl.X509ExtendedTrustManager;
import net.spillway.conf.HostPort;

/** Makes connections to peers. */
public interface PeerTransport extends AutoCloseable {
    /**
     * Begins to connect and returns at once; whatever comes of it is told to {@code events}.
     *
     * @param trust what the peer's certificate is checked with; present if the address asks for
     *     TLS
     */
    void connect(HostPort address, Optional<X509ExtendedTrustManager> trust,
            ConnectionEvents events);

    /** Ends what is open and frees the threads. */
    @Override
    void close();
}
