package net.spillway.relay.peering;

/**
 * One step of a test of a peer.
 *
 * @param step what was tried
 * @param well whether it went well
 * @param words what came of it, and what to do if it did not go well
 */
public record PeerStep(String step, boolean well, String words) {
}
