package net.spillway.relay.access;

import java.net.InetAddress;
import java.util.Set;

/**
 * The other end of a connection.
 *
 * @param address without port
 * @param tls whether the connection is encrypted
 * @param certificate what the certificate it has shown is called: {@code sha256:HEX}, and its
 *     names if somebody we trust vouches for them; empty if it has shown none
 */
public record Client(InetAddress address, boolean tls, Set<String> certificate) {

    /** Copies the set. */
    public Client {
        certificate = Set.copyOf(certificate);
    }

    /** A client that has shown no certificate. */
    public Client(InetAddress address, boolean tls) {
        this(address, tls, Set.of());
    }

    /** The same client after TLS has begun and it has shown this, or nothing. */
    public Client underTls(Set<String> shown) {
        return new Client(address, true, shown);
    }

    /** Whether a password may be sent: nobody between can read it. */
    public boolean confidential() {
        return tls || address.isLoopbackAddress();
    }
}
