package net.spillway.benchmarks.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reading under TLS with {@code openssl s_client}: what a relay's processor spends on it. The
 * rate that one core could serve is the reciprocal of CPU seconds a GB.
 */
final class TlsReading {
    private static final int ARTICLE_OCTETS = 716_800;
    private static final int BUFFER = 1 << 20;

    private TlsReading() {}

    /** Makes a certificate in a folder: cert.pem and key.pem. */
    static void makeCertificate(Path folder) throws IOException, InterruptedException {
        Process made = new ProcessBuilder("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                "-keyout", folder.resolve("key.pem").toString(), "-out",
                folder.resolve("cert.pem").toString()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl").toFile()).start();
        if (made.waitFor() != 0) {
            throw new IOException("openssl could not make a certificate:\n"
                    + Files.readString(folder.resolve("openssl")));
        }
    }

    /**
     * Fetches articles of 700 KB that TAKETHIS has brought, over and over, and prints the cost.
     *
     * @param articles how many there are
     */
    static void measure(Process server, int port, int articles, int rounds, String processors)
            throws IOException, InterruptedException {
        fetch(port, articles, rounds, processors);
        Usage before = Usage.of(server);
        long from = System.nanoTime();
        long octets = fetch(port, articles, rounds, processors);
        double seconds = (System.nanoTime() - from) / 1e9;
        double perGb = (Usage.of(server).cpu() - before.cpu()) / (octets / 1e9);
        System.out.printf("TLS, ARTICLE 700K by one reader: %.0f MB/s, %.2f CPU s/GB: %.2f GB/s"
                + " for a core%n", octets / 1e6 / seconds, perGb, 1 / perGb);
    }

    private static long fetch(int port, int articles, int rounds, String processors)
            throws IOException, InterruptedException {
        Process client = new ProcessBuilder(List.of("taskset", "-c", processors, "openssl",
                "s_client", "-quiet", "-connect", "127.0.0.1:" + port))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        Thread asks = Thread.ofVirtual().start(() -> ask(client, articles, rounds));
        long octets = 0;
        byte[] buffer = new byte[BUFFER];
        InputStream in = client.getInputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            octets += n;
        }
        asks.join();
        client.waitFor();
        if (octets < (long) articles * rounds * ARTICLE_OCTETS) {
            throw new IOException("only " + octets + " octets came under TLS");
        }
        return octets;
    }

    private static void ask(Process client, int articles, int rounds) {
        try (OutputStream out = client.getOutputStream()) {
            for (int i = 0; i < articles * rounds; i++) {
                out.write("ARTICLE <%s.%d@loadgen.invalid>\r\n".formatted(
                        Row.fedPrefix(ARTICLE_OCTETS), i % articles)
                        .getBytes(StandardCharsets.US_ASCII));
            }
            out.write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            System.err.println("openssl s_client ended early: " + e.getMessage());
        }
    }
}
