package net.spillway.conf;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How we connect to a peer that we send to.
 *
 * @param starttls whether TLS is begun with STARTTLS (RFC 4642); nothing is sent without it then
 * @param tlsCa PEM with the authorities its certificate is checked against; empty: the JDK's
 * @param login ours at it
 * @param compress whether to ask for COMPRESS DEFLATE (RFC 8054)
 * @param streaming whether to try MODE STREAM (RFC 4644) before IHAVE
 * @param connections how many connections we open to it, 1 to 32
 * @param bytesPerSecond the most octets of articles it is sent a second over all of them;
 *     {@link Long#MAX_VALUE}: no limit
 */
public record LinkConfig(
        boolean starttls,
        Optional<Path> tlsCa,
        Optional<Credentials> login,
        boolean compress,
        boolean streaming,
        int connections,
        long bytesPerSecond) {

    /** What holds unless said otherwise: connections. */
    public static final int DEFAULT_CONNECTIONS = 2;
    /** What holds unless said otherwise. */
    public static final LinkConfig DEFAULT = new LinkConfig(false, Optional.empty(),
            Optional.empty(), false, true, DEFAULT_CONNECTIONS, Long.MAX_VALUE);
    /** What holds unless said otherwise, with STARTTLS. */
    public static final LinkConfig STARTTLS = new LinkConfig(true, Optional.empty(),
            Optional.empty(), false, true, DEFAULT_CONNECTIONS, Long.MAX_VALUE);
}
