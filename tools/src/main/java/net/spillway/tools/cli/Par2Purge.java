package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.spillway.tools.ExitCode;
import picocli.CommandLine.Option;

/** Mixin: removing what nobody needs once all files are whole. */
final class Par2Purge {
    @Option(names = {"-p", "--purge"}, description =
            "If all files are whole at the end, remove the set's .par2 files and the damaged files"
                    + " that this repair has kept.")
    private boolean purge;

    /** Which files a set lies in; finding out may mean reading them. */
    @FunctionalInterface
    interface Volumes {
        List<Path> files() throws IOException;
    }

    /** Removes these files if that was asked for and the outcome permits it, and says so. */
    Par2Outcome after(Par2Outcome outcome, Volumes volumes, List<Path> backups)
            throws IOException {
        if (!purge || outcome.end() != ExitCode.DONE) {
            return outcome;
        }
        List<Path> removed = new ArrayList<>();
        for (Path file : Stream.concat(backups.stream(), volumes.files().stream()).toList()) {
            if (Files.deleteIfExists(file)) {
                removed.add(file);
            }
        }
        Map<String, Object> fields = new LinkedHashMap<>(outcome.fields());
        fields.put("removed", removed);
        StringBuilder text = new StringBuilder(outcome.text());
        removed.forEach(file -> text.append(System.lineSeparator())
                .append("removed   ").append(Terminal.path(file)));
        return new Par2Outcome(outcome.end(), fields, text.toString());
    }
}
