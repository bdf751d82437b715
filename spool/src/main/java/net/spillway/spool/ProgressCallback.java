package net.spillway.spool;

/** Told from time to time how far a long work on segments has come. */
@FunctionalInterface
public interface ProgressCallback {
    /** Tells nobody. */
    ProgressCallback NONE = (articles, bytes, totalBytes) -> {};

    /**
     * @param articles   read so far
     * @param bytes      of segments read so far
     * @param totalBytes of all segments to be read
     */
    void progress(long articles, long bytes, long totalBytes);
}
