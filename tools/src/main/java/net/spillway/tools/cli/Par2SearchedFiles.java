package net.spillway.tools.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Mixin: the files of a set, and others to search for its blocks. */
final class Par2SearchedFiles extends Par2Files {
    @Parameters(arity = "0..*", paramLabel = "FILE", preprocessor = Par2Names.class,
            description = {
        FIRST,
        "Then more .par2 files of the set, and other files to search for blocks: NAME.par2 * is"
                + " fine. .par2 files of other sets are not looked at, which is said."})
    private List<Path> named = List.of();

    @Override
    List<Path> named() {
        return named;
    }
}
