package net.spillway.tools.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import net.spillway.protocol.MessageId;
import net.spillway.tools.Credentials;
import net.spillway.tools.ServerAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PipelinedClientTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(150);

    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void repliesComeInTheOrderOfTheRequests() throws IOException {
        try (PipelinedClient client = PipelinedClient.open(server.address(), LONG, LONG)) {
            for (int i = 0; i < 20; i++) {
                byte[] wire = article(i);
                assertEquals(240, client.post(wire, wire.length).code());
            }
            for (int i = 0; i < 40; i++) {
                client.requestBody(id(i));
            }
            client.flush();
            for (int i = 0; i < 40; i++) {
                assertEquals(i < 20 ? 222 : 430, client.reply().code());
                if (i < 20) {
                    Block block = client.block().orElseThrow();
                    assertEquals("body " + i + "\r\n", new String(block.bytes(), block.from(),
                            block.length(), StandardCharsets.US_ASCII));
                }
            }
            assertEquals(223, client.ask("STAT " + id(3)).code());
            client.quit();
        }
    }

    @Test
    void loginIsSentWhereThereIsOne() throws IOException {
        server.requiring("ann:secret");
        server.articles().put(id(1).value(), article(1));
        try (PipelinedClient stranger = PipelinedClient.open(server.address(), LONG, LONG)) {
            assertEquals(480, stranger.ask("BODY " + id(1)).code());
        }
        try (PipelinedClient client = PipelinedClient.open(as("ann", "secret"), LONG, LONG)) {
            assertEquals(222, client.ask("BODY " + id(1)).code());
        }
    }

    @Test
    void wrongLoginIsFinalAndKeepsThePasswordToItself() {
        server.requiring("ann:secret");
        NntpException.Refused e = assertThrows(NntpException.Refused.class,
                () -> PipelinedClient.open(as("ann", "guess"), LONG, LONG));
        assertEquals(481, e.code());
        assertTrue(e.isFinal());
        assertFalse(e.getMessage().contains("guess"), e.getMessage());
    }

    @Test
    void credentialsCannotSmuggleCommands() {
        server.requiring("ann:secret");
        assertThrows(NntpException.Refused.class,
                () -> PipelinedClient.open(as("ann\r\nPOST", "x"), LONG, LONG));
    }

    @Test
    void refusedGreetingIsTyped() {
        server.greeting(n -> "502 no room");
        NntpException.Refused e = assertThrows(NntpException.Refused.class,
                () -> PipelinedClient.open(server.address(), LONG, LONG));
        assertEquals(502, e.code());
        server.greeting(n -> "400 later");
        e = assertThrows(NntpException.Refused.class,
                () -> PipelinedClient.open(server.address(), LONG, LONG));
        assertFalse(e.isFinal());
    }

    @Test
    void serversThatHangTimeOut() {
        server.greeting(n -> "hang");
        NntpException.TimedOut e = assertThrows(NntpException.TimedOut.class,
                () -> PipelinedClient.open(server.address(), SHORT, SHORT));
        assertTrue(e.getMessage().contains("write nntps://"), e.getMessage());
    }

    @Test
    void aLoginThatIsNotAnsweredIsSaidToBeThat() {
        server.requiring("ann:secret").silentOnPasswords();
        Duration patience = Duration.ofSeconds(2); // The greeting comes within that.
        CompletableFuture<NntpException> question = CompletableFuture.supplyAsync(() ->
                assertThrows(NntpException.TimedOut.class,
                        () -> QuestionClient.open(as("ann", "x"), patience)));
        for (NntpException e : List.of(assertThrows(NntpException.TimedOut.class,
                () -> PipelinedClient.open(as("ann", "x"), patience, patience)),
                question.join())) {
            assertTrue(e.getMessage().contains("does not answer the login"), e.getMessage());
            assertFalse(e.getMessage().contains("nntps://"), e.getMessage());
        }
    }

    @Test
    void serversThatStallTimeOut() throws IOException {
        server.failing(id -> Optional.of(ScriptedServer.Fault.STALL));
        try (PipelinedClient client = PipelinedClient.open(server.address(), LONG, SHORT)) {
            assertThrows(NntpException.TimedOut.class, () -> client.ask("BODY <a@b>"));
        }
    }

    @Test
    void whatSpeaksNoNntpIsAConnectionLost() {
        server.greeting(n -> "HTTP/1.1 400 Bad Request");
        assertThrows(NntpException.ConnectionLost.class,
                () -> PipelinedClient.open(server.address(), LONG, LONG));
    }

    @Test
    void nobodyThereIsAConnectionLost() throws IOException {
        try (Nobody nobody = new Nobody()) {
            NntpException.ConnectionLost e = assertThrows(NntpException.ConnectionLost.class,
                    () -> PipelinedClient.open(nobody.address(), LONG, LONG));
            assertTrue(e.getMessage().startsWith(nobody.hostPort()), e.getMessage());
        }
    }

    @Test
    void hostsNobodyKnowsAreCalledThat() {
        NntpException.ConnectionLost e = assertThrows(NntpException.ConnectionLost.class,
                () -> PipelinedClient.open(
                        ServerAddress.plain("nowhere.invalid", 119), LONG, LONG));
        assertEquals("nowhere.invalid:119: cannot connect: there is no host of this name",
                e.getMessage());
    }

    private ServerAddress as(String user, String password) {
        ServerAddress plain = server.address();
        return new ServerAddress(plain.host(), plain.port(), Optional.empty(),
                Optional.of(new Credentials(user, password)));
    }

    private static MessageId id(int i) {
        return MessageId.of("<" + i + "@test>");
    }

    private static byte[] article(int i) {
        return ("Subject: " + i + "\r\nMessage-ID: " + id(i) + "\r\n\r\nbody " + i + "\r\n.\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
