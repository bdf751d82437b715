package net.spillway.spool.segment;

/**
 * What is in a segment, for expiry.
 *
 * @param first    sequence of the first article; 0 if there is none
 * @param last     sequence of the last one; 0 if there is none
 * @param earliest arrival, epoch millis; of a segment without articles the largest long
 * @param latest   arrival; of a segment without articles the smallest long
 */
public record SegmentSummary(long first, long last, long articles, long earliest, long latest) {
    public static final SegmentSummary EMPTY =
            new SegmentSummary(0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);

    public SegmentSummary with(long sequence, long arrival) {
        return new SegmentSummary(articles == 0 ? sequence : first, sequence, articles + 1,
                Math.min(earliest, arrival), Math.max(latest, arrival));
    }
}
