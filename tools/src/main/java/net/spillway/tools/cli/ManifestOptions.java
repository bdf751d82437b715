package net.spillway.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.Explanation;
import net.spillway.tools.nzb.NzbFile;
import picocli.CommandLine.Option;

/**
 * Mixin: what a manifest says in its head for other programs. The password comes from a file or the
 * environment, never an argument.
 */
public final class ManifestOptions {
    static final String PASSWORD_VARIABLE = "SPILLWAY_NZB_PASSWORD";
    private static final int LONGEST_PASSWORD = 1024;

    @Option(names = "--title", paramLabel = "TEXT",
            description = "Title in the manifest, instead of the first file's name.")
    private String title;

    @Option(names = "--tag", paramLabel = "TEXT", split = ",",
            description = "Tags in the manifest.")
    private List<String> tags = List.of();

    @Option(names = "--category", paramLabel = "TEXT",
            description = "Category in the manifest.")
    private String category;

    @Option(names = "--archive-password", paramLabel = "FILE", description =
            "Write the first line of FILE into the manifest as the password of the archive that is"
                    + " posted; otherwise that of SPILLWAY_NZB_PASSWORD, if that is set. Nothing is"
                    + " encrypted by it.")
    private Path passwordFile;

    /** The lines, in the order other programs write them. */
    List<NzbFile.Meta> lines() {
        return lines(System.getenv());
    }

    List<NzbFile.Meta> lines(Map<String, String> environment) {
        List<NzbFile.Meta> lines = new ArrayList<>();
        add(lines, "title", title);
        add(lines, "password",
                passwordFile == null ? environment.get(PASSWORD_VARIABLE) : passwordInFile());
        tags.forEach(tag -> add(lines, "tag", tag));
        add(lines, "category", category);
        return lines;
    }

    private static void add(List<NzbFile.Meta> lines, String type, String value) {
        if (value == null) {
            return;
        }
        if (value.isBlank() || value.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw new CommandFailure(ExitCode.USAGE, "The " + type
                    + " for the manifest is empty or holds a control character.");
        }
        lines.add(new NzbFile.Meta(type, value));
    }

    private String passwordInFile() {
        try {
            String text = Files.readString(passwordFile);
            String first = text.lines().findFirst().orElse("");
            if (first.isBlank() || first.length() > LONGEST_PASSWORD) {
                throw new CommandFailure(ExitCode.USAGE, passwordFile
                        + ": its first line is no password of 1 to 1024 characters.");
            }
            return first;
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--archive-password: " + Explanation.of(e) + ".", e);
        }
    }
}
