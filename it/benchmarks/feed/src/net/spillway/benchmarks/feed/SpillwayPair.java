package net.spillway.benchmarks.feed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.spillway.benchmarks.relay.Port;

/**
 * Two of our relays with their default configuration.
 *
 * @param java options for the JVMs
 */
record SpillwayPair(Path root, String java) implements Pair {
    @Override
    public String name() {
        return "spillway";
    }

    @Override
    public String description() {
        return "spillway: default configuration, JVM options " + (java.isEmpty() ? "none" : java);
    }

    @Override
    public Both start(Path folder) throws IOException, InterruptedException {
        int feeder = Port.free();
        int taker = Port.free();
        String knowsLoader = peer("loader.invalid", "from = [\"" + LOADER + "\"]");
        String feeds = peer("taker.invalid", "address = \"nntp://127.0.0.1:" + taker + "\"");
        Path from = Files.createDirectories(folder.resolve("a"));
        Path to = Files.createDirectories(folder.resolve("b"));
        Files.writeString(to.resolve("relay.toml"), config("taker.invalid", taker)
                + peer("feeder.invalid", "from = [\"127.0.0.1\"]"));
        Path config = from.resolve("relay.toml");
        String held = config("feeder.invalid", feeder) + knowsLoader;
        Files.writeString(config, held + feeds);
        Process second = relay(to, taker);
        Process first = relay(from, feeder);
        return new Both(new Both.Running(first, feeder), new Both.Running(second, taker), hold -> {
            Files.writeString(config, hold ? held : held + feeds);
            command("reload", "--config", config.toString());
        });
    }

    private static String config(String identity, int port) {
        return """
                identity = "%s"
                data = "data"

                [[listen]]
                address = "127.0.0.1:%d"

                [[group]]
                name = "%s"
                """.formatted(identity, port, GROUP);
    }

    private static String peer(String name, String keys) {
        return "\n[[peer]]\nname = \"" + name + "\"\n" + keys + "\n";
    }

    private void command(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                root.resolve("tools/bin/spillway").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SPILLWAY_NO_BUILD", "1");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + "\nsaid " + said);
        }
    }

    private Process relay(Path folder, int port) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                root.resolve("tools/bin/spillway").toString(), "relay", "--config",
                folder.resolve("relay.toml").toString()).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile());
        builder.environment().put("SPILLWAY_NO_BUILD", "1");
        builder.environment().put("SPILLWAY_JAVA_OPTS", java);
        Process process = builder.start();
        Port.await(process, port, folder.resolve("out"));
        return process;
    }
}
