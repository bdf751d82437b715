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
                + peer("feeder.invalid", "from = [\"127.0.0.1\"]") + hostile());
        Files.writeString(from.resolve("relay.toml"),
                config("feeder.invalid", feeder) + knowsLoader + feeds + hostile());
        Process second = relay(to, taker, List.of());
        Process first = relay(from, feeder, List.of());
        return new Both(new Both.Running(first, feeder), new Both.Running(second, taker),
                hold -> pause(feeder, hold));
    }

    /**
     * Another relay, with two peers, of which one is hostile.
     *
     * @param processors where it runs, as taskset has them
     */
    Both.Running one(Path folder, String processors) throws IOException, InterruptedException {
        int port = Port.free();
        Files.writeString(folder.resolve("relay.toml"), config("lone.invalid", port)
                + peer("fair.invalid", "from = [\"127.0.0.1\"]") + hostile());
        return new Both.Running(relay(folder, port, List.of("taskset", "-c", processors)), port);
    }

    private static String hostile() {
        return peer("hostile.invalid", "from = [\"" + Attack.HOSTILE + "\"]");
    }

    private static void pause(int feeder, boolean pause) throws IOException {
        try (Nntp admin = new Nntp(feeder)) {
            String reply = admin.ask("XSPILLWAY PEER " + (pause ? "PAUSE" : "RESUME")
                    + " taker.invalid");
            if (!reply.startsWith("290")) {
                throw new IOException("the feed cannot be held: " + reply);
            }
        }
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

    private Process relay(Path folder, int port, List<String> prefix)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(root.resolve("tools/bin/spillway").toString(), "relay", "--config",
                folder.resolve("relay.toml").toString()));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile());
        builder.environment().put("SPILLWAY_NO_BUILD", "1");
        builder.environment().put("SPILLWAY_JAVA_OPTS", java);
        Process process = builder.start();
        Port.await(process, port, folder.resolve("out"));
        return process;
    }
}
