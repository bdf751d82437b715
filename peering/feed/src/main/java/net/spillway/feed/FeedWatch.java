package net.spillway.feed;

import net.spillway.protocol.MessageId;
import net.spillway.protocol.Reply;

/** Is told what peers say to what they are offered, on the feeds' threads: be brief there. */
@FunctionalInterface
public interface FeedWatch {
    /** Nobody watches. */
    FeedWatch NONE = (peer, id, reply) -> { };

    /**
     * A peer has answered.
     *
     * @param peer the peer's name
     * @param reply its verdict on an offer or on an article: 238, 438, 431, 239, 439, 335, 435,
     *     436, 235 or 437
     */
    void said(String peer, MessageId id, Reply reply);
}
