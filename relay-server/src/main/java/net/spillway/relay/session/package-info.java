/**
 * One client's conversation with the relay, without sockets: octets in through {@link
 * net.spillway.relay.session.NntpSession#receive}, replies out through an {@link
 * net.spillway.relay.session.Outlet}. What a command means is not decided here but by the {@link
 * net.spillway.relay.session.Handler}s in the {@link net.spillway.relay.session.CommandTable}.
 * Start reading at {@code NntpSession}.
 */
package net.spillway.relay.session;
