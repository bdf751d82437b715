package net.spillway.feed;

/**
 * How one article stands with one peer, as far as the feed's position tells.
 *
 * @param peer the peer's name
 * @param state what is known
 * @param verdict what the feed's rules say of the article
 */
public record FeedFate(String peer, State state, FeedPolicy.Verdict verdict) {
    /** How far the feed is with it. */
    public enum State {
        /** The feed's rules keep it from the peer. */
        NOT_OFFERED,
        /** It will be offered. */
        WAITING,
        /** It was offered, and the peer asked for it later, or was lost on the way. */
        DEFERRED,
        /** It was offered, and the peer took it or refused it. */
        SETTLED
    }
}
