package net.spillway.conf;

import java.time.Duration;

/**
 * What one relay bears from outside.
 *
 * @param connections at once in all; the next is told 400 and closed
 * @param connectionsPerAddress at once from one address; the next is told 400 and closed
 * @param maxArticle the largest article taken, in octets on the wire
 * @param maxLine the longest line of an article, in octets without its CRLF
 * @param pipelineBytes how many octets of articles that wait for the disk a connection may have
 *     with us before we stop reading from it
 * @param idleTimeout a connection that is silent for longer is closed (RFC 3977, 3.1: at least
 *     three minutes)
 */
public record LimitsConfig(
        int connections,
        int connectionsPerAddress,
        long maxArticle,
        int maxLine,
        long pipelineBytes,
        Duration idleTimeout) {

    /** 2 MiB: twice the largest part that posters commonly make, and below what readers bear. */
    public static final long DEFAULT_MAX_ARTICLE = 2L << 20;

    /** The smallest limit on articles that can be set. */
    static final long MIN_MAX_ARTICLE = 1L << 10;
    /** The largest limit on articles that can be set: an article is held in memory. */
    static final long MAX_MAX_ARTICLE = 256L << 20;

    /** Every limit at its default. */
    public static final LimitsConfig DEFAULT = new LimitsConfig(
            2000, 200, DEFAULT_MAX_ARTICLE, 16 * 1024, 8 << 20, Duration.ofMinutes(10));
}
