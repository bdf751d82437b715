/**
 * Connections to peers over MINA, plain or with TLS from the first octet. Only this package of the
 * module knows MINA. {@link net.spillway.feed.transport.MinaTransport} connects; {@code MinaWire}
 * is one connection. {@link net.spillway.feed.transport.EventLoop} is where MINA's own loop is mended,
 * for the relay too.
 */
package net.spillway.feed.transport;
