package net.spillway.tools.demo;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import net.spillway.tools.Main;

/** Further {@code spillway} processes, on the JVM, options and class path of this one. */
final class SpillwayProcess {
    private SpillwayProcess() {}

    /** A process for such a command line, not started yet. */
    static ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator
                + "java");
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            // These describe this process's own standard error, or would claim a port twice.
            if (!option.startsWith("-Dspillway.") && !option.startsWith("-agentlib:jdwp")) {
                command.add(option);
            }
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.from(
                new File(File.separatorChar == '\\' ? "NUL" : "/dev/null")));
    }
}
