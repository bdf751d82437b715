package net.spillway.benchmarks.relay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * How long a small command takes (DATE, one at a time on each connection) while others are
 * connected: idle ones, half-open ones that stop within a command, half-sent articles.
 */
final class Crowd {
    private static final int PAUSE_MILLIS = 20;
    private static final int HALF_ARTICLE = 256 * 1024;
    private static final double MICROS = 1e3;

    private final int port;
    private final int seconds;

    /** @param seconds each of the measurements takes */
    Crowd(int port, int seconds) {
        this.port = port;
        this.seconds = seconds;
    }

    /**
     * Prints what was measured, a line for each crowd.
     *
     * @param scale 1 for all of it
     */
    void measure(double scale) throws Exception {
        int active = (int) Math.max(10, 200 * scale);
        int idle = (int) (2000 * scale);
        int halfOpen = (int) (5000 * scale);
        int halfSent = (int) Math.max(1, 200 * scale);
        report("10 active", 10);
        crowd("", idle, active, "%,d idle, %,d active".formatted(idle, active), 0, "");
        crowd("DA", halfOpen, 10, "%,d half-open, %,d half-sent articles, 10 active".formatted(
                halfOpen, halfSent), halfSent, "From: x\r\n\r\n"
                + ("x".repeat(126) + "\r\n").repeat(HALF_ARTICLE / 128));
    }

    private void crowd(String said, int count, int active, String name, int posters, String half)
            throws Exception {
        List<Socket> others = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                others.add(connect());
                say(others.getLast(), said);
            }
            for (int i = 0; i < posters; i++) {
                others.add(connect());
                say(others.getLast(), "POST\r\n");
                readLine(others.getLast());
                say(others.getLast(), half);
            }
            report(name, active);
        } finally {
            for (Socket socket : others) {
                socket.close();
            }
        }
    }

    private void report(String name, int active) throws Exception {
        var times = new ConcurrentLinkedQueue<Double>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < active; i++) {
                tasks.add(() -> ask(times));
            }
            for (var done : clients.invokeAll(tasks)) {
                done.get();
            }
        }
        double[] sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        System.out.printf("%-55s %,9d commands  p50 %8.2f ms  p99 %8.2f ms%n", name,
                sorted.length, sorted[sorted.length / 2] / MICROS,
                sorted[sorted.length * 99 / 100] / MICROS);
    }

    private Void ask(ConcurrentLinkedQueue<Double> times) throws Exception {
        try (Socket socket = connect()) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(),
                    StandardCharsets.US_ASCII));
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            while (System.nanoTime() < end) {
                long from = System.nanoTime();
                say(socket, "DATE\r\n");
                if (!String.valueOf(in.readLine()).startsWith("111 ")) {
                    throw new IOException("DATE was not answered");
                }
                times.add((System.nanoTime() - from) / MICROS);
                Thread.sleep(PAUSE_MILLIS);
            }
        }
        return null;
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.setTcpNoDelay(true);
        readLine(socket);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void readLine(Socket socket) throws IOException {
        int octet;
        do {
            octet = socket.getInputStream().read();
            if (octet < 0) {
                throw new IOException("the server closed a connection");
            }
        } while (octet != '\n');
    }
}
