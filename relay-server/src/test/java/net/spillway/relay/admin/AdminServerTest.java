package net.spillway.relay.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import net.spillway.conf.AccessRule;
import net.spillway.conf.AdminConfig;
import net.spillway.conf.Cidr;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.GroupConfig;
import net.spillway.conf.HostPort;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.TlsConfig;
import net.spillway.conf.Wildmat;
import net.spillway.relay.Relay;
import net.spillway.relay.transport.RawClient;
import net.spillway.relay.transport.TestCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The admin page and the metrics over HTTP, of one relay that has seen some articles. */
class AdminServerTest {
    private static final String EVIL = "<script>alert('x')</script>&\"";

    @TempDir
    static Path dir;
    private static Relay relay;
    private static String token;
    private static RawClient reader;

    private static RelayConfig config(Path home, HostPort admin, Optional<TlsConfig> tls,
            List<Cidr> metricsFrom) {
        RelayConfig c = ConfigLoader.embedded(home, HostPort.of("127.0.0.1", 0));
        AccessRule rule = new AccessRule(EVIL, List.of(), Set.of(), false, Wildmat.ALL,
                Wildmat.ALL, true, true);
        return new RelayConfig("us.example", c.data(), c.listen(), tls,
                List.of(new GroupConfig("spill.test", 'y', EVIL)), List.of(rule), c.users(),
                c.usersFile(), List.of(PeerConfig.sendingTo("bee.example",
                        HostPort.of("127.0.0.1", 9))), c.spool(), c.limits(), c.lists())
                .with(new AdminConfig(admin, home.resolve("admin.token"), metricsFrom));
    }

    @BeforeAll
    static void start() throws Exception {
        relay = Relay.start(config(dir.resolve("data"), HostPort.of("127.0.0.1", 0),
                Optional.empty(), List.of()));
        token = Files.readString(dir.resolve("data/admin.token")).strip();
        reader = new RawClient(relay.nntpAddresses().getFirst());
        reader.line();
        for (int n = 1; n <= 3; n++) {
            reader.ask("POST");
            reader.send("From: a@x.example\r\nNewsgroups: spill.test\r\nSubject: s\r\nMessage-ID: <"
                    + n + "@x.example>\r\n\r\nbody\r\n.\r\n").line();
        }
        reader.ask("POST");
        reader.send("From: a@x.example\r\nNewsgroups: no.such\r\nSubject: s\r\n\r\nb\r\n.\r\n")
                .line();
        reader.ask("BODY <1@x.example>");
        reader.block();
    }

    @AfterAll
    static void stop() throws Exception {
        reader.close();
        relay.close();
    }

    private static HttpResponse<String> send(String method, String path, String form,
            String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create(relay.adminPage().orElseThrow()).resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        request.method(method, HttpRequest.BodyPublishers.ofString(form));
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, "", headers);
    }

    private static String cookie(HttpResponse<String> response) {
        return response.headers().firstValue("Set-Cookie").orElseThrow();
    }

    private static String page() throws Exception {
        HttpResponse<String> page = get("/", "Authorization", "Bearer " + token);
        assertEquals(200, page.statusCode());
        return page.body();
    }

    private static void assertShows(String page, String id, String value) {
        assertTrue(page.contains("<dd id=\"" + id + "\">" + value + "</dd>"), id + " in " + page);
    }

    @Test
    void withoutTheTokenThereIsNothingButTheQuestionForIt() throws Exception {
        for (HttpResponse<String> answer : List.of(get("/"), get("/", "Cookie", "spillway-1=x"),
                get("/", "Authorization", "Bearer " + token + "x"))) {
            assertEquals(401, answer.statusCode());
            assertTrue(answer.body().contains("name=token"));
            assertFalse(answer.body().contains("spill.test"));
        }
        assertEquals(401, get("/metrics").statusCode());
        assertEquals(403, get("/?token=wrong").statusCode());
        assertEquals(403, send("POST", "/login", "token=%zz").statusCode());
        for (int octets : new int[] {100_000, 1_000_000}) {
            assertEquals(403,
                    send("POST", "/login", "token=" + "x".repeat(octets)).statusCode());
        }
    }

    @Test
    void theTokenInALinkOrAFormBecomesACookieThatOpensThePage() throws Exception {
        for (HttpResponse<String> in : List.of(get("/?token=" + token),
                send("POST", "/login", "token=" + token))) {
            assertEquals(303, in.statusCode());
            assertEquals("/", in.headers().firstValue("Location").orElseThrow());
            String cookie = cookie(in);
            assertTrue(cookie.contains("; HttpOnly; SameSite=Strict"), cookie);
            assertFalse(cookie.contains(token), "a cookie is no token");
            String name = cookie.substring(0, cookie.indexOf(';'));
            assertEquals(200, get("/", "Cookie", "a=b; " + name).statusCode());
            assertEquals(401, get("/", "Cookie", name + "x").statusCode());
        }
        assertTrue(cookie(send("POST", "/logout", "")).contains("Max-Age=0"));
    }

    @Test
    void nothingIsDoneByGetAndOtherMethodsAreRefused() throws Exception {
        assertEquals(405, get("/login").statusCode());
        assertEquals(405, get("/logout").statusCode());
        HttpResponse<String> post = send("POST", "/", "", "Authorization", "Bearer " + token);
        assertEquals(405, post.statusCode());
        assertEquals("GET, HEAD", post.headers().firstValue("Allow").orElseThrow());
        assertEquals(405, send("DELETE", "/", "").statusCode());
        assertEquals(404, get("/etc/passwd").statusCode());
        assertEquals(404, get("/style.css/..").statusCode());
    }

    @Test
    void thePageShowsWhatTheRelayHasDone() throws Exception {
        String page = page();
        assertShows(page, "posted", "3");
        assertShows(page, "articles", "3");
        assertShows(page, "served", "1");
        assertShows(page, "connections", "1");
        assertTrue(page.contains("1 rejected, peers&#39; too"));
        assertTrue(page.contains("0 duplicates, posted ones too"));
        assertTrue(page.contains("no such group here: no.such"));
        assertTrue(page.contains("bee.example"));
        assertTrue(page.contains(">BODY<"), "the last command of the reader");
        assertTrue(page.contains("1 to 3"), "the numbers of the group");
    }

    @Test
    void whatComesFromOutsideIsEscapedAndNothingComesFromElsewhere() throws Exception {
        String page = page();
        assertTrue(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;"));
        assertFalse(page.contains("<script"));
        assertFalse(page.contains("src="));
        assertFalse(page.contains("//"), "no address of another place");
        assertFalse(page.contains(token));
        HttpResponse<String> style = get("/style.css");
        assertEquals(200, style.statusCode());
        assertFalse(style.body().contains("url("));
        assertEquals("default-src 'none'; style-src 'self'; form-action 'self';"
                + " frame-ancestors 'none'; base-uri 'none'",
                get("/").headers().firstValue("Content-Security-Policy").orElseThrow());
        assertEquals("no-store", get("/").headers().firstValue("Cache-Control").orElseThrow());
    }

    @Test
    void metricsAreInPrometheusFormat() throws Exception {
        HttpResponse<String> answer = get("/metrics", "Authorization", "Bearer " + token);
        assertEquals(200, answer.statusCode());
        Pattern line = Pattern.compile("# (HELP|TYPE) \\w+ .+"
                + "|[a-z_]+(\\{\\w+=\"[^\"]*\"(,\\w+=\"[^\"]*\")*})? -?[0-9.]+(E-?\\d+)?");
        for (String got : answer.body().lines().toList()) {
            assertTrue(line.matcher(got).matches(), got);
        }
        for (String wanted : List.of(
                "# TYPE spillway_articles_received_total counter",
                "spillway_articles_received_total{outcome=\"stored\",source=\"posts\"} 3.0",
                "spillway_articles_received_total{outcome=\"refused\",source=\"posts\"} 1.0",
                "spillway_articles_served_total 1.0", "spillway_spool_articles 3.0",
                "spillway_connections 1.0",
                "spillway_feed_backlog_articles{peer=\"bee.example\"} 3.0",
                "spillway_feed_up{peer=\"bee.example\"} 0.0")) {
            assertTrue(answer.body().contains(wanted + "\n"), wanted + " in " + answer.body());
        }
    }

    @Test
    void clientsThatSendNothingDoNotKeepOthersOut() throws Exception {
        URI page = URI.create(relay.adminPage().orElseThrow());
        List<Socket> idle = new ArrayList<>();
        try {
            for (int n = 0; n < 20; n++) {
                Socket socket = new Socket(page.getHost(), page.getPort());
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHo".getBytes());
                idle.add(socket);
            }
            page();
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void theTokenIsMadeForUsAloneAndABadOneIsNamed() throws Exception {
        Path file = dir.resolve("data/admin.token");
        assertEquals(PosixFilePermissions.fromString("rw-------"),
                Files.getPosixFilePermissions(file));
        assertTrue(token.length() >= 32);
        Path bad = Files.writeString(dir.resolve("bad.token"), "short\n");
        Files.setPosixFilePermissions(bad, PosixFilePermissions.fromString("rw-------"));
        assertTrue(assertThrows(IOException.class, () -> AdminToken.load(bad)).getMessage()
                .startsWith(bad + " holds no token"));
        Files.writeString(bad, "long enough-but-with a blank\n");
        assertThrows(IOException.class, () -> AdminToken.load(bad));
        Files.writeString(bad, "x".repeat(40));
        assertTrue(AdminToken.load(bad).isToken("x".repeat(40)));
        Files.setPosixFilePermissions(bad, PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(assertThrows(IOException.class, () -> AdminToken.load(bad)).getMessage()
                .contains("chmod o-rw"));
    }

    @Test
    void beyondThisMachineItIsHttpsAndMetricsAreForWhomTheConfigurationNames() throws Exception {
        TestCertificate certificate = TestCertificate.make(dir, "EC");
        try (Relay other = Relay.start(config(dir.resolve("other"), HostPort.of("0.0.0.0", 0),
                Optional.of(certificate.files()), List.of(Cidr.parse("127.0.0.0/8"))));
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(certificate.trusting()).build()) {
            int port = URI.create(other.adminPage().orElseThrow()).getPort();
            URI page = URI.create("https://localhost:" + port + "/");
            HttpResponse<String> metrics = client.send(
                    HttpRequest.newBuilder(page.resolve("/metrics")).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, metrics.statusCode());
            String key = Files.readString(dir.resolve("other/admin.token")).strip();
            HttpResponse<String> in = client.send(
                    HttpRequest.newBuilder(page.resolve("/?token=" + key)).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertTrue(cookie(in).endsWith("; Secure"));
            assertEquals(401, client.send(HttpRequest.newBuilder(page).build(),
                    HttpResponse.BodyHandlers.ofString()).statusCode());
        }
    }
}
