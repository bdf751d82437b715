/**
 * Fetching: {@link net.spillway.tools.fetch.Fetcher} is the way in, {@code FetchRun} the order in
 * which things are decided. {@code MirrorSet} gets articles from whichever mirror will have them
 * soonest, {@code TargetFile} puts their parts where they belong, {@code ParitySet} proves and
 * repairs them, {@code Placement} gives the files their names, and never any outside the output
 * folder.
 */
package net.spillway.tools.fetch;
