package net.spillway.relay.session;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * A connection as it is at one moment.
 *
 * @param name of its session
 * @param address at the other end
 * @param tls whether it is under TLS
 * @param compressed whether it is compressed
 * @param user whom the client has logged in as
 * @param peer which peer it is
 * @param rule of access that it comes under
 * @param group it has selected
 * @param since when it was opened
 * @param lastCommand the keyword of its last command; "" before the first
 * @param octetsIn came in on the wire so far
 * @param octetsOut went out on the wire so far
 */
public record ConnectionInfo(String name, InetAddress address, boolean tls, boolean compressed,
        Optional<String> user, Optional<String> peer, String rule, Optional<String> group,
        Instant since, String lastCommand, long octetsIn, long octetsOut) {
}
