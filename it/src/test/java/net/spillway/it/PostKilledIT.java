package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.fetch.FetchRequest;
import net.spillway.tools.fetch.Fetcher;
import net.spillway.tools.progress.Progress;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code spillway post} is killed at random moments and called again. {@code -Dcrash.posts=N} does
 * it that often, which has to be done in {@code -Dcrash.client.minutes=M}; {@code -Dcrash.seed=S}
 * at the same moments.
 */
class PostKilledIT {
    private static final int KILLS = Integer.getInteger("crash.posts", 3);
    private static final Duration AT_MOST =
            Duration.ofMinutes(Integer.getInteger("crash.client.minutes", 5));
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final String GROUP = "it.files";
    /** 128 and the signal's number. */
    private static final int KILLED = 137;
    /** How long a post takes at least, by its rate. */
    private static final int MILLIS = 900;

    @TempDir
    Path temp;

    @Test
    void postThatWasKilledGoesOnWithoutPostingAnythingTwice() throws Exception {
        Random random = new Random(SEED);
        System.out.println("seed of kills: " + SEED);
        Folders.file(temp.resolve("in/tree/large.bin"), 1, 1_300_000);
        Folders.file(temp.resolve("in/tree/sub/small.bin"), 2, 150_001);
        Files.createFile(temp.resolve("in/tree/empty"));
        Map<String, String> original = Folders.contents(temp.resolve("in"));
        try (Federation federation = Federation.ofOne(temp.resolve("relays"), GROUP)) {
            RelayProcess relay = federation.relay("solo");
            CommandLine commands = CommandLine.in(temp);
            int articles = 0;
            long deadline = System.nanoTime() + AT_MOST.toNanos();
            int loop = 0;
            int killed = 0;
            for (; killed < KILLS && System.nanoTime() < deadline; loop++) {
                String nzb = "post" + loop + ".nzb";
                Path journal = temp.resolve(nzb + ".posting");
                do {
                    killed += killOnce(nzb, relay, random) ? 1 : 0;
                } while (!isDone(nzb) && killed < KILLS && System.nanoTime() < deadline);
                if (!isDone(nzb)) {
                    commands.run(arguments(nzb, relay)).expect(0);
                    assertFalse(Files.exists(journal));
                    assertFalse(Files.exists(temp.resolve(nzb + ".posting.parity")));
                }
                articles += Manifest.read(temp.resolve(nzb)).all().size();
                // Nothing came twice, also not under another message-ID.
                Copies.checkCount(relay, GROUP, articles);
                new Fetcher(FetchRequest.of(temp.resolve(nzb), List.of(ServerAddress.plain(
                        relay.address().getHostString(), relay.address().getPort())),
                        temp.resolve("out" + loop)), Progress.none()).fetch();
                assertEquals(original, Folders.contents(temp.resolve("out" + loop)));
            }
            System.out.printf("kill -9 of post: %d times in %d posts, %d articles, none lost or"
                    + " twice%n", killed, loop, articles);
            assertEquals(KILLS, killed, () -> "kills in " + AT_MOST);
        }
    }

    private boolean isDone(String nzb) {
        return Files.exists(temp.resolve(nzb)) && !Files.exists(temp.resolve(nzb + ".posting"));
    }

    /** Kills it some time after it has begun or got further; false if it was done by then. */
    private boolean killOnce(String nzb, RelayProcess relay, Random random) throws Exception {
        Path journal = temp.resolve(nzb + ".posting");
        long before = size(journal);
        Process process = Program.process(temp, arguments(nzb, relay))
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("killed.log").toFile()).start();
        Awaitility.await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(5))
                .until(() -> size(journal) > before || !process.isAlive());
        Thread.sleep(random.nextInt(MILLIS));
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        return process.destroyForcibly().waitFor() == KILLED;
    }

    /** Less than nothing while there is none. */
    private static long size(Path file) {
        return Files.exists(file) ? file.toFile().length() : -1;
    }

    private String[] arguments(String nzb, RelayProcess relay) {
        List<String> all = new ArrayList<>(List.of("post", "in/tree", "--to", relay.hostPort(),
                "--group", GROUP, "--part-size", "32K", "--redundancy", "60%",
                "-m", "1", "--rate", "2200K", "--nzb", nzb)); // Parity in a read of its own.
        return all.toArray(String[]::new);
    }
}
