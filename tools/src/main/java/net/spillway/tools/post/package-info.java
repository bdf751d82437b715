/**
 * Posting: {@link net.spillway.tools.post.Poster} is the way in, {@code PostRun} tells the story of
 * one post. {@code Splitter} chooses the sizes of slices and articles, {@code PlannedFile} cuts
 * files by them, {@code DataPass} reads each octet once for hashes, parity and sending, {@code
 * PostingPool} gets articles to whichever server takes them, {@code ParityFiles} lays out the .par2
 * volumes, {@code Confirmer} waits for mirrors. {@code PostJournal} remembers all of it for a
 * process that has to go on. The manifest is written last.
 */
package net.spillway.tools.post;
