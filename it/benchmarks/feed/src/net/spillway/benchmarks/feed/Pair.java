package net.spillway.benchmarks.feed;

import java.io.IOException;
import java.nio.file.Path;

/** A kind of news server, of which the first feeds a second. */
interface Pair {
    /** The address that the load generator comes from. */
    String LOADER = "127.0.0.5";
    /** The one group. */
    String GROUP = "bench.feed";

    /** What the table calls it. */
    String name();

    /** Its version and how it is set up, in a line. */
    String description() throws IOException, InterruptedException;

    /** Starts both in an empty folder, and returns when both serve. */
    Both start(Path folder) throws IOException, InterruptedException;
}
