/**
 * Connections to peers over MINA, plain or with TLS from the first octet. Only this package of the
 * module knows MINA. {@link net.spillway.feed.transport.MinaTransport} connects; {@code MinaWire}
 * is one connection.
 */
package net.spillway.feed.transport;
