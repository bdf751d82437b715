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
 * @param tlsPort where it listens for TLS
 */
record Spillway(Path root, String fsync, String java, int tlsPort) implements Server {
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
        TlsReading.makeCertificate(folder);
        var config = new StringBuilder("""
                identity = "ours.example"
                data = "data"

                [[listen]]
                address = "127.0.0.1:%d"

                [[listen]]
                address = "127.0.0.1:%d"
                tls = true

                [tls]
                certificate = "cert.pem"
                key = "key.pem"

                [limits]
                connections = 10000
                connections_per_address = 10000

                [[peer]]
                name = "loadgen.invalid"
                from = ["%s"]

                [spool]
                fsync = "%s"
                """.formatted(port, tlsPort, PEER, fsync));
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
