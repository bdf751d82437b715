package net.spillway.conf;

/** How octets travel on a connection. */
public enum Transport {
    /** Plain TCP; {@code nntp://}, customary port 119. */
    PLAIN("nntp", 119),
    /** TLS from the first octet; {@code nntps://}, customary port 563 (RFC 8143). */
    TLS("nntps", 563);

    private final String scheme;
    private final int customaryPort;

    Transport(String scheme, int customaryPort) {
        this.scheme = scheme;
        this.customaryPort = customaryPort;
    }

    /** The URI scheme (RFC 5538), in lower case. */
    public String scheme() {
        return scheme;
    }

    /** The port that is meant when an address with a scheme names none. */
    public int customaryPort() {
        return customaryPort;
    }
}
