package net.spillway.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A program of the system's, such as mount, which a test can do without if it is not there. */
final class SystemCommand {
    private SystemCommand() {}

    /** Whether it ended well; if not, what it said is printed. */
    static boolean run(String... command) throws InterruptedException {
        Optional<String> problem = problemOf(command);
        problem.ifPresent(System.out::println);
        return problem.isEmpty();
    }

    /** What it said, if it did not end well. */
    static Optional<String> problemOf(String... command) throws InterruptedException {
        String called = String.join(" ", command) + ": ";
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(),
                    StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.empty() : Optional.of(called + said.strip());
        } catch (IOException absent) {
            return Optional.of(called + absent.getMessage());
        }
    }
}
