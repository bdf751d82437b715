package net.spillway.spool;

import java.time.Instant;

/**
 * A group as it is at one moment.
 *
 * @param status {@code y} posting allowed, {@code n} not, {@code m} moderated
 * @param low    lowest number that may exist; {@code high + 1} while the group is empty
 * @param high   highest number ever given (and visible); never falls; 0 before the first article
 * @param count  articles in it now
 */
public record Newsgroup(String name, char status, String description, long low, long high,
        long count, Instant created) {}
