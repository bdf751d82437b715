package net.spillway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The built program, started as a user starts it: through its launcher. */
final class Program {
    private static final Path ROOT = findRoot();

    static {
        writeWhatMakesStartsQuick();
    }

    private Program() {
    }

    private static Path findRoot() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isRegularFile(folder.resolve("tools/bin/spillway"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("no tools/bin/spillway above the working directory");
        }
        return folder;
    }

    /** A relay takes what makes a start quick, but does not write it; hundreds are started here. */
    private static void writeWhatMakesStartsQuick() {
        try {
            process(ROOT, "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The project's top folder. */
    static Path root() {
        return ROOT;
    }

    /**
     * A process to be: the given arguments, in the given folder, with no settings of the user's.
     * It never builds; a build under way is what runs this.
     */
    static ProcessBuilder process(Path folder, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ROOT.resolve("tools/bin/spillway").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SPILLWAY_"));
        builder.environment().put("SPILLWAY_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }
}
