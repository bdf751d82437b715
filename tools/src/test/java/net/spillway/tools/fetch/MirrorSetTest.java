package net.spillway.tools.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.spillway.tools.Credentials;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.client.ScriptedServer;
import net.spillway.tools.nzb.NzbReader;
import net.spillway.tools.post.PostRequest;
import net.spillway.tools.post.Poster;
import net.spillway.tools.progress.Progress;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that are opened before it is known what is wanted of them. */
class MirrorSetTest {
    @TempDir Path folder;
    private ScriptedServer server;
    private Path nzb;

    @BeforeEach
    void post() throws Exception {
        server = new ScriptedServer();
        Path file = Files.write(folder.resolve("data.bin"), new byte[20_000]);
        nzb = new Poster(PostRequest.of(List.of(file), List.of(server.address()),
                List.of("spill.test")).withNzb(folder.resolve("post.nzb")), Progress.none())
                .post().nzb();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void connectionsThatWereIdleForLongAreOpenedAnewWithoutAnythingHavingFailed()
            throws Exception {
        int before = server.connections();
        try (MirrorSet mirrors = set(server.address(), Duration.ZERO)) {
            awaitIdle();
            assertEquals(before + 1, server.connections());
            HealthReport health = health(mirrors);
            assertTrue(health.mirrors().getFirst().asked());
            assertEquals(0, mirrors.answers().reports().getFirst().failures());
            assertEquals(before + 2, server.connections());
        }
    }

    @Test
    void connectionsThatWereIdleForShortAreKept() throws Exception {
        int before = server.connections();
        try (MirrorSet mirrors = set(server.address(), Duration.ofDays(1))) {
            awaitIdle();
            assertTrue(health(mirrors).mirrors().getFirst().asked());
            assertEquals(before + 1, server.connections());
        }
    }

    @Test
    void failureBeforeAnythingIsWantedIsForgotten() throws Exception {
        int before = server.connections();
        server.greeting(n -> n == before + 1 ? "400 starting" : "200 here");
        try (MirrorSet mirrors = set(server.address(), Duration.ofDays(1))) {
            awaitIdle();
            assertTrue(health(mirrors).mirrors().getFirst().asked());
            assertEquals(0, mirrors.answers().reports().getFirst().failures());
            assertEquals(before + 2, server.connections());
        }
    }

    @Test
    void wrongLoginIsRememberedAlsoIfNothingIsWantedYet() throws Exception {
        server.requiring("ann:secret");
        ServerAddress plain = server.address();
        ServerAddress wrong = new ServerAddress(plain.host(), plain.port(), plain.tls(),
                Optional.of(new Credentials("ann", "wrong")));
        try (MirrorSet mirrors = set(wrong, Duration.ofDays(1))) {
            Awaitility.await().atMost(Duration.ofMinutes(1))
                    .until(() -> mirrors.answers().reports().getFirst().failures() == 1);
            assertTrue(mirrors.answers().reports().getFirst().lastError().contains("481"));
            assertTrue(mirrors.answers().isSurveyed(), "nobody waits for it");
        }
    }

    @Test
    void whatMemoryLacksIsThrownAsItIs() {
        try (MirrorSet mirrors = set(server.address(), Duration.ofDays(1))) {
            OutOfMemoryError lacking = new OutOfMemoryError("not really");
            mirrors.fail(lacking);
            assertEquals(lacking, assertThrows(OutOfMemoryError.class, () -> health(mirrors)));
        }
    }

    private MirrorSet set(ServerAddress of, Duration longestIdle) {
        return new MirrorSet(request(of, 1), Progress.none(), longestIdle, Duration.ofDays(1));
    }

    private FetchRequest request(ServerAddress of, int connections) {
        Duration longer = Duration.ofMinutes(1);
        return FetchRequest.of(nzb, List.of(), folder.resolve("out"))
                .withMirrors(List.of(MirrorSpec.of(of, MirrorSpec.MAIN)))
                .withConnections(connections).withTimes(longer, longer, longer);
    }

    private HealthReport health(MirrorSet mirrors) throws Exception {
        return new HealthCheck(new Sources(NzbReader.read(nzb)), mirrors, Progress.none()).check();
    }

    /** Until the connection waits to be told what is wanted. */
    private void awaitIdle() {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() ->
                Thread.getAllStackTraces().entrySet().stream().anyMatch(thread ->
                        thread.getKey().getName().equals("fetch-" + server.address())
                        && Arrays.stream(thread.getValue())
                                .anyMatch(frame -> frame.getMethodName().equals("awaitWork"))));
    }
}
