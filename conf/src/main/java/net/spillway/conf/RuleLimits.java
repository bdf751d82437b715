package net.spillway.conf;

/**
 * What a rule allows each of those it is for: each user who logged in, and each address of those
 * who did not. Several connections of one share it.
 *
 * @param connections at once
 * @param bytesPerSecond octets sent to it
 * @param postsPerHour articles it may post
 * @param bytesPerHour octets sent to it and posted by it
 */
public record RuleLimits(int connections, long bytesPerSecond, int postsPerHour,
        long bytesPerHour) {

    /** No limits but those of the relay. */
    public static final RuleLimits NONE = new RuleLimits(
            Integer.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);
}
