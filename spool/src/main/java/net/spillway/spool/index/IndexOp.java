package net.spillway.spool.index;

import java.util.List;
import net.spillway.spool.segment.LogRecord;

/** A change to the index that one record of the log asks for. */
public sealed interface IndexOp {
    record Add(ArticleRow row) implements IndexOp {}

    /**
     * @param sequence of the article that was removed
     * @param known    its message-ID, to be known from now on without an article
     */
    record Remove(long sequence, LogRecord.Known known) implements IndexOp {}

    /**
     * Takes out a copy of an article, of whose message-ID later records tell; then does the next.
     *
     * @param sequence of the copy
     */
    record Supersede(long sequence, IndexOp next) implements IndexOp {}

    /** Makes or changes a group; its highest number never falls. */
    record PutGroup(LogRecord.Group group) implements IndexOp {}

    record PutFeed(LogRecord.Feed feed) implements IndexOp {}

    /** Message-IDs to be known without an article. */
    record Remember(List<LogRecord.Known> ids) implements IndexOp {}

    /** Takes out all articles of a segment that was dropped, little by little. */
    record DropSegment(int segment) implements IndexOp {}

    /** A segment belongs to that storage class. */
    record Begun(int segment, String storage) implements IndexOp {}

    /** See {@link LogRecord.Ceiling}. */
    record Ceiling(String group, long number) implements IndexOp {}

    /** Changes nothing, but the log has come this far. */
    record Nothing() implements IndexOp {}

    /**
     * A change, and where the record that asked for it ends.
     *
     * @param sequence of the last article up to there
     */
    record Placed(IndexOp op, int segment, long end, long sequence) {}
}
