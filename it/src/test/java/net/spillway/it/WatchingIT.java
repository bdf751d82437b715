package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import net.spillway.it.CommandLine.Outcome;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One relay, watched: its page in a browser, an article's way, and reloads while it serves. */
class WatchingIT {
    @TempDir
    static Path temp;
    private static RelayProcess relay;
    private static List<TestArticle> posted;
    private static String config;

    @BeforeAll
    static void start() throws Exception {
        Path folder = Files.createDirectories(temp.resolve("relay"));
        config = """
                identity = "watched.example.org"
                data = "data"
                [[listen]]
                address = "127.0.0.1:0"
                [[group]]
                name = "spill.test"
                description = "For <b>tests</b>"
                [admin]
                listen = "127.0.0.1:0"
                """ + TestAuthority.in(temp.resolve("first")).listener();
        Files.writeString(folder.resolve("relay.toml"), config);
        relay = new RelayProcess("watched", folder, "relay", "--config",
                folder.resolve("relay.toml").toString(), "--log-level", "debug");
        relay.start();
        posted = Copies.post(relay, "spill.test", 1, 12);
        try (NntpWire wire = relay.connect()) {
            for (TestArticle article : posted.subList(0, 5)) {
                wire.askBlock("ARTICLE " + article.id());
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (relay != null) {
            relay.kill();
        }
    }

    private static String link() throws Exception {
        return relay.adminPage() + "?token="
                + Files.readString(relay.folder().resolve("data/admin.token")).strip();
    }

    private static void assertShows(String dom, String id, String value) {
        assertTrue(dom.contains("<dd id=\"" + id + "\">" + value + "</dd>"), id + " in " + dom);
    }

    /** The colour that most of the picture has, as brightness from 0 to 1. */
    private static float paper(BufferedImage picture) {
        int rgb = picture.getRGB(2, picture.getHeight() - 3);
        return Color.RGBtoHSB(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, null)[2];
    }

    @Test
    void aBrowserShowsWhatTheRelayHasDone() throws Exception {
        assumeTrue(Browser.isInstalled() || Boolean.getBoolean("browser.required"),
                "chromium is not installed");
        Browser browser = new Browser(Files.createDirectories(temp.resolve("browser")));
        String dom = browser.dom(link());
        assertShows(dom, "posted", "12");
        assertShows(dom, "articles", "12");
        assertShows(dom, "served", "5");
        assertTrue(dom.contains("watched.example.org"), dom);
        assertTrue(dom.contains("1 to 12"), "the group's numbers");
        assertTrue(dom.contains("For &lt;b&gt;tests&lt;/b&gt;"), "its description is no markup");
        assertTrue(dom.contains("<svg"), "charts");
        assertTrue(browser.dom(relay.adminPage()).contains("name=\"token\""),
                "who has no token is asked for it");
        for (boolean dark : new boolean[] {false, true}) {
            for (int width : new int[] {1280, 500}) {
                Path file = browser.screenshot((dark ? "dark-" : "light-") + width, width, 3000,
                        dark, link());
                BufferedImage picture = ImageIO.read(file.toFile());
                assertEquals(width, picture.getWidth());
                assertEquals(dark, paper(picture) < 0.5f, file + " has the wrong colours");
            }
        }
    }

    @Test
    void anArticlesWayIsTracedFromTheCommandLineAndInTheLog() throws Exception {
        String id = posted.getFirst().id();
        Outcome trace = CommandLine.in(temp).run("trace", id, "--on", relay.hostPort()).expect(0);
        assertTrue(trace.stdout().startsWith(id + " is here"), trace::stdout);
        assertTrue(trace.stdout().contains("stored, from a poster at 127.0.0.1"), trace::stdout);
        assertTrue(trace.stdout().contains("lies in class default, segment 1 at "), trace::stdout);
        assertTrue(trace.stdout().contains("spill.test number 1"), trace::stdout);
        assertEquals(1, relay.log().lines().filter(line ->
                line.contains("article id=" + id + " decision=stored")).count());
        CommandLine.in(temp).run("trace", "<nobody@has.this.example>", "--on", relay.hostPort())
                .expect(1);
    }

    @Test
    void aReloadSwapsTheCertificateWhileConnectedClientsGoOn() throws Exception {
        try (NntpWire plain = relay.connect(); SSLSocket old = tls()) {
            plain.ask("GROUP spill.test");
            assertEquals("220", ask(old, "ARTICLE " + posted.getFirst().id()));
            String before = fingerprint(old);
            Path other = Files.createDirectories(temp.resolve("second"));
            TestAuthority.in(other);
            for (String file : List.of("server.pem", "server.key")) {
                Files.copy(other.resolve(file), temp.resolve("first").resolve(file),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(relay.config(), config + "\n[[group]]\nname = \"spill.new\"\n");
            relay.hangUp();
            Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                try (SSLSocket fresh = tls()) {
                    assertNotEquals(before, fingerprint(fresh), relay::log);
                }
            });
            assertTrue(plain.ask("GROUP spill.new").startsWith("211 0 "));
            assertEquals("211", ask(old, "GROUP spill.new"), "the old TLS session goes on");
        }
    }

    @Test
    void aConfigurationWithAMistakeChangesNothing() throws Exception {
        String before = Files.readString(relay.config());
        try (NntpWire wire = relay.connect()) {
            Files.writeString(relay.config(), before.replace("spill.test", "spill.other")
                    + "\n[limits]\nconections = 5\n");
            String said = wire.ask("XSPILLWAY RELOAD");
            assertTrue(said.startsWith("490 nothing was changed: "), said);
            assertTrue(said.contains("limits.conections"), said);
            assertTrue(wire.ask("GROUP spill.other").startsWith("411 "));
            assertTrue(wire.ask("GROUP spill.test").startsWith("211 "));
        } finally {
            Files.writeString(relay.config(), before);
        }
        assertFalse(relay.log().contains("\tat "), relay::log);
    }

    /** Takes any certificate: these tests want to see which it is. */
    private static SSLSocket tls() throws Exception {
        TrustManager any = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String how) {
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String how) {
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {any}, new SecureRandom());
        String address = relay.tlsAddress();
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1",
                Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
        socket.setSoTimeout(60_000);
        assertTrue(line(socket).startsWith("200 "));
        return socket;
    }

    private static String fingerprint(SSLSocket socket) throws Exception {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSerialNumber().toString(16);
    }

    private static String ask(SSLSocket socket, String command) throws Exception {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        String reply = line(socket);
        if (command.startsWith("ARTICLE")) {
            for (String line = line(socket); !line.equals("."); line = line(socket)) {
                assertNotEquals(null, line);
            }
        }
        return reply.substring(0, 3);
    }

    private static String line(SSLSocket socket) throws Exception {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read(); c != '\n'; c = socket.getInputStream().read()) {
            assertTrue(c >= 0, "the relay has closed the connection");
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }
}
