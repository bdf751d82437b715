/**
 * Sockets and TLS, by Apache MINA, which is seen nowhere else in this module. {@link
 * net.spillway.relay.transport.Listeners} accepts connections; each is a {@code MinaConnection},
 * whose session runs on a {@code Strand}, so that MINA's own threads never wait for a disk.
 */
package net.spillway.relay.transport;
