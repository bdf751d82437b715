package net.spillway.conf;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * The admin page and the metrics, over HTTP.
 *
 * @param listen where; anywhere but on this machine it is HTTPS, with the certificate of TLS
 * @param tokenFile the token that opens it is the first line of this file, which is made if it is
 *     not there
 * @param metricsFrom who reads the metrics without the token
 */
public record AdminConfig(HostPort listen, Path tokenFile, List<Cidr> metricsFrom) {
    /** Where it is when nothing else is said. */
    public static final HostPort DEFAULT_LISTEN = HostPort.of("127.0.0.1", 1180);
    /** The token's file in the data folder. */
    public static final String TOKEN_FILE = "admin.token";

    /** Copies the list. */
    public AdminConfig {
        metricsFrom = List.copyOf(metricsFrom);
    }

    /** Whether it is for this machine alone, so that nobody can listen in. */
    public boolean isLoopback() {
        String host = listen.host();
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        boolean literal = host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.'
                || c >= '0' && c <= '9');
        return literal && InetAddress.ofLiteral(host).isLoopbackAddress();
    }
}
