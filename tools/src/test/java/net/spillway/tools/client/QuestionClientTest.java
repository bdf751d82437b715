package net.spillway.tools.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import net.spillway.tools.ServerAddress;
import org.junit.jupiter.api.Test;

class QuestionClientTest {
    @Test
    void whoHasNotAnsweredIsNotSaidGoodbyeToEither() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write(
                            "200 here\r\n".getBytes(StandardCharsets.US_ASCII));
                    int first = socket.getInputStream().read();
                    socket.shutdownOutput();
                    return (char) first + new String(socket.getInputStream().readAllBytes(),
                            StandardCharsets.US_ASCII);
                } catch (IOException e) {
                    return e.toString();
                }
            });
            try (QuestionClient client = QuestionClient.open(
                    ServerAddress.plain("127.0.0.1", server.getLocalPort()),
                    Duration.ofMinutes(1))) {
                assertThrows(NntpException.class, () -> client.ask("XSPILLWAY PEER TEST x"));
            }
            assertEquals("XSPILLWAY PEER TEST x\r\n", heard.get());
        }
    }
}
