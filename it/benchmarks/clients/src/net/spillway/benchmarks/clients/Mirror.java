package net.spillway.benchmarks.clients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A relay of ours, in a folder of its own, that can be stopped, copied and robbed of articles. What
 * it holds is gone when it is {@link #close closed}; {@link #stop} leaves it to be copied.
 */
final class Mirror implements AutoCloseable {
    static final String GROUP = "bench.files";
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final Path launcher;
    private final Path folder;
    private final int port;
    private Process process;

    private Mirror(Path launcher, Path folder) throws IOException {
        this.launcher = launcher;
        this.folder = Files.createDirectories(folder);
        this.port = free();
        Files.writeString(folder.resolve("relay.toml"), """
                identity = "%s.example"
                data = "data"

                [[listen]]
                address = "127.0.0.1:%d"

                [[group]]
                name = "%s"

                [[access]]
                from = ["127.0.0.0/8"]
                read = "*"
                post = "*"
                feed = "*"
                """.formatted(folder.getFileName(), port, GROUP));
    }

    /** An empty one, which runs. */
    static Mirror start(Path launcher, Path folder) throws IOException, InterruptedException {
        Mirror mirror = new Mirror(launcher, folder);
        mirror.start();
        return mirror;
    }

    /** One with this one's articles but for some; this one must have been stopped. */
    Mirror copyWithout(String name, List<String> ids) throws IOException, InterruptedException {
        Mirror copy = new Mirror(launcher, folder.resolveSibling(name));
        Measured.run(folder, List.of("cp", "-r", folder.resolve("data").toString(),
                copy.folder.toString()));
        if (!ids.isEmpty()) {
            Path list = Files.write(copy.folder.resolve("ids.txt"), ids);
            Measured.run(folder, List.of(launcher.toString(), "spool", "remove", "--config",
                    copy.folder.resolve("relay.toml").toString(), "--ids", list.toString()));
        }
        copy.start();
        return copy;
    }

    void start() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "relay", "--config",
                folder.resolve("relay.toml").toString()).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("SPILLWAY_NO_BUILD", "1");
        process = builder.start();
        awaitGreeting(port, process);
    }

    int port() {
        return port;
    }

    String hostPort() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        stop();
        Trees.delete(folder);
    }

    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static void awaitGreeting(int port, Process server) throws IOException, InterruptedException {
        for (long end = System.nanoTime() + PATIENCE; System.nanoTime() < end; ) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                socket.setSoTimeout(1000);
                if (socket.getInputStream().read() == '2') {
                    return;
                }
            } catch (IOException e) {
                if (!server.isAlive()) {
                    throw e;
                }
            }
            Thread.sleep(100);
        }
        throw new IOException("nothing greets at port " + port);
    }
}
