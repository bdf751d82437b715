package net.spillway.spool;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.spillway.conf.FsyncMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The power is cut at thousands of moments of a busy life, and the spool is opened on what each cut
 * has left; see {@link SimulatedDisk}. {@code -Dspool.crash.points=N} tries more of them,
 * {@code -Dspool.seed=S} the same ones again (as far as threads allow).
 */
class PowerCutTest {
    private static final int POINTS = Integer.getInteger("spool.crash.points", 200);
    private static final int POINTS_PER_LIFE = 50;
    private static final int LIVES_DAMAGED = 2;
    /** Of the points, for the test to be worth its name on however busy a machine. */
    private static final int AT_LEAST_ONE_OF = 20;
    /** Then it tells how far it came. */
    private static final Duration AT_MOST =
            Duration.ofSeconds(Integer.getInteger("spool.crash.seconds", 150));
    /** A spool that opens waits for its own threads half of the time. */
    private static final int THREADS = 2 * Runtime.getRuntime().availableProcessors();
    private static final long SEED = Long.getLong("spool.seed", System.nanoTime());

    @TempDir
    Path temp;

    /** Each setting keeps what it promises, and none gives a number twice. */
    @ParameterizedTest
    @ValueSource(strings = {"group", "interval 5ms", "off"})
    void noPowerCutTakesWhatWasPromised(String fsync) throws Exception {
        boolean group = fsync.equals("group");
        int points = group ? POINTS : POINTS / 5;
        var random = new Random(SEED);
        long start = System.nanoTime();
        long deadline = start + (group ? AT_MOST : AT_MOST.dividedBy(5)).toNanos();
        var lives = new ArrayList<Future<Cuts>>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int done = 0; done < points; done += POINTS_PER_LIFE) {
                int cuts = Math.min(POINTS_PER_LIFE, points - done);
                long seed = random.nextLong();
                Path dir = temp.resolve(fsync.substring(0, 3) + done);
                lives.add(threads.submit(() -> System.nanoTime() > deadline ? new Cuts(0, 0)
                        : live(dir, FsyncMode.parse(fsync), seed, cuts)));
            }
        }
        report(fsync, points, lives, System.nanoTime() - start);
    }

    /** H2 would open many of these well, and be wrong. */
    @Test
    void whateverHappensToFilesOfTheIndexCostsARebuildAndNothingElse() throws Exception {
        var random = new Random(SEED);
        long deadline = System.nanoTime() + AT_MOST.dividedBy(5).toNanos();
        var rebuilt = new ArrayList<Future<Integer>>();
        try (ExecutorService threads = Executors.newFixedThreadPool(LIVES_DAMAGED)) {
            for (int life = 0; life < LIVES_DAMAGED; life++) {
                Path dir = temp.resolve("life" + life);
                long seed = random.nextLong();
                rebuilt.add(threads.submit(() -> damageIndex(dir, seed, deadline)));
            }
        }
        int all = 0;
        for (Future<Integer> life : rebuilt) {
            all += life.get();
        }
        assertTrue(all > 10, "made anew: " + all);
    }

    /** Gives how often the index was made anew. */
    private static int damageIndex(Path dir, long seed, long deadline) throws Exception {
        var random = new Random(seed);
        var life = new BusyLife(dir, FsyncMode.GROUP, random);
        life.live();
        int least = 40 / LIVES_DAMAGED;
        for (int i = 0; i < Math.max(least, POINTS / 10 / LIVES_DAMAGED)
                && (i < least || System.nanoTime() < deadline); i++) {
            life.damageIndexAndCheck(random.nextLong());
        }
        life.disk().forget();
        return life.rebuilt();
    }

    private static Cuts live(Path dir, FsyncMode fsync, long seed, int cuts) throws Exception {
        var random = new Random(seed);
        var life = new BusyLife(dir, fsync, random);
        life.live();
        for (int i = 0; i < cuts; i++) {
            life.cutPowerAndCheck(random.nextInt(life.steps() + 1), random.nextLong(),
                    fsync instanceof FsyncMode.Group);
        }
        life.disk().forget();
        return new Cuts(cuts, life.checked());
    }

    /** @param checked promises that were checked after them */
    private record Cuts(int points, long checked) {}

    private static void report(String fsync, int wanted, List<Future<Cuts>> lives, long nanos)
            throws Exception {
        int points = 0;
        long checked = 0;
        for (Future<Cuts> life : lives) {
            points += life.get().points();
            checked += life.get().checked();
        }
        System.out.printf("power cuts with fsync %s: %d of %d, acknowledged articles read again:"
                + " %d, lost: 0, %d s, seed %d%n", fsync, points, wanted, checked,
                nanos / 1_000_000_000, SEED);
        assertTrue(points >= wanted / AT_LEAST_ONE_OF, "only " + points + " of " + wanted);
        assertTrue(checked > 0 || !fsync.equals("group"));
    }
}
