/**
 * Fetching: {@link net.spillway.tools.fetch.Fetcher} decides what is needed,
 * a {@code MirrorSet} gets it from whichever mirror will have it soonest,
 * an {@code Assembler} puts it where it belongs and proves it.
 */
package net.spillway.tools.fetch;
