package net.spillway.conf;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Objects;

/**
 * An address to connect to or to listen on.
 *
 * @param host a name or a literal address; an IPv6 address stands here without its brackets
 * @param port 0 to 65535; 0 is of use for listening only, where the system then chooses
 * @param transport plain or TLS from the first octet
 */
public record HostPort(String host, int port, Transport transport) {
    private static final int MAX_HOST = 253;

    /** Checks the ranges. */
    public HostPort {
        Objects.requireNonNull(host);
        Objects.requireNonNull(transport);
        checkHost(host);
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
        }
    }

    /** A plain address. */
    public static HostPort of(String host, int port) {
        return new HostPort(host, port, Transport.PLAIN);
    }

    /**
     * Reads {@code HOST:PORT}, {@code nntp://HOST[:PORT]} or {@code nntps://HOST[:PORT]}; IPv6
     * addresses in brackets, as in {@code [::1]:119}. No name is looked up.
     *
     * @throws IllegalArgumentException with a message that says what is wrong with the text
     */
    public static HostPort parse(String text) {
        Transport transport = Transport.PLAIN;
        String rest = text.strip();
        int scheme = rest.indexOf("://");
        if (scheme >= 0) {
            transport = transportOf(rest.substring(0, scheme));
            rest = rest.substring(scheme + 3);
            if (rest.endsWith("/")) {
                rest = rest.substring(0, rest.length() - 1);
            }
        }
        int colon = portColon(rest);
        if (colon < 0 && scheme < 0) {
            boolean isPort = rest.matches("\\d{1,5}");
            throw new IllegalArgumentException(isPort
                    ? "\"" + text + "\" names no host; write HOST:PORT, such as 127.0.0.1:" + rest
                    : "\"" + text + "\" names no port; write HOST:PORT, such as " + rest + ":119");
        }
        int port = colon < 0 ? transport.customaryPort() : parsePort(rest.substring(colon + 1));
        String host = unbracket(colon < 0 ? rest : rest.substring(0, colon));
        return new HostPort(host, port, transport);
    }

    private static Transport transportOf(String scheme) {
        String wanted = scheme.toLowerCase(Locale.ROOT);
        for (Transport transport : Transport.values()) {
            if (transport.scheme().equals(wanted)) {
                return transport;
            }
        }
        throw new IllegalArgumentException(
                "\"" + scheme + "://\" is not spoken here; write nntp:// or nntps://");
    }

    private static int portColon(String rest) {
        if (rest.startsWith("[")) {
            int bracket = rest.indexOf(']');
            if (bracket < 0) {
                throw new IllegalArgumentException("\"" + rest + "\" lacks a closing bracket");
            }
            if (bracket + 1 == rest.length()) {
                return -1;
            }
            if (rest.charAt(bracket + 1) != ':') {
                throw new IllegalArgumentException(
                        "\"" + rest + "\" has something other than :PORT after the bracket");
            }
            return bracket + 1;
        }
        int colon = rest.indexOf(':');
        if (colon >= 0 && rest.indexOf(':', colon + 1) >= 0) {
            throw new IllegalArgumentException(
                    "\"" + rest + "\" has several colons; write an IPv6 address in brackets,"
                            + " such as [::1]:119");
        }
        return colon;
    }

    private static int parsePort(String digits) {
        if (digits.isEmpty() || digits.length() > 5
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("\"" + digits + "\" is not a port number");
        }
        return Integer.parseInt(digits);
    }

    private static String unbracket(String host) {
        if (!host.startsWith("[")) {
            return host;
        }
        String inside = host.substring(1, host.length() - 1);
        if (inside.indexOf(':') < 0) {
            throw new IllegalArgumentException(
                    "brackets are for IPv6 addresses, and \"" + inside + "\" is none");
        }
        return inside;
    }

    private static void checkHost(String host) {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("the host is missing before the port");
        }
        if (host.length() > MAX_HOST) {
            throw new IllegalArgumentException("the host name is longer than 253 characters");
        }
        if (host.indexOf(':') >= 0) {
            InetAddress.ofLiteral(host);
            return;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c == 0x7f || "/@?#[]\"\\*".indexOf(c) >= 0) {
                throw new IllegalArgumentException(
                        "\"" + host + "\" is not a host name or address");
            }
        }
    }

    /** True if TLS is spoken from the first octet. */
    public boolean tls() {
        return transport == Transport.TLS;
    }

    /** Looks the name up (which can block) and gives the address for the JDK. */
    public InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    /** {@code HOST:PORT}, an IPv6 address in brackets, without a scheme. */
    public String hostAndPort() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** A text that {@link #parse} reads back as the same value. */
    @Override
    public String toString() {
        return tls() ? transport.scheme() + "://" + hostAndPort() : hostAndPort();
    }
}
