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
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;

/**
 * A peer on loopback that keeps what it is sent. It can be stopped and started on the same port,
 * and misbehave in the ways that {@link Manner} names.
 */
final class FakePeer implements AutoCloseable {
    static {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1)); // However busy the machine is.
    }

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
        NO_SPACE_AT_FIRST,
        /** Accepts connections and drops them. */
        DROPS,
        /** Streams, and gives answers to nothing without end. */
        FLOODS,
        /** Greets with a line that has no end. */
        ENDLESS_LINE,
        /** Compresses when asked to (RFC 8054). */
        COMPRESSING,
        /** Somebody has put an answer of his own behind the one to STARTTLS. */
        INJECTED
    }

    final Map<String, byte[]> articles = new ConcurrentHashMap<>();
    final AtomicInteger connections = new AtomicInteger();
    /** How many whole articles came for an ID that it had already. */
    final AtomicInteger sentTwice = new AtomicInteger();
    final AtomicInteger quits = new AtomicInteger();
    /** What it was told, without arguments, each once. */
    final Set<String> commands = ConcurrentHashMap.newKeySet();
    volatile Manner manner;
    private final AtomicInteger mishaps = new AtomicInteger(3);
    private final Set<String> putOff = ConcurrentHashMap.newKeySet();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Optional<SSLContext> tls;
    private final boolean implicit;
    private ServerSocket server;
    private Thread accepting;
    private int port;

    FakePeer(Manner manner) throws IOException {
        this(manner, Optional.empty());
    }

    FakePeer(Manner manner, Optional<SSLContext> tls) throws IOException {
        this(manner, tls, true);
    }

    /** @param implicit whether TLS begins with the first octet, not with STARTTLS */
    FakePeer(Manner manner, Optional<SSLContext> tls, boolean implicit) throws IOException {
        this.manner = manner;
        this.tls = tls;
        this.implicit = implicit;
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
        ServerSocket fresh = tls.isPresent() && implicit
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
            Talk talk = new Talk(socket);
            if (manner == Manner.DROPS) {
                return;
            }
            if (manner == Manner.ENDLESS_LINE) {
                talk.sayForEver("200 welcome");
            }
            if (manner == Manner.SILENT) {
                talk.in.read();
                return;
            }
            talk.say(manner == Manner.REFUSES ? "502 not you" : "200 welcome");
            String line = talk.readLine();
            while (manner != Manner.REFUSES && line != null && talk.answer(line)) {
                line = talk.readLine();
            }
        } catch (IOException e) {
            // The other side is gone.
        }
    }

    private boolean keep(String id, byte[] article) {
        boolean isNew = articles.putIfAbsent(id, article) == null;
        if (!isNew) {
            sentTwice.incrementAndGet();
        }
        return isNew;
    }

    /** One connection. */
    private final class Talk {
        private final Socket socket;
        private InputStream in;
        private OutputStream out;

        Talk(Socket socket) throws IOException {
            this.socket = socket;
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        boolean answer(String line) throws IOException {
            String[] words = line.split(" ");
            String id = words.length > 1 ? words[1] : "";
            commands.add(words[0]);
            switch (words[0]) {
                case "MODE" -> say(manner == Manner.IHAVE_ONLY ? "500 what?" : "203 go on");
                case "CHECK" -> {
                    if (manner == Manner.FLOODS) {
                        sayForEver("238 <nobody@asked.example>\r\n");
                    }
                    check(id);
                }
                case "TAKETHIS" -> {
                    return takethis(id);
                }
                case "IHAVE" -> ihave(id);
                case "STARTTLS" -> startTls();
                case "COMPRESS" -> compress();
                case "QUIT" -> {
                    quits.incrementAndGet();
                    say("205 bye");
                    return false;
                }
                default -> say("500 what?");
            }
            return true;
        }

        private void startTls() throws IOException {
            if (tls.isEmpty()) {
                say("580 no certificate");
                return;
            }
            if (manner == Manner.INJECTED) {
                out.write("382 go on\r\n203 and stream without TLS\r\n".getBytes(
                        StandardCharsets.US_ASCII));
                out.flush();
            } else {
                say("382 go on");
            }
            SSLSocket secure = (SSLSocket) tls.get().getSocketFactory()
                    .createSocket(socket, null, true);
            secure.setUseClientMode(false);
            in = new BufferedInputStream(secure.getInputStream());
            out = secure.getOutputStream();
        }

        private void compress() throws IOException {
            if (manner != Manner.COMPRESSING) {
                say("503 not here");
                return;
            }
            say("206 compressed");
            in = new BufferedInputStream(new InflaterInputStream(in, new Inflater(true)));
            out = new DeflaterOutputStream(out, new Deflater(-1, true), true);
        }

        private void check(String id) throws IOException {
            if (manner == Manner.HANGS_IN_STREAM) {
                return;
            }
            if (manner == Manner.LATER_ONCE && putOff.add(id)) {
                say("431 " + id);
            } else {
                say((articles.containsKey(id) ? "438 " : "238 ") + id);
            }
        }

        private boolean takethis(String id) throws IOException {
            if (manner == Manner.BREAKS_OFF && mishaps.getAndDecrement() > 0) {
                in.read();
                return false;
            }
            byte[] article = readArticle();
            if (manner == Manner.NO_SPACE_AT_FIRST && mishaps.getAndDecrement() > 0) {
                say("400 no space");
                return false;
            }
            say((keep(id, article) ? "239 " : "439 ") + id);
            return true;
        }

        private void ihave(String id) throws IOException {
            if (articles.containsKey(id)) {
                say("435 have it");
                return;
            }
            say("335 send");
            say(keep(id, readArticle()) ? "235 thanks" : "437 had it");
        }

        /** Until the other side is gone. */
        void sayForEver(String text) throws IOException {
            byte[] octets = text.repeat(1000).getBytes(StandardCharsets.US_ASCII);
            while (true) {
                out.write(octets);
            }
        }

        void say(String line) throws IOException {
            out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        String readLine() throws IOException {
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
        private byte[] readArticle() throws IOException {
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
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
