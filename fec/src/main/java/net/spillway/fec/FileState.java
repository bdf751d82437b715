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

    /**
     * Nothing is there under its name, but it was found under another.
     *
     * @param offered whether it is one of the further files that were to be searched; what was
     *     found beside those of the set may be somebody's copy, and is not to be taken away
     */
    record Misnamed(Path path, boolean offered) implements FileState {}

    /**
     * A link on the way to it leads out of the folder, or nowhere; there nothing is written and
     * nothing is called whole. What lies there is searched all the same if others lack slices.
     */
    record Refused(Path path) implements FileState {}
}
