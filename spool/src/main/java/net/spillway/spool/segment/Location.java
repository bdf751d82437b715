package net.spillway.spool.segment;

/** Segment and offset of a record packed in one long: 23 bits and 40 bits. Never negative. */
public final class Location {
    /** No record: the message-ID is only remembered. */
    public static final long NONE = 0;

    private Location() {}

    public static long of(int segment, long offset) {
        return (long) segment << SegmentFormat.OFFSET_BITS | offset;
    }

    public static int segment(long location) {
        return (int) (location >>> SegmentFormat.OFFSET_BITS);
    }

    public static long offset(long location) {
        return location & (1L << SegmentFormat.OFFSET_BITS) - 1;
    }
}
