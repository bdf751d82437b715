package net.spillway.fec;

import java.nio.file.Path;

/**
 * A file that was got back from where it lay under another name.
 *
 * @param name its name in the set
 * @param from where it lay
 * @param renamed true if it is no longer there, false if it was copied
 */
public record FoundFile(String name, Path from, boolean renamed) {}
