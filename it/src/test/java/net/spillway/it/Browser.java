package net.spillway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Chromium without a window, a fresh one for each page. */
final class Browser {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");

    private final Path folder;
    private int runs;

    Browser(Path folder) {
        this.folder = folder;
    }

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /** The page as it is once it has been loaded. */
    String dom(String url) throws IOException, InterruptedException {
        return run(List.of("--dump-dom", url));
    }

    /** A picture of the page, PNG. */
    Path screenshot(String name, int width, int height, boolean dark, String url)
            throws IOException, InterruptedException {
        Path file = folder.resolve(name + ".png");
        List<String> arguments = new ArrayList<>(List.of("--hide-scrollbars",
                "--window-size=" + width + "," + height, "--screenshot=" + file));
        if (dark) {
            arguments.add("--blink-settings=preferredColorScheme=0");
            arguments.add("--force-dark-mode");
        }
        arguments.add(url);
        run(arguments);
        return file;
    }

    private String run(List<String> arguments) throws IOException, InterruptedException {
        Path profile = Files.createDirectories(folder.resolve("profile-" + ++runs));
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "--headless",
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--user-data-dir=" + profile));
        command.addAll(arguments);
        return CommandLine.in(folder).within(Duration.ofMinutes(2))
                .runForeign(command.toArray(String[]::new)).expect(0).stdout();
    }
}
