package net.spillway.relay.trace;

import java.util.Optional;

/**
 * Where an article came from.
 *
 * @param peer the peer's name, or "" if it was posted
 * @param host the address at the other end
 * @param account whom the client had logged in as
 */
public record Origin(String peer, String host, Optional<String> account) {
    /** Whether a client posted it. */
    public boolean isPost() {
        return peer.isEmpty();
    }
}
