/**
 * Looks after peers while the relay runs. {@link net.spillway.relay.peering.PeerAdmin} is what the
 * commands call; {@link net.spillway.relay.peering.Joining} makes peers of two relays by a token,
 * {@link net.spillway.relay.peering.PeerFolder} keeps what that comes to, {@link
 * net.spillway.relay.peering.PeerTest} says in words what keeps a peer from being fed, and {@link
 * net.spillway.relay.peering.Backfills} gives a peer the past.
 */
package net.spillway.relay.peering;
