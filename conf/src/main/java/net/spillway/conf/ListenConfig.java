package net.spillway.conf;

/**
 * Where the relay listens.
 *
 * @param address port 0 lets the system choose
 * @param tls TLS from the first octet
 */
public record ListenConfig(HostPort address, boolean tls) {
}
