package net.spillway.spool;

import java.util.Map;

/** What became of an article handed to {@link Spool#store}. */
public sealed interface StoreOutcome {
    /**
     * It is on the disk (as far as the configured fsync promises) and visible to readers.
     *
     * @param sequence its place in the log, from 1
     * @param numbers  its number in each group it was filed in
     */
    record Stored(ArticleToken token, long sequence, Map<String, Long> numbers)
            implements StoreOutcome {}

    /** Its message-ID is stored or remembered already. Nothing was written. */
    record Duplicate() implements StoreOutcome {}

    /**
     * No space now; the same article may be offered again later. Nothing was kept.
     *
     * @param general whether it is likely that no article at all can be stored, of whatever class
     */
    record NoSpace(String why, boolean general) implements StoreOutcome {}

    /**
     * Could not be stored now, for the reason given. Nothing was kept.
     *
     * @param general as in {@link NoSpace}
     */
    record Failed(String why, boolean general) implements StoreOutcome {}
}
