package net.spillway.relay.session;

/** What a command asks of whoever sends it. */
public enum Right {
    /** Nothing. */
    PUBLIC,
    /** To be able to log in: not done yet, and nobody can listen to the password. */
    LOGIN,
    /** To be able to begin TLS: not done yet, and there is a certificate. */
    START_TLS,
    /** To be able to compress: not done yet, and there is something that may be done here. */
    COMPRESS,
    /** Some group to read. */
    READ,
    /** NEWNEWS, which searches everything. */
    NEWNEWS,
    /** Some group to post to. */
    POST,
    /** To be a configured peer. */
    FEED,
    /** To see how the relay is. */
    STATUS,
    /** Some group to look after. */
    ADMIN
}
