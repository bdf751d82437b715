package net.spillway.fec;

import java.nio.file.Path;

/** What became of a file of a set. */
public sealed interface FileState {
    /** It is there, with the right length and hash. */
    record Complete(Path path) implements FileState {}

    /**
     * Something else is there under its name.
     *
     * @param slicesFound how many of its slices were recognised in it
     */
    record Damaged(Path path, int slicesFound) implements FileState {}

    /** Nothing is there under its name. */
    record Missing() implements FileState {}

    /** Nothing is there under its name, but it was found under another. */
    record Misnamed(Path path) implements FileState {}
}
