package net.spillway.benchmarks.feed;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a peer waits for its answers while another one misbehaves: CHECK and TAKETHIS one after
 * the other, twenty articles a second.
 *
 * @param median milliseconds
 * @param p99    milliseconds
 */
record Attack(double median, double p99) {
    /** Where the one that misbehaves comes from. */
    static final String HOSTILE = "127.0.0.7";
    private static final int FLOODING = 4;
    private static final int DEAF = 4;
    private static final int LYING = 2;
    private static final int SILENT = 8;
    private static final long PAUSE_NANOS = 50_000_000;
    private static final int BATCH = 200;
    private static final String BODY = ("x".repeat(72) + "\r\n").repeat(26);
    private static final AtomicLong NUMBER = new AtomicLong();

    /** What a peer does as long as it is let. */
    private interface Deed {
        void run(InputStream in, OutputStream out) throws IOException;
    }

    /** Without anybody else. */
    static Attack measure(int port, int samples) throws IOException {
        double[] millis = new double[samples];
        try (Nntp peer = new Nntp(port)) {
            for (int i = 0; i < samples; i++) {
                String id = id("fair");
                long from = System.nanoTime();
                expect("238", peer.ask("CHECK " + id));
                expect("239", peer.ask("TAKETHIS " + id + "\r\n" + article(id, Pair.GROUP)));
                millis[i] = (System.nanoTime() - from) / 1e6;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        Arrays.sort(millis);
        return new Attack(millis[samples / 2], millis[samples * 99 / 100]);
    }

    /** While one peer on many connections floods, does not read, lies, and stops half-way. */
    static Attack measureUnderAttack(int port, int samples) throws IOException {
        List<Socket> attackers = new ArrayList<>();
        try {
            attack(attackers, port, FLOODING, Attack::flood);
            attack(attackers, port, DEAF, (in, out) -> {
                while (true) {
                    out.write(("CHECK " + id("deaf") + "\r\n").getBytes(StandardCharsets.US_ASCII));
                }
            });
            attack(attackers, port, LYING, Attack::lie);
            attack(attackers, port, SILENT, (in, out) -> {
                out.write(("TAKETHIS " + id("silent") + "\r\nPath: x\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                in.transferTo(OutputStream.nullOutputStream());
            });
            return measure(port, samples);
        } finally {
            for (Socket socket : attackers) {
                socket.close();
            }
        }
    }

    private static void flood(InputStream in, OutputStream out) throws IOException {
        Thread.ofVirtual().start(() -> {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException over) {
                // The measuring is over.
                return;
            }
        });
        while (true) {
            StringBuilder batch = new StringBuilder();
            for (int i = 0; i < BATCH; i++) {
                batch.append("CHECK ").append(id("flood")).append("\r\n");
            }
            out.write(batch.toString().getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }

    /** Offers one article and sends another, in ten thousand groups. */
    private static void lie(InputStream in, OutputStream out) throws IOException {
        String groups = Pair.GROUP + ",a.b".repeat(10_000);
        byte[] answers = new byte[1 << 16];
        while (true) {
            out.write(("TAKETHIS " + id("lie") + "\r\n" + article(id("other"), groups) + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            if (in.read(answers) < 0) {
                return;
            }
        }
    }

    private static void attack(List<Socket> attackers, int port, int count, Deed deed)
            throws IOException {
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket();
            attackers.add(socket);
            socket.bind(new InetSocketAddress(InetAddress.getByName(HOSTILE), 0));
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    deed.run(socket.getInputStream(),
                            new BufferedOutputStream(socket.getOutputStream()));
                } catch (IOException over) {
                    // It was thrown out, or the measuring is over.
                    return;
                }
            });
        }
    }

    private static String id(String kind) {
        return "<" + kind + "." + NUMBER.incrementAndGet() + "." + System.nanoTime()
                + "@bench.invalid>";
    }

    private static String article(String id, String groups) {
        return "Path: feeder.invalid!not-for-mail\r\nFrom: bench@bench.invalid\r\nNewsgroups: "
                + groups + "\r\nSubject: x\r\nDate: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC))
                + "\r\nMessage-ID: " + id + "\r\n\r\n" + BODY + ".";
    }

    private static void expect(String code, String reply) throws IOException {
        if (!reply.startsWith(code)) {
            throw new IOException("instead of " + code + " the relay said " + reply);
        }
    }
}
