/**
 * Segments: the append-only files that are the truth of a spool. Start reading at
 * {@link net.spillway.spool.segment.SegmentFormat}, which draws the bytes;
 * {@link net.spillway.spool.segment.SegmentAppender} writes them,
 * {@link net.spillway.spool.segment.SegmentScanner} reads them in order and
 * {@link net.spillway.spool.segment.SegmentStore} keeps the set of files. No index, no threads.
 */
package net.spillway.spool.segment;
