package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.spillway.tools.ExitCode;
import net.spillway.tools.client.Nobody;
import net.spillway.tools.progress.Json;
import org.junit.jupiter.api.Test;

class StatusCommandTest {
    private static final String STATUS = """
            215 status follows\r
            {"relay": "a.example", "articles": 12345, "indexLag": 3, "trouble": ""}\r
            {"storage": "default", "disk": "/dev/sda", "articles": 12345, "free": 1000000, "maxAgeSeconds": 864000}\r
            {"feed": "b", "why": "3 x duplicate", "backlogArticles": 1234, "address": "b.example:119", "state": "STREAMING", "lag": 7}\r
            {"feed": "c\\u001b[2J", "state": "WAITING", "connections": 0, "lastError": "refused"}\r
            {"feed": "d", "state": "STREAMING", "connections": 1, "lastError": "was away", "lastErrorAt": "2026-03-01T12:00:00.123Z"}\r
            {"connection": "192.0.2.1#1", "since": "2026-01-01T00:00:00.123Z", "octetsIn": 99}\r
            {"group": "example.talk", "articles": 17}\r
            {"novelty": 1}\r
            .\r
            """;

    /** One connection to a server that gives this answer to XSPILLWAY STATUS. */
    private static Run status(String answer, String option) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread serving = Thread.ofVirtual().start(() -> serve(server, answer));
            Run run = Run.spillway(
                    "status", "--on", "127.0.0.1:" + server.getLocalPort(), option);
            serving.join();
            return run;
        }
    }

    private static void serve(ServerSocket server, String answer) {
        try (Socket socket = server.accept()) {
            BufferedReader in = new BufferedReader(new InputStreamReader(
                    socket.getInputStream(), StandardCharsets.UTF_8));
            say(socket, "200 here\r\n");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                say(socket, switch (line) {
                    case "XSPILLWAY STATUS" -> answer;
                    case "QUIT" -> "205 bye\r\n";
                    default -> "500 what\r\n";
                });
            }
        } catch (IOException e) {
            // The command has gone; what it made of it is looked at elsewhere.
        }
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void jsonHasTheRelayAndItsFeeds() throws Exception {
        Run run = status(STATUS, "--json");
        assertEquals(0, run.exitCode(), run.err());
        Map<?, ?> result = (Map<?, ?>) Json.read(run.out());
        assertEquals(12345L, ((Map<?, ?>) result.get("relay")).get("articles"));
        assertEquals(3, ((List<?>) result.get("feeds")).size());
        for (String kind : List.of("storage", "connections", "groups", "others")) {
            assertEquals(1, ((List<?>) result.get(kind)).size(), kind);
        }
        assertEquals(List.of(), result.get("sources"));
    }

    @Test
    void peopleGetATableWithoutControlCharacters() throws Exception {
        Run run = status(STATUS, "--quiet");
        assertEquals("", run.out());
        String text = StatusCommand.describe(StatusCommand.parse(STATUS.lines().toList()));
        assertTrue(text.contains("articles   12,345"), text);
        assertTrue(text.contains("index lag  3"), text);
        assertTrue(text.contains("  before that (2026-03-01T12:00:00Z): was away"), text);
        assertTrue(text.contains("c?[2J"), text);
        assertTrue(text.contains("  error: refused"), text);
        assertTrue(text.contains("  not taken: 3 x duplicate"), text);
        assertTrue(text.contains("backlog articles"), text);
        assertTrue(text.contains("deferred"), text);
        text.lines().forEach(line -> assertTrue(line.length() <= 120, line));
        assertTrue(text.contains("/dev/sda    12,345"), text);
        assertTrue(text.contains("1.0 MB"), "as the admin page has it: " + text);
        assertTrue(text.contains("kept for") && text.contains("  10 d"), text);
        assertTrue(text.contains(" 2026-01-01T00:00:00Z "), text);
        assertTrue(text.contains("novelty  1"), text);
        assertTrue(!text.contains("trouble"), text);
    }

    @Test
    void whatIsKeptForLessThanAMinuteHasSeconds() {
        for (var length : Map.of(20L, "20 s", 90L, "90 s", 120L, "2 min", 7200L, "2 h")
                .entrySet()) {
            Map<String, Object> storage = new LinkedHashMap<>();
            storage.put("storage", "big");
            storage.put("maxAgeSeconds", length.getKey());
            String text = StatusCommand.describe(List.of(storage));
            assertTrue(text.contains("  " + length.getValue()), text);
        }
    }

    @Test
    void whatIsTheMatterWithAStorageClassStandsBelowIt() {
        // The first key tells what a line is about.
        String text = StatusCommand.describe(List.of(new TreeMap<>(Map.of("storage", "big",
                "trouble", "no space left")), new TreeMap<>(Map.of("storage", "default",
                "trouble", ""))));
        assertEquals(List.of("  trouble: no space left"),
                text.lines().filter(line -> line.contains("trouble")).toList());
    }

    @Test
    void relayThatGrantsNoStatusIsAFailureThatSaysWhatToDo() throws Exception {
        Run run = status("480 not for you\r\n", "--json");
        assertEquals(ExitCode.FAILED.code(), run.exitCode());
        assertTrue(run.err().contains("status right"), run.err());
        assertTrue(run.err().contains("--credentials") && run.err().contains("SPILLWAY_USER"),
                run.err());
    }

    @Test
    void serverOfAnotherKindIsNamedAsSuch() throws Exception {
        Run run = status("500 what\r\n", "--json");
        assertTrue(run.err().contains("no Spillway relay"), run.err());
    }

    @Test
    void whatIsNotJsonIsRefused() throws Exception {
        Run run = status("215 x\r\n{nonsense\r\n.\r\n", "--json");
        assertEquals(ExitCode.FAILED.code(), run.exitCode());
        assertTrue(run.err().contains("not JSON"), run.err());
    }

    @Test
    void nobodyThereIsTemporary() throws Exception {
        try (Nobody nobody = new Nobody()) {
            assertEquals(ExitCode.TEMPORARY.code(),
                    Run.spillway("status", "--on", nobody.hostPort()).exitCode());
        }
    }
}
