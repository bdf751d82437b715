package net.spillway.fec;

import java.nio.file.Path;

/**
 * Where a good slice lies.
 *
 * @param offset where in the file it starts
 * @param length its bytes in the file; the rest of it are zeros
 */
public record SliceLocation(Path file, long offset, int length) {}
