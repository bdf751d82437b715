package net.spillway.feed;

/** How a feed stands, taken over all its connections: the best of them counts. */
public enum FeedState {
    /** Not started, or stopped. */
    STOPPED,
    /** Waiting for a while after a failure, before it connects again. */
    BACKING_OFF,
    /** Connecting, greeting, logging in. */
    CONNECTING,
    /** Connected, with one article at a time (RFC 3977, section 6.3.2). */
    IHAVE,
    /** Connected, with CHECK and TAKETHIS (RFC 4644). */
    STREAMING
}
