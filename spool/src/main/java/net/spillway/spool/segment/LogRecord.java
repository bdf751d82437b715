package net.spillway.spool.segment;

import java.util.List;

/** A record of the log, without its place. Times are epoch milliseconds. */
public sealed interface LogRecord {
    /** Stands for "not known" in {@link Article#posted}. */
    long NO_TIME = Long.MIN_VALUE;

    /** A group, and the number an article was given in it. */
    record Filed(String group, long number) {}

    /**
     * @param headLength octets of the header lines as stored, Xref included
     * @param size       overview's :bytes
     * @param wireLength octets of the record's body
     */
    record Article(long sequence, long arrival, String id, String source, long posted,
            int headLength, int bodyLines, long size, List<Filed> filed, int wireLength)
            implements LogRecord {}

    /** @param high the highest number ever given */
    record Group(String name, char status, String description, long created, long high)
            implements LogRecord {}

    /** @param sequence of the article that was removed */
    record Tombstone(IdHash id, long sequence, long time) implements LogRecord {}

    record Known(IdHash id, long time) {}

    record Remembered(List<Known> ids) implements LogRecord {}

    record Feed(String name, long cursor, long[] deferred) implements LogRecord {}

    record Dropped(int segment) implements LogRecord {}

    /** A segment is begun in a storage class other than the default one. */
    record Begun(int segment, String storage) implements LogRecord {}

    /**
     * Articles of storage classes other than the default one have no higher number in that group,
     * until another of these says so.
     *
     * @param group empty: it is about sequences
     */
    record Ceiling(String group, long number) implements LogRecord {}

    record Footer(SegmentSummary summary) implements LogRecord {}
}
