package net.spillway.benchmarks.clients;

import java.io.IOException;
import java.nio.file.Path;

/** A way to a relay on which every round trip takes 100 ms. */
final class Lag implements AutoCloseable {
    private static final String ROUND_TRIP_MILLIS = "100";

    private final int port;
    private final Process proxy;

    Lag(Path program, int to) throws IOException, InterruptedException {
        port = Mirror.free();
        proxy = new ProcessBuilder(program.toString(), String.valueOf(port), String.valueOf(to),
                ROUND_TRIP_MILLIS).start();
        try {
            Mirror.awaitGreeting(port, proxy);
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    String hostPort() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        proxy.destroy();
    }
}
