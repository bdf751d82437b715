package net.spillway.relay.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import net.spillway.conf.AdminConfig;
import net.spillway.conf.Cidr;
import net.spillway.relay.metrics.Metrics;
import net.spillway.relay.status.History;
import net.spillway.relay.status.StatusReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the admin page and the metrics.
 *
 * <pre>
 * GET  /           the page, or the question for the token
 * GET  /?token=T   the same as POST /login, for a link
 * POST /login      token=T in a form: a cookie, and on to /
 * POST /logout     the cookie is forgotten
 * GET  /metrics    for Prometheus
 * GET  /style.css  free for all
 * </pre>
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final int BACKLOG = 32;
    private static final int MAX_FORM = 4096;
    /** So much more is taken in before the answer: who is still sending would not hear it. */
    private static final int MAX_SWALLOWED = 1 << 20;
    private static final String HTML = "text/html; charset=utf-8";
    /** Nothing but our own style sheet, and forms that lead back here. */
    private static final String POLICY = "default-src 'none'; style-src 'self';"
            + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private final HttpServer server;
    private final ExecutorService threads;
    private final boolean tls;
    private final Gate gate;
    private final StatusReader status;
    private final History history;
    private final Metrics metrics;
    private final Supplier<List<Cidr>> metricsFrom;
    private final byte[] style;

    static {
        // Read once, by the first server of this process; a slow client holds a connection no
        // longer than this, and there are so many at most.
        setIfUnset("sun.net.httpserver.maxReqTime", "10");
        setIfUnset("sun.net.httpserver.maxRspTime", "30");
        setIfUnset("sun.net.httpserver.idleInterval", "30");
        setIfUnset("jdk.httpserver.maxConnections", "64");
        setIfUnset("sun.net.httpserver.nodelay", "true");
    }

    private static void setIfUnset(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /**
     * Listens at once.
     *
     * @param certificate ours, for HTTPS; asked for anew for every connection
     * @param metricsFrom who reads the metrics without the token, at the moment
     * @throws IOException naming the address or the token's file
     */
    public AdminServer(AdminConfig config, Supplier<Optional<SSLContext>> certificate,
            StatusReader status, History history, Supplier<List<Cidr>> metricsFrom)
            throws IOException {
        AdminToken token = AdminToken.load(config.tokenFile());
        this.tls = !config.isLoopback();
        this.status = status;
        this.history = history;
        this.metrics = new Metrics(status);
        this.metricsFrom = metricsFrom;
        this.style = style();
        InetSocketAddress wanted = config.listen().resolve();
        try {
            server = tls ? https(wanted, certificate) : HttpServer.create(wanted, BACKLOG);
        } catch (IOException | RuntimeException e) {
            throw new IOException("cannot listen on " + config.listen().hostAndPort()
                    + " for the admin page: " + e.getMessage(), e);
        }
        this.gate = new Gate(token, server.getAddress().getPort(), tls);
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("admin-", 1).factory());
        server.setExecutor(threads);
        server.createContext("/", guarded(this::answer));
        server.start();
        LOG.info("the admin page is at {}; its token is the first line of {}", url(),
                config.tokenFile());
    }

    private static HttpServer https(InetSocketAddress address,
            Supplier<Optional<SSLContext>> certificate) throws IOException {
        HttpsServer server = HttpsServer.create(address, BACKLOG);
        SSLContext first = certificate.get().orElseThrow(() ->
                new IOException("there is no certificate; set [tls]"));
        server.setHttpsConfigurator(new HttpsConfigurator(first) {
            @Override
            public SSLContext getSSLContext() {
                return certificate.get().orElse(first);
            }
        });
        return server;
    }

    /** Where it is. */
    public String url() {
        InetSocketAddress address = server.getAddress();
        String host = address.getAddress().getHostAddress();
        return (tls ? "https://" : "http://") + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
                + ":" + address.getPort() + "/";
    }

    private HttpHandler guarded(HttpHandler handler) {
        return exchange -> {
            try (exchange) {
                handler.handle(exchange);
            } catch (IOException e) {
                LOG.debug("an answer to {} was not taken: {}", exchange.getRemoteAddress(),
                        e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("the admin page failed", e);
                if (exchange.getResponseCode() < 0) {
                    send(exchange, 500, "text/plain", bytes("something failed; see the log\n"));
                }
            }
        };
    }

    private void answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        boolean reads = method.equals("GET") || method.equals("HEAD");
        String allowed = switch (exchange.getRequestURI().getPath()) {
            case "/", "/metrics", "/style.css" -> "GET, HEAD";
            case "/login", "/logout" -> "POST";
            case null, default -> "";
        };
        if (allowed.isEmpty()) {
            send(exchange, 404, "text/plain", bytes("there is no such page\n"));
        } else if (reads != allowed.startsWith("GET") || !reads && !method.equals("POST")) {
            exchange.getResponseHeaders().set("Allow", allowed);
            send(exchange, 405, "text/plain", bytes("that cannot be done here\n"));
        } else {
            answer(exchange, exchange.getRequestURI().getPath());
        }
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        switch (path) {
            case "/style.css" -> send(exchange, 200, "text/css; charset=utf-8", style);
            case "/metrics" -> metrics(exchange);
            case "/login" -> logIn(exchange, Gate.tokenIn(form(exchange)));
            case "/logout" -> {
                exchange.getResponseHeaders().add("Set-Cookie", gate.noCookie());
                goHome(exchange);
            }
            default -> page(exchange);
        }
    }

    private void page(HttpExchange exchange) throws IOException {
        Optional<String> given = Gate.tokenIn(exchange.getRequestURI().getRawQuery());
        if (given.isPresent()) {
            logIn(exchange, given);
        } else if (gate.admits(exchange)) {
            send(exchange, 200, HTML, bytes(StatusPage.of(
                    status.read(StatusPage.MAX_CONNECTIONS, StatusPage.MAX_GROUPS), history)));
        } else {
            askForToken(exchange, false);
        }
    }

    private void logIn(HttpExchange exchange, Optional<String> token) throws IOException {
        if (token.filter(gate::isToken).isPresent()) {
            exchange.getResponseHeaders().add("Set-Cookie", gate.cookie());
            goHome(exchange);
        } else {
            LOG.warn("somebody at {} tried to open the admin page with a wrong token",
                    exchange.getRemoteAddress().getAddress().getHostAddress());
            askForToken(exchange, true);
        }
    }

    private void askForToken(HttpExchange exchange, boolean wrong) throws IOException {
        send(exchange, wrong ? 403 : 401, HTML, bytes(Pages.login(status.identity(), wrong)));
    }

    /** Also takes the token out of the address line and the history of the browser. */
    private void goHome(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Location", "/");
        send(exchange, 303, "text/plain", new byte[0]);
    }

    private void metrics(HttpExchange exchange) throws IOException {
        var from = exchange.getRemoteAddress().getAddress();
        if (gate.admits(exchange) || metricsFrom.get().stream().anyMatch(c -> c.contains(from))) {
            send(exchange, 200, Metrics.CONTENT_TYPE, metrics.write());
        } else {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            send(exchange, 401, "text/plain",
                    bytes("send the token of the admin page: Authorization: Bearer TOKEN\n"));
        }
    }

    private static String form(HttpExchange exchange) throws IOException {
        try (InputStream body = exchange.getRequestBody()) {
            String form = new String(body.readNBytes(MAX_FORM), StandardCharsets.UTF_8);
            long left = MAX_SWALLOWED;
            for (long n = body.skip(left); n > 0; n = body.skip(left)) {
                left -= n;
            }
            return form;
        }
    }

    private static void send(HttpExchange exchange, int code, String type, byte[] content)
            throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cache-Control", "no-store");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(code, head || content.length == 0 ? -1 : content.length);
        if (!head && content.length > 0) {
            exchange.getResponseBody().write(content);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] style() throws IOException {
        try (InputStream in = AdminServer.class.getResourceAsStream("style.css")) {
            if (in == null) {
                throw new IOException("the style sheet of the admin page is not in the program");
            }
            return in.readAllBytes();
        }
    }

    /** Answers under way are not waited for. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
