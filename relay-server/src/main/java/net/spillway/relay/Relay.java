package net.spillway.relay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import net.spillway.conf.RelayConfig;

/** A running relay. */
public final class Relay implements AutoCloseable {
    private Relay() {
    }

    /**
     * Opens the spool, starts the feeds and listens. When it returns, clients are served.
     *
     * @throws IOException with a message for the admin: the spool is locked or too new, an address
     *     is in use, a certificate cannot be read. Nothing is left open then
     */
    public static Relay start(RelayConfig config) throws IOException {
        throw new IOException("the relay " + config.identity() + " cannot be started yet");
    }

    /** Where it listens, in the order of the configuration; ports that were 0 are the real ones. */
    public List<InetSocketAddress> nntpAddresses() {
        return List.of();
    }

    /** Waits until the relay has been closed. */
    public void awaitStopped() throws InterruptedException {
    }

    /** Stops cleanly: no new connections, replies under way are finished, feeds, then spool. */
    @Override
    public void close() {
    }
}
