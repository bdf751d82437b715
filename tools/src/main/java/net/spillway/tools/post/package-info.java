/**
 * Posting: A {@code Splitter} plans which slices, articles and recovery
 * slices a set of files becomes, {@link net.spillway.tools.post.Poster} reads each octet once for
 * hashes, parity and sending, and writes the NZB last.
 */
package net.spillway.tools.post;
