package net.spillway.spool.index;

/**
 * What the history knows of a message-ID.
 *
 * @param location of the article, or {@link net.spillway.spool.segment.Location#NONE}
 * @param time     epoch millis from which on it is to be remembered
 */
public record HistoryEntry(long location, long time) {}
