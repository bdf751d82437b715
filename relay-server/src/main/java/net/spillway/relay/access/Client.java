package net.spillway.relay.access;

import java.net.InetAddress;

/**
 * The other end of a connection.
 *
 * @param address without port
 * @param tls whether the connection is encrypted
 */
public record Client(InetAddress address, boolean tls) {

    /** The same client after TLS has begun. */
    public Client underTls() {
        return new Client(address, true);
    }

    /** Whether a password may be sent: nobody between can read it. */
    public boolean confidential() {
        return tls || address.isLoopbackAddress();
    }
}
