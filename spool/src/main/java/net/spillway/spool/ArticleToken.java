package net.spillway.spool;

/**
 * Where an article lies in the log. Good for messages and tests; readers use message-IDs, numbers
 * and sequences.
 *
 * @param segment number of the segment file, from 1
 * @param offset  of the record within that file
 */
public record ArticleToken(int segment, long offset) {
    @Override
    public String toString() {
        return "segment " + segment + " at " + offset;
    }
}
