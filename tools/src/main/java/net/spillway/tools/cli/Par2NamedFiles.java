package net.spillway.tools.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Mixin: the files of a set, and nothing else. */
final class Par2NamedFiles extends Par2Files {
    @Parameters(arity = "0..*", paramLabel = "PAR2-FILE", preprocessor = Par2Names.class,
            description = {
        FIRST,
        "Then more .par2 files; those that are none are left out."})
    private List<Path> named = List.of();

    @Override
    List<Path> named() {
        return named;
    }
}
