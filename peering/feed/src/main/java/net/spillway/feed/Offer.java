package net.spillway.feed;

import net.spillway.protocol.MessageId;

/**
 * An article to be offered to a peer.
 *
 * @param sequence its place in the log
 * @param id its message-ID
 * @param wireLength its length on the wire, in octets
 * @param attempts how often it has been put off already
 */
record Offer(long sequence, MessageId id, int wireLength, int attempts) {
}
