package net.spillway.spool;

import net.spillway.spool.index.ArticleRow;
import net.spillway.spool.segment.LogRecord;

/** Something that stands in the log now. {@code end} is the offset behind it. */
sealed interface Written {
    int segment();

    long end();

    /** Of the last article up to here. */
    long sequence();

    record Article(Work.Store work, ArticleRow row, LogRecord.Article record, int segment,
            long end, long sequence) implements Written {}

    /** @param sealed the message-IDs in it are in the history's partitions already */
    record Note(LogRecord record, boolean sealed, int segment, long end, long sequence)
            implements Written {}
}
