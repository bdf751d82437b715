/**
 * Posting: {@link net.spillway.tools.post.Poster} is the way in. {@code Splitter} chooses the
 * sizes of slices and articles, {@code FilePass} reads each octet once for hashes, parity and
 * sending, {@code PostingPool} gets articles to whichever server takes them, {@code ParityFiles}
 * lays out the .par2 volumes. The manifest is written last.
 */
package net.spillway.tools.post;
