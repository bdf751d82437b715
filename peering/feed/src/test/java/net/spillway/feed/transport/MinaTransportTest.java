package net.spillway.feed.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.conf.HostPort;
import net.spillway.feed.ConnectionEvents;
import net.spillway.feed.OutgoingArticle;
import net.spillway.feed.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MinaTransportTest {
    /** More than the sockets of both sides hold. */
    private static final int ARTICLE_OCTETS = 24 << 20;
    /** More than are read while the other side does not deal with them. */
    private static final int LINES = 3000;
    private static final int TIMEOUT_MILLIS = 20_000;

    @TempDir
    Path dir;

    @Test
    void anArticleOnItsWayGoesOnAfterReadingWasSuspended() throws Exception {
        try (var transport = new MinaTransport(); var server = new ServerSocket();
                var file = new RandomAccessFile(dir.resolve("article").toFile(), "rw")) {
            file.setLength(ARTICLE_OCTETS);
            server.setReceiveBufferSize(16 << 10);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var events = new Events();
            transport.connect(HostPort.of("127.0.0.1", server.getLocalPort()), Optional.empty(),
                    events);
            try (Socket peer = server.accept()) {
                peer.setSoTimeout(TIMEOUT_MILLIS);
                Wire wire = events.wire.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
                wire.article(new OutgoingArticle(
                        file.getChannel(), 0, ARTICLE_OCTETS, () -> { }));
                wire.flush();
                InputStream in = peer.getInputStream();
                assertEquals(0, in.read(), "a part of it is here, the rest cannot be sent yet");
                peer.getOutputStream().write("205 still here\r\n".repeat(LINES)
                        .getBytes(StandardCharsets.US_ASCII));
                Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                    // In steps, as the other side deals with them: suspended, resumed, suspended.
                    wire.consumed(events.takeLines());
                    assertEquals(LINES, events.told.get());
                });
                assertEquals(ARTICLE_OCTETS - 1, in.readNBytes(ARTICLE_OCTETS - 1).length);
                Awaitility.await().atMost(Duration.ofMinutes(1))
                        .untilAsserted(() -> assertEquals(1, events.sent.get()));
            }
        }
    }

    private static final class Events implements ConnectionEvents {
        private final CompletableFuture<Wire> wire = new CompletableFuture<>();
        private final AtomicInteger told = new AtomicInteger();
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicInteger sent = new AtomicInteger();

        private int takeLines() {
            int lines = waiting.getAndSet(0);
            told.addAndGet(lines);
            return lines;
        }

        @Override
        public void connected(Wire connected) {
            wire.complete(connected);
        }

        @Override
        public void lines(List<String> lines) {
            waiting.addAndGet(lines.size());
        }

        @Override
        public void articlesSent(int count) {
            sent.addAndGet(count);
        }

        @Override
        public void closed(String why) {
            wire.completeExceptionally(new IllegalStateException(why));
        }
    }
}
