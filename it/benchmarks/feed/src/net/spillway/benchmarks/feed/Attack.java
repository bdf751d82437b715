package net.spillway.benchmarks.feed;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A peer that on many connections floods, does not read, lies, and stops half-way, as fast as it is
 * let. It is a process of its own, so that its garbage collections halt nobody who measures.
 */
final class Attack {
    /** Where it comes from. */
    static final String HOSTILE = "127.0.0.7";
    private static final int FLOODING = 4;
    private static final int DEAF = 4;
    private static final int LYING = 2;
    private static final int SILENT = 8;
    private static final int BATCH = 200;

    private Attack() {}

    /**
     * Attacks the relay at a port; returns when all connections stand.
     *
     * @param prefix of its command line, such as taskset
     */
    static Other begin(int port, List<String> prefix) throws IOException {
        return Other.begin(Attack.class, prefix, "" + port);
    }

    /** What a connection does as long as it is let. */
    private interface Deed {
        void run(InputStream in, OutputStream out) throws IOException;
    }

    /** The process; it goes on until it is ended, or nobody is there any more who began it. */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        connect(port, FLOODING, Attack::flood);
        connect(port, DEAF, Attack::floodWithoutReading);
        connect(port, LYING, Attack::lie);
        connect(port, SILENT, Attack::stopHalfWay);
        Other.begun();
    }

    private static void connect(int port, int count, Deed deed) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(InetAddress.getByName(HOSTILE), 0));
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            Thread.ofPlatform().start(() -> {
                try {
                    deed.run(socket.getInputStream(),
                            new BufferedOutputStream(socket.getOutputStream()));
                } catch (IOException thrownOut) {
                    System.err.println("the attacker was thrown out: " + thrownOut.getMessage());
                }
            });
        }
    }

    private static void flood(InputStream in, OutputStream out) throws IOException {
        Thread.ofPlatform().start(() -> {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException over) {
                // Who writes says so.
                return;
            }
        });
        while (true) {
            StringBuilder batch = new StringBuilder();
            for (int i = 0; i < BATCH; i++) {
                batch.append("CHECK ").append(BenchArticle.id("flood")).append("\r\n");
            }
            out.write(batch.toString().getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }

    private static void floodWithoutReading(InputStream in, OutputStream out) throws IOException {
        while (true) {
            out.write(("CHECK " + BenchArticle.id("deaf") + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Offers one article and sends another, in ten thousand groups. */
    private static void lie(InputStream in, OutputStream out) throws IOException {
        String groups = Pair.GROUP + ",a.b".repeat(10_000);
        byte[] answers = new byte[1 << 16];
        while (true) {
            out.write(("TAKETHIS " + BenchArticle.id("lie") + "\r\n"
                    + BenchArticle.wire(BenchArticle.id("other"), groups) + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            if (in.read(answers) < 0) {
                return;
            }
        }
    }

    private static void stopHalfWay(InputStream in, OutputStream out) throws IOException {
        out.write(("TAKETHIS " + BenchArticle.id("silent") + "\r\nPath: x\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        in.transferTo(OutputStream.nullOutputStream());
    }
}
