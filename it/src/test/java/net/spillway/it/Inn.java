package net.spillway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A real InterNetNews server (Debian's inn2) in a folder of its own on an ephemeral loopback port.
 *
 * <p>It carries one group, takes a stream of articles from 127.0.0.1, and batches what it has for a
 * peer called {@code spillway}, to be sent with {@code innxmit}. innd insists on running as the
 * user {@code news}, so a test of it needs root, to become that user.
 */
final class Inn implements AutoCloseable {
    private static final Path BIN = Path.of("/usr/lib/news/bin");
    private static final Duration START = Duration.ofSeconds(20);

    private final Path root;
    private final int port;
    private final Process innd;

    private Inn(Path root, int port, Process innd) {
        this.root = root;
        this.port = port;
        this.innd = innd;
    }

    /** Why INN can't be run here, or an empty string if it can. */
    static String obstacle() {
        if (!Files.isExecutable(BIN.resolve("innd"))) {
            return "inn2 is not installed";
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            return "innd changes to the user news, which only root may";
        }
        return "";
    }

    /**
     * Sets up and starts a server.
     *
     * @param root an empty folder that the user news can reach
     * @param group the one group it carries
     */
    static Inn start(Path root, String group) throws IOException, InterruptedException {
        int port = freePort();
        configure(root, group, port);
        run(root, "chown", "-R", "news:news", root.toString());
        run(root, BIN.resolve("makedbz").toString(), "-i", "-o", "-s", "30000");
        run(root, "chown", "-R", "news:news", root.toString());
        Process innd = process(root, List.of(BIN + "/innd", "-f", "-P", "" + port)).start();
        Inn inn = new Inn(root, port, innd);
        Awaitility.await("innd accepts connections").atMost(START).until(inn::accepts);
        return inn;
    }

    int port() {
        return port;
    }

    /** A copy of the list of everything batched so far for the peer {@code spillway}. */
    Path takeBatch() throws IOException, InterruptedException {
        Path batch = Files.move(root.resolve("spool/outgoing/spillway"),
                root.resolve("spool/outgoing/batch"), StandardCopyOption.REPLACE_EXISTING);
        // Until it is told, innd writes on in the file that it has open.
        run(root, BIN + "/ctlinnd", "-s", "-t", "10", "flush", "spillway");
        return batch;
    }

    /** Sends what a batch lists to a server on loopback, with these options of innxmit. */
    void send(Path batch, int peerPort, String... options)
            throws IOException, InterruptedException {
        // innxmit shortens the list by what it has sent.
        Path list = Files.copy(batch, batch.resolveSibling("list"),
                StandardCopyOption.REPLACE_EXISTING);
        List<String> command = new ArrayList<>(List.of(BIN + "/innxmit", "-P", "" + peerPort));
        command.addAll(List.of(options));
        command.addAll(List.of("127.0.0.1", list.toString()));
        run(root, command.toArray(String[]::new));
    }

    private static void configure(Path root, String group, int port) throws IOException {
        for (String dir : List.of("db", "etc", "log", "run", "tmp", "spool/articles",
                "spool/overview", "spool/incoming", "spool/outgoing", "spool/archive")) {
            Files.createDirectories(root.resolve(dir));
        }
        write(root, "etc/inn.conf", """
                mta: "/bin/true %%s"
                organization: none
                ovmethod: tradindexed
                hismethod: hisv6
                pathhost: inn.example
                domain: example
                server: 127.0.0.1
                pathnews: /usr/lib/news
                pathbin: /usr/lib/news/bin
                pathetc: %1$s/etc
                pathdb: %1$s/db
                pathlog: %1$s/log
                pathrun: %1$s/run
                pathspool: %1$s/spool
                patharticles: %1$s/spool/articles
                pathoverview: %1$s/spool/overview
                pathincoming: %1$s/spool/incoming
                pathoutgoing: %1$s/spool/outgoing
                patharchive: %1$s/spool/archive
                pathtmp: %1$s/tmp
                pathfilter: %1$s/etc/none
                bindaddress: 127.0.0.1
                port: %2$d
                maxartsize: 10000000
                nnrpdloadlimit: 0
                """.formatted(root, port));
        write(root, "db/active", """
                control 0000000000 0000000001 n
                control.cancel 0000000000 0000000001 n
                junk 0000000000 0000000001 n
                %s 0000000000 0000000001 y
                """.formatted(group));
        write(root, "db/newsgroups", group + "\tCarried by both\n");
        write(root, "db/active.times", "");
        write(root, "db/history", "");
        write(root, "etc/storage.conf", "method tradspool {\n newsgroups: *\n class: 0\n}\n");
        write(root, "etc/incoming.conf", """
                streaming: true
                max-connections: 20
                peer spillway {
                  hostname: "127.0.0.1"
                }
                """);
        write(root, "etc/newsfeeds", "ME:*:Tp:\nspillway/spillway.example:*:Tf,Wnm:\n");
        write(root, "etc/expire.ctl", "/remember/:11\n*:A:1:10:never\n");
        write(root, "etc/readers.conf", "auth all {\n hosts: \"127.0.0.0/8\"\n default: \"b\"\n}\n"
                + "access all {\n users: \"*\"\n newsgroups: \"*\"\n access: \"RPA\"\n}\n");
    }

    private boolean accepts() {
        if (!innd.isAlive()) {
            throw new IllegalStateException("innd ended: " + log());
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return socket.getInputStream().read() == '2';
        } catch (IOException e) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(root.resolve("out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path root, String name, String text) throws IOException {
        Files.writeString(root.resolve(name), text);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static ProcessBuilder process(Path root, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("INNCONF", root.resolve("etc/inn.conf").toString());
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(root.resolve("out").toFile()));
        return builder;
    }

    private static void run(Path root, String... command) throws IOException, InterruptedException {
        Process process = process(root, new ArrayList<>(List.of(command))).start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command[0] + " took more than 60 s");
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " ended " + process.exitValue()
                    + ": " + Files.readString(root.resolve("out")));
        }
    }

    @Override
    public void close() throws InterruptedException {
        innd.destroy();
        if (!innd.waitFor(10, TimeUnit.SECONDS)) {
            innd.destroyForcibly();
        }
    }
}
