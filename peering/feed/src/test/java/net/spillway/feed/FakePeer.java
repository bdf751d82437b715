package net.spillway.feed;

import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * A peer on loopback that keeps what it is sent. It can be stopped and started on the same port,
 * and misbehave in the ways that {@link Manner} names.
 */
final class FakePeer implements AutoCloseable {
    /** How it behaves. */
    enum Manner {
        STREAMING, IHAVE_ONLY,
        /** Answers the first CHECK with 431 for every article. */
        LATER_ONCE,
        /** Accepts connections and says nothing. */
        SILENT,
        /** Streams, but answers no CHECK. */
        HANGS_IN_STREAM,
        /** 502 as a greeting. */
        REFUSES,
        /** Breaks the first few connections in the middle of an article. */
        BREAKS_OFF,
        /** 400 to the first few TAKETHIS. */
        NO_SPACE_AT_FIRST
    }

    final Map<String, byte[]> articles = new ConcurrentHashMap<>();
    final AtomicInteger connections = new AtomicInteger();
    /** How many whole articles came for an ID that it had already. */
    final AtomicInteger sentTwice = new AtomicInteger();
    final AtomicInteger quits = new AtomicInteger();
    volatile Manner manner;
    private final AtomicInteger mishaps = new AtomicInteger(3);
    private final Set<String> putOff = ConcurrentHashMap.newKeySet();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Optional<SSLContext> tls;
    private ServerSocket server;
    private Thread accepting;
    private int port;

    FakePeer(Manner manner) throws IOException {
        this(manner, Optional.empty());
    }

    FakePeer(Manner manner, Optional<SSLContext> tls) throws IOException {
        this.manner = manner;
        this.tls = tls;
        start();
    }

    int port() {
        return port;
    }

    void start() throws IOException {
        // The port may be busy for a moment after a stop.
        server = await().ignoreExceptions().until(this::listen, Objects::nonNull);
        port = server.getLocalPort();
        ServerSocket listening = server;
        accepting = Thread.ofVirtual().start(() -> accept(listening));
    }

    private ServerSocket listen() throws IOException {
        ServerSocket fresh = tls.isPresent()
                ? tls.get().getServerSocketFactory().createServerSocket() : new ServerSocket();
        fresh.setReuseAddress(true);
        fresh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return fresh;
    }

    private void accept(ServerSocket listening) {
        try {
            while (true) {
                Socket socket = listening.accept();
                connections.incrementAndGet();
                open.add(socket);
                threads.add(Thread.ofVirtual().start(() -> serve(socket)));
            }
        } catch (IOException e) {
            // Stopped.
        }
    }

    /** Ends all connections, also what it had begun to read; what it has it keeps. */
    void stop() throws IOException {
        server.close();
        // One that was just being accepted must be among those that are closed.
        await().until(() -> !accepting.isAlive());
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
        // What a connection still had in its buffer must not arrive after the next start.
        await().until(() -> threads.stream().noneMatch(Thread::isAlive));
        threads.clear();
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            if (manner == Manner.SILENT) {
                in.read();
                return;
            }
            say(out, manner == Manner.REFUSES ? "502 not you" : "200 welcome");
            String line = readLine(in);
            while (manner != Manner.REFUSES && line != null && answer(line, in, out)) {
                line = readLine(in);
            }
        } catch (IOException e) {
            // The other side is gone.
        }
    }

    private boolean answer(String line, InputStream in, OutputStream out) throws IOException {
        String[] words = line.split(" ");
        String id = words.length > 1 ? words[1] : "";
        switch (words[0]) {
            case "MODE" -> say(out, manner == Manner.IHAVE_ONLY ? "500 what?" : "203 go on");
            case "CHECK" -> check(id, out);
            case "TAKETHIS" -> {
                return takethis(id, in, out);
            }
            case "IHAVE" -> ihave(id, in, out);
            case "QUIT" -> {
                quits.incrementAndGet();
                say(out, "205 bye");
                return false;
            }
            default -> say(out, "500 what?");
        }
        return true;
    }

    private void check(String id, OutputStream out) throws IOException {
        if (manner == Manner.HANGS_IN_STREAM) {
            return;
        }
        if (manner == Manner.LATER_ONCE && putOff.add(id)) {
            say(out, "431 " + id);
        } else {
            say(out, (articles.containsKey(id) ? "438 " : "238 ") + id);
        }
    }

    private boolean takethis(String id, InputStream in, OutputStream out) throws IOException {
        if (manner == Manner.BREAKS_OFF && mishaps.getAndDecrement() > 0) {
            in.read();
            return false;
        }
        byte[] article = readArticle(in);
        if (manner == Manner.NO_SPACE_AT_FIRST && mishaps.getAndDecrement() > 0) {
            say(out, "400 no space");
            return false;
        }
        say(out, (keep(id, article) ? "239 " : "439 ") + id);
        return true;
    }

    private void ihave(String id, InputStream in, OutputStream out) throws IOException {
        if (articles.containsKey(id)) {
            say(out, "435 have it");
            return;
        }
        say(out, "335 send");
        say(out, keep(id, readArticle(in)) ? "235 thanks" : "437 had it");
    }

    private boolean keep(String id, byte[] article) {
        boolean isNew = articles.putIfAbsent(id, article) == null;
        if (!isNew) {
            sentTwice.incrementAndGet();
        }
        return isNew;
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return line.toString(StandardCharsets.US_ASCII).stripTrailing();
            }
            line.write(b);
        }
        return null;
    }

    /** Reads up to and including the line that is a dot; end of stream is an IOException. */
    private static byte[] readArticle(InputStream in) throws IOException {
        ByteArrayOutputStream article = new ByteArrayOutputStream();
        int lineStart = 0;
        int last = 0;
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("cut off");
            }
            article.write(b);
            if (b == '\n') {
                if (article.size() - lineStart == 3 && last == '\r'
                        && article.toByteArray()[lineStart] == '.') {
                    return article.toByteArray();
                }
                lineStart = article.size();
            }
            last = b;
        }
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
