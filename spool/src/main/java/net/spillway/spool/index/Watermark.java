package net.spillway.spool.index;

/**
 * How far into the log the index has come.
 *
 * @param segment  0 if it holds nothing
 * @param end      offset behind the last record that is in it
 * @param sequence of the last article up to there
 */
public record Watermark(int segment, long end, long sequence) {
    public static final Watermark START = new Watermark(0, 0, 0);

    /** Whether a record that ends there is in the index already. */
    public boolean covers(int otherSegment, long otherEnd) {
        return otherSegment < segment || otherSegment == segment && otherEnd <= end;
    }
}
