package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.post.PostRequest;
import net.spillway.tools.post.Poster;
import net.spillway.tools.progress.Progress;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fetch is killed at any moment and goes on with what it had. {@code -Dcrash.fetches=N} does it
 * that often, which has to be done in {@code -Dcrash.client.minutes=M}; {@code -Dcrash.seed=S}
 * after as many requests each time.
 */
class FetchKilledIT {
    private static final int KILLS = Integer.getInteger("crash.fetches", 3);
    private static final Duration AT_MOST =
            Duration.ofMinutes(Integer.getInteger("crash.client.minutes", 5));
    /** 128 and the signal's number. */
    private static final int KILLED = 137;
    private static final int PART = 16 * 1024;
    private static final int PARTS = 150;
    /** What four connections may have asked for and not written when they die. */
    private static final int UNDER_WAY = 4 * 10 + 4;

    @TempDir
    Path temp;

    @Test
    void killedTimeAndAgainItEndsWithTheSameFileAndAsksForLittleTwice() throws Exception {
        long deadline = System.nanoTime() + AT_MOST.toNanos();
        long seed = Long.getLong("crash.seed", System.nanoTime());
        Random random = new Random(seed);
        Path file = Folders.file(temp.resolve("in/data.bin"), 1, PARTS * PART - 5);
        Path out = temp.resolve("out");
        try (FaultServer server = new FaultServer()) {
            Path nzb = temp.resolve("data.nzb");
            new Poster(PostRequest.of(List.of(file), List.of(ServerAddress.plain("127.0.0.1",
                    server.address().getPort())), List.of("it.files")).withPartSize(PART)
                    .withNzb(nzb), Progress.none()).post();
            String lost = Manifest.read(nzb).data().get(77);
            server.lateBy(Duration.ofMillis(15)).onBody(r -> Optional.of(
                    r.id().equals(lost) ? BodyFault.MISSING : BodyFault.LATE));
            String[] fetch = {"fetch", nzb.toString(), "--from", server.hostPort(),
                "-o", out.toString()};
            Map<String, String> original = Folders.contents(file.getParent());
            int killed = 0;
            while (killed < KILLS && System.nanoTime() < deadline) {
                int before = server.requests();
                int inThis = 0;
                while (killed + inThis < KILLS && !Files.exists(out.resolve("data.bin"))) {
                    inThis += killOnce(fetch, server, random) ? 1 : 0;
                }
                CommandLine.in(temp).run(fetch).expect(0);
                assertEquals(original, Folders.contents(out), "seed " + seed);
                int most = PARTS + 10 + inThis * UNDER_WAY;
                assertTrue(server.requests() - before <= most, "seed " + seed + ": "
                        + (server.requests() - before) + " requests, " + inThis + " kills");
                killed += inThis;
                Files.delete(out.resolve("data.bin"));
            }
            System.out.printf("kill -9 of fetch: %d times, %d requests for %d articles%n", killed,
                    server.requests(), PARTS);
            assertEquals(KILLS, killed, "kills in " + AT_MOST);
        }
    }

    /** Kills it after some more requests; false if it was done by then. */
    private boolean killOnce(String[] fetch, FaultServer server, Random random) throws Exception {
        int before = server.requests();
        Process process = Program.process(temp, fetch).redirectErrorStream(true)
                .redirectOutput(temp.resolve("log").toFile()).start();
        int after = before + 1 + random.nextInt(PARTS / 4 + 20);
        Awaitility.await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(1))
                .until(() -> server.requests() >= after || !process.isAlive());
        return process.destroyForcibly().waitFor() == KILLED;
    }
}
