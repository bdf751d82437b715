package net.spillway.tools.post;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.progress.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A line that takes the first article at once, and the next one a little at a time. */
class SlowLineTest {
    private static final int PART = 150_000;
    private static final int A_LITTLE = 3000;

    @TempDir Path folder;

    @Test
    void aServerThatTakesArticlesSlowlyIsNotTakenForOneThatHangs() throws Exception {
        PostWorld world = new PostWorld(folder);
        try (ServerSocket listener = new ServerSocket()) {
            listener.setReceiveBufferSize(4096);
            listener.bind(null);
            Thread.ofPlatform().daemon().start(() -> serve(listener));
            PostResult result = new Poster(world.request(world.file("a.bin", 2 * PART),
                            ServerAddress.plain("127.0.0.1", listener.getLocalPort()))
                    .withPartSize(PART).withRedundancy(0).withConnections(1)
                    .withTimes(Duration.ofMillis(1500), Duration.ofSeconds(5)), Progress.none())
                    .post();
            assertEquals(2, result.articles());
            assertEquals(0, result.retries(), "cut, and sent again");
        }
    }

    private static void serve(ServerSocket listener) {
        try {
            while (true) {
                serve(listener.accept());
            }
        } catch (IOException e) {
            return; // Closed.
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1024);
            say(socket, "200 hello");
            for (int articles = 0; ; ) {
                String line = upTo(in, "\r\n", Integer.MAX_VALUE);
                switch (line.strip().split(" ")[0]) {
                    case "CAPABILITIES" -> say(socket, "101\r\nVERSION 2\r\nPOST\r\n.");
                    case "POST" -> {
                        say(socket, "340 go on");
                        upTo(in, "\r\n.\r\n", articles++ == 0 ? Integer.MAX_VALUE : A_LITTLE);
                        say(socket, "240 thanks");
                    }
                    case "STAT" -> say(socket, "430 no");
                    default -> say(socket, "500 what?");
                }
            }
        } catch (IOException | InterruptedException e) {
            return; // The client is gone.
        }
    }

    /** Reads up to these octets, and pauses after so many each time. */
    private static String upTo(InputStream in, String end, int pauseEvery)
            throws IOException, InterruptedException {
        StringBuilder read = new StringBuilder();
        while (read.length() < end.length()
                || !end.contentEquals(read.subSequence(read.length() - end.length(),
                        read.length()))) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("gone");
            }
            read.append((char) octet);
            if (read.length() % pauseEvery == 0) {
                Thread.sleep(40);
            }
        }
        return read.toString();
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
