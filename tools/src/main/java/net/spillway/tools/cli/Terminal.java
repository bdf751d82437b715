package net.spillway.tools.cli;

import java.io.Console;
import java.nio.file.Path;
import net.spillway.tools.progress.TerminalProgress;

/**
 * What standard error is connected to. Java cannot tell standard error from standard output here,
 * so the launcher looks and passes what it saw; without the launcher the console is a fair guess.
 */
final class Terminal {
    private static final int USUAL_COLUMNS = 80;

    private Terminal() {}

    static TerminalProgress progress(boolean quiet) {
        return new TerminalProgress(System.err, isTerminal(), columns(), quiet);
    }

    static boolean isTerminal() {
        String seen = System.getProperty("spillway.terminal");
        if (seen != null) {
            return Boolean.parseBoolean(seen);
        }
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    static int columns() {
        int columns = Integer.getInteger("spillway.columns", USUAL_COLUMNS);
        return columns > 0 ? columns : USUAL_COLUMNS;
    }

    /** A file's name as people at the working directory write it. */
    static String path(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path full = path.toAbsolutePath().normalize();
        return safe((full.startsWith(here) && !full.equals(here) ? here.relativize(full) : path)
                .toString());
    }

    /**
     * Text from elsewhere, such as names in a .par2 file, without control characters, also those of
     * 8 bits, and without what turns the direction of writing round.
     */
    static String safe(String text) {
        return text.replaceAll("[\\p{Cc}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]", "?");
    }
}
