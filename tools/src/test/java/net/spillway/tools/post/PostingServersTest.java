package net.spillway.tools.post;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.ExitCode;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.client.NntpException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PostingServersTest {
    private static final Duration PATIENCE = Duration.ofMillis(600);

    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private final PostingServers servers = new PostingServers(
            List.of(ServerAddress.plain("127.0.0.1", 9)), PATIENCE, troubles::add, w -> { });

    private static NntpException gone() {
        return new NntpException.ConnectionLost(
                "127.0.0.1:9", "closed the connection", new EOFException());
    }

    private static void outlast(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Awaitility.await().until(() -> System.nanoTime() > end);
    }

    @Test
    void connectionsLostWhileThereWasNothingToSendAreMadeAgain() throws Exception {
        PostingServers.Server server = servers.next();
        servers.connected(server);
        servers.succeeded(server, 100);
        outlast(PATIENCE.plusMillis(50)); // So long parity was computed, say.
        servers.disconnected(server);
        servers.failed(server, gone());
        assertEquals(server, servers.next());
    }

    @Test
    void serversThatStayAwayAreGivenUpWhenPatienceIsOver() throws Exception {
        servers.failed(servers.next(), gone());
        outlast(PATIENCE.plusMillis(50));
        servers.failed(servers.next(), gone());
        CommandFailure e = assertThrows(CommandFailure.class, servers::next);
        assertEquals(ExitCode.TEMPORARY, e.exitCode());
    }

    @Test
    void whatIsShownBesideTheProgressIsLeftAloneWhileAllIsWell() throws Exception {
        PostingServers.Server server = servers.next();
        servers.succeeded(server, 100);
        servers.succeeded(server, 100);
        assertEquals(List.of(), troubles);
        servers.failed(server, gone());
        servers.succeeded(server, 100);
        servers.succeeded(server, 100);
        assertEquals(2, troubles.size());
        assertEquals("", troubles.getLast());
    }

    @Test
    void serversThatAreMissedFromTheBeginningAreNamedOnce() throws Exception {
        List<String> warnings = new CopyOnWriteArrayList<>();
        PostingServers two = new PostingServers(List.of(ServerAddress.plain("127.0.0.1", 9),
                ServerAddress.plain("127.0.0.2", 9)), PATIENCE, w -> { }, warnings::add);
        PostingServers.Server preferred = two.next();
        two.failed(preferred, gone());
        PostingServers.Server other = two.next();
        two.succeeded(other, 100);
        two.failed(preferred, gone());
        two.failed(other, gone());
        assertEquals(List.of(gone().getMessage()
                + "; the other servers are posted to meanwhile"), warnings);
        servers.failed(servers.next(), gone());
        assertEquals(1, warnings.size(), "where there is no other, trouble is told");
    }

    @Test
    void oneConnectionTooManyRestsOnlyWhileAnotherIsThere() throws Exception {
        PostingServers.Server server = servers.next();
        servers.rest(Duration.ofDays(1)); // Nobody is connected.
        servers.connected(server);
        servers.rest(Duration.ofMillis(10));
        Thread resting = Thread.ofPlatform().start(() -> {
            try {
                servers.rest(Duration.ofDays(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Awaitility.await().atMost(Duration.ofMinutes(1))
                .until(() -> resting.getState() == Thread.State.TIMED_WAITING);
        servers.disconnected(server);
        resting.join(Duration.ofSeconds(30));
        assertFalse(resting.isAlive());
        assertTrue(troubles.isEmpty());
    }
}
