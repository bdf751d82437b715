package net.spillway.tools.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Tells whether what was printed has arrived: streams for printing keep errors to themselves. */
final class StandardOutput {
    private StandardOutput() {}

    /**
     * What has gone wrong so far, for people; nothing if whoever reads from us, such as head, has
     * had enough.
     */
    static Optional<String> problem() {
        if (!System.out.checkError()) {
            return Optional.empty();
        }
        String why = "";
        try {
            // Only another try tells what has failed.
            new FileOutputStream(FileDescriptor.out).write('\n');
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        }
        return isPipe() || why.contains("Broken pipe") ? Optional.empty()
                : Optional.of("standard output cannot be written to"
                        + (why.isEmpty() ? "" : ": " + why));
    }

    /** Then whoever read from it has left; the system says so in the user's own language. */
    private static boolean isPipe() {
        try {
            String what = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return what.startsWith("pipe:") || what.startsWith("socket:");
        } catch (IOException | UnsupportedOperationException e) {
            return false; // There is no such system file here.
        }
    }
}
