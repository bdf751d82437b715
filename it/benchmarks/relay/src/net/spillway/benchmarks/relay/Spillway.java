package net.spillway.benchmarks.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Our relay through its launcher.
 *
 * @param fsync the setting of that name
 * @param java  options for the JVM
 */
record Spillway(Path root, String fsync, String java) implements Server {
    private static final String PEER = "127.0.0.5";

    @Override
    public String name() {
        return "spillway";
    }

    @Override
    public String description() {
        return "spillway: fsync = \"" + fsync + "\", JVM options " + java;
    }

    @Override
    public Running start(Path folder, int port, String processors)
            throws IOException, InterruptedException {
        var config = new StringBuilder("""
                identity = "ours.example"
                data = "data"

                [[listen]]
                address = "127.0.0.1:%d"

                [[peer]]
                name = "loadgen.invalid"
                from = ["%s"]

                [spool]
                fsync = "%s"
                """.formatted(port, PEER, fsync));
        for (String group : Row.groups()) {
            config.append("\n[[group]]\nname = \"").append(group).append("\"\n");
        }
        Path file = folder.resolve("relay.toml");
        Files.writeString(file, config);
        List<String> command = new ArrayList<>(List.of("taskset", "-c", processors,
                root.resolve("tools/bin/spillway").toString(), "relay", "--config",
                file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        builder.environment().put("SPILLWAY_NO_BUILD", "1");
        builder.environment().put("SPILLWAY_JAVA_OPTS", java);
        Process process = builder.start();
        Port.await(process, port, folder.resolve("out"));
        return new Running(process, PEER);
    }
}
