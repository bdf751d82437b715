package net.spillway.tools;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.HostPort;
import net.spillway.conf.RelayConfig;
import net.spillway.fec.engine.Engines;
import net.spillway.relay.Relay;
import net.spillway.tools.cli.CommandLines;
import net.spillway.tools.nzb.NzbReader;

/**
 * Does in small what people do with the commands of one process each, so that the launcher can have
 * the JVM archive the classes it takes: parity is made and used, a file posted to a server in this
 * process and fetched back, and the server asked about itself; and a relay serves. The arguments are
 * an empty folder, and {@code all} of that, or what {@code clients} or {@code par2} do of it.
 */
public final class Rehearsal {
    private static final int OCTETS = 200_000;
    private static final int FILES = 20;
    /** What an archive is to be for, as the launcher says it. */
    private static final String ALL = "all";
    private static final String PARITY = "par2";
    private static final String CLIENTS = "clients";

    /** What ended with another status than it should: the archive lacks the classes of the rest. */
    private static final List<String> SURPRISES = new ArrayList<>();

    /** What was posted, in wire form, by message-ID. */
    private final Map<String, byte[]> articles = new ConcurrentHashMap<>();

    private Rehearsal() {}

    public static void main(String[] args) throws IOException {
        StandardError.passTheLaunchersFilter();
        int code = 1;
        try (Interruption interruption = Interruption.ofThisThread()) {
            Class.forName("net.spillway.tools.Main"); // Which is where all of them begin.
            new Rehearsal().run(Path.of(args[0]), args[1]);
            SURPRISES.forEach(System.err::println);
            code = SURPRISES.isEmpty() ? 0 : 1;
        } catch (Throwable e) {
            e.printStackTrace();
        } finally {
            System.exit(code); // Threads that were left behind would be waited for.
        }
    }

    private void run(Path folder, String part) throws IOException {
        String data = Files.write(folder.resolve("data"), new byte[OCTETS]).toString();
        if (!part.equals(CLIENTS)) {
            expect(0, "par2", "create", "-q", "-s10000", "-c4", folder + "/a.par2", data);
            System.setProperty(Engines.ANYHOW, "true");
            makeAndUseParity(folder);
        }
        System.setProperty(Engines.ANYHOW, "true");
        if (!part.equals(PARITY)) {
            withServer(folder, data, part);
        }
        if (part.equals(ALL)) {
            lookAround(folder);
            runRelay(Files.createDirectory(folder.resolve("spool")), data);
        }
    }

    private void withServer(Path folder, String data, String part) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> accept(server));
            String at = "127.0.0.1:" + server.getLocalPort();
            postAndFetch(folder, data, at);
            if (part.equals(ALL)) {
                expect(0, "list", "--on", at);
                expect(0, "status", "--on", at);
                expect(0, "peer", "list", "--on", at);
            }
        }
    }

    private void postAndFetch(Path folder, String data, String at) throws IOException {
        String nzb = folder.resolve("data.nzb").toString();
        expect(0, "post", data, "--to", at, "--group", "a.b", "--nzb", nzb, "--quiet",
                "--connections", "2", "--part-size", "20K");
        loseOneOfTheData(Path.of(nzb));
        expect(0, "fetch", nzb, "--from", at, "-o", folder + "/out", "--quiet");
        expect(0, "health", nzb, "--on", at);
    }

    private static void lookAround(Path folder) throws IOException {
        Path config = Files.writeString(Files.createDirectory(folder.resolve("relay"))
                .resolve("relay.toml"), "identity = \"a.b\"\n");
        expect(0, "config", "check", config.toString());
        expect(2, "relay"); // It says what it lacks.
        expect(0, "--version");
        expect(0, "status", "--help");
    }

    /** So that fetching has something to make good. */
    private void loseOneOfTheData(Path nzb) throws IOException {
        NzbReader.read(nzb).entries().stream().filter(entry -> !entry.isParity()).findFirst()
                .ifPresent(entry -> articles.remove(entry.segments().get(3).id().value()));
    }

    /** As of large files, and of many small ones. */
    private static void makeAndUseParity(Path folder) throws IOException {
        byte[] bytes = new byte[OCTETS];
        new Random(1).nextBytes(bytes);
        Path large = Files.write(folder.resolve("large"), bytes);
        List<String> many = new ArrayList<>(
                List.of("par2", "create", "-q", "-s500", "-c9", folder + "/many.par2"));
        for (int i = 0; i < FILES; i++) {
            many.add(Files.write(
                    folder.resolve("small" + i), Arrays.copyOf(bytes, 1000 + i)).toString());
        }
        expect(0, "par2", "create", "-s500", "-c200", folder + "/large.par2",
                large.toString());
        expect(0, many.toArray(String[]::new));
        // Only packets as large as these are hashed side by side.
        expect(0, "par2", "create", "-q", "-s4000", "-c9", folder + "/wide.par2",
                large.toString());
        for (String set : List.of("/large.par2", "/many.par2", "/wide.par2")) {
            expect(0, "par2", "verify", folder + set);
        }
        Arrays.fill(bytes, 30_000, 50_000, (byte) 0);
        Files.write(large, bytes);
        expect(0, "par2", "repair", folder + "/large.par2");
    }

    /** A relay takes some articles and hands them out, and then starts once more. */
    private static void runRelay(Path folder, String data) throws IOException {
        LogSetup.forOperators("INFO");
        RelayConfig config = ConfigLoader.embedded(folder, HostPort.of("127.0.0.1", 0));
        String nzb = folder.resolve("data.nzb").toString();
        try (Relay relay = Relay.start(config, () -> config)) {
            String at = "127.0.0.1:" + relay.nntpAddresses().getFirst().getPort();
            expect(0, "post", data, "--to", at, "--group", "spill.test", "--nzb", nzb,
                    "--quiet", "--part-size", "20K");
            expect(0, "fetch", nzb, "--from", at, "-o", folder + "/out", "--quiet");
            expect(0, "list", "--on", at, "spill.test");
        }
        Relay.start(config, () -> config).close();
    }

    /** The rest is rehearsed all the same. */
    private static void expect(int status, String... words) {
        int was = CommandLines.run(words);
        if (was != status) {
            SURPRISES.add(String.join(" ", words) + ": " + was);
        }
    }

    private void accept(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            }
        } catch (IOException e) {
            return; // Closed: all is done.
        }
    }

    private void serve(Socket socket) {
        try (socket; BufferedReader in = new BufferedReader(new InputStreamReader(
                socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
            OutputStream out = socket.getOutputStream();
            say(out, "200 rehearsal");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                answer(line.split(" "), in, out);
            }
        } catch (IOException e) {
            return; // Gone.
        }
    }

    private void answer(String[] words, BufferedReader in, OutputStream out) throws IOException {
        switch (words[0]) {
            case "CAPABILITIES" -> say(out, "101\r\nVERSION 2\r\nREADER\r\nPOST\r\n.");
            case "GROUP" -> say(out, "211 0 0 0 " + words[1]);
            case "POST" -> {
                say(out, "340 go on");
                take(in);
                say(out, "240 taken");
            }
            case "STAT" -> say(out, articles.containsKey(words[1]) ? "223 0 " + words[1] : "430");
            case "BODY" -> body(words[1], out);
            case "LIST" -> say(out, "215 groups\r\na.b 2 1 2 y\r\n.");
            case "XSPILLWAY" -> say(out, "290 facts\r\n{\"relay\":\"a.b\",\"peers\":1}\r\n"
                    + "{\"feed\":\"c.d\",\"connections\":1,\"lag\":0}\r\n.");
            default -> say(out, "500 what?");
        }
    }

    private void take(BufferedReader in) throws IOException {
        String id = "";
        boolean head = true;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
            if (head && line.startsWith("Message-ID: ")) {
                id = line.substring(12);
            } else if (!head) {
                body.writeBytes((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
            head &= !line.isEmpty();
        }
        articles.put(id, body.toByteArray());
    }

    private void body(String id, OutputStream out) throws IOException {
        byte[] body = articles.get(id);
        if (body == null) {
            say(out, "430 no such article");
            return;
        }
        say(out, "222 0 " + id);
        out.write(body);
        say(out, ".");
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }
}
