package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A relay is killed again and again while articles come in by POST, IHAVE and TAKETHIS, are read
 * and expire; see {@link CrashLedger} for what must hold. {@code -Dcrash.loops=N} kills it that
 * often, but for {@code -Dcrash.minutes=M} at most; {@code -Dcrash.seed=S} at the same moments.
 */
class CrashRigIT {
    private static final int LOOPS = Integer.getInteger("crash.loops", 5);
    private static final Duration AT_MOST =
            Duration.ofMinutes(Integer.getInteger("crash.minutes", 5));
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    /** Relays wait for clients, disks and starts, so that several take little longer than one. */
    private static final int RELAYS = LOOPS < 10 ? 1 : 3;
    /** For the test to be worth its name on however busy a machine. */
    private static final int LEAST_LOOPS = Math.min(3, LOOPS);
    private static final int EVERYTHING_EVERY = 40;
    /** The longest that clients go on before a kill, if what they are to send is through sooner. */
    private static final int MOST_LINGER_MILLIS = 400;
    private static final String GROUP = "it.crash";
    /** Enough for what a reader still asks for, and reached by the fourth loop. */
    private static final String MAX_BYTES = "3M";
    private static final Pattern OPENED =
            Pattern.compile("read(?: from the log's end)? in ([0-9.]+) s");
    /** Unless it was killed before the first articles were in the index. */
    static final Pattern MADE_ANEW =
            Pattern.compile("making the index anew from \\d+ segments: (?!there is none)");

    @TempDir
    Path temp;
    private final long deadline = System.nanoTime() + AT_MOST.toNanos();
    private final AtomicLong startNanos = new AtomicLong();
    private final AtomicLong ingestNanos = new AtomicLong();
    private final AtomicLong checkNanos = new AtomicLong();
    private final DoubleAdder openingSeconds = new DoubleAdder();
    private final DoubleAccumulator longestOpening = new DoubleAccumulator(Math::max, 0);
    private final AtomicInteger rebuilds = new AtomicInteger();
    private final AtomicInteger kills = new AtomicInteger();

    @Test
    void killsAmidIngestExpiryAndReadingLoseNothingAcknowledged() throws Exception {
        List<Future<CrashLedger>> lanes = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(RELAYS)) {
            for (int lane = 0; lane < RELAYS; lane++) {
                Path folder = Files.createDirectory(temp.resolve("lane" + lane));
                Random random = new Random(SEED + lane);
                lanes.add(threads.submit(() -> killAndCheck(folder, random)));
            }
        }
        List<String> summaries = new ArrayList<>();
        long expired = 0;
        for (Future<CrashLedger> lane : lanes) {
            summaries.add(lane.get().summary());
            expired += lane.get().expired();
        }
        System.out.printf("kill -9: %d of %d loops; %s; spool opened in %.2f s on average and"
                + " %.2f at most, relay ready after %.2f s on average, index made anew %d times,"
                + " seed %d%n", kills.get(), LOOPS, String.join("; ", summaries),
                openingSeconds.sum() / kills.get(), longestOpening.get(),
                startNanos.get() / 1e9 / kills.get(), rebuilds.get(), SEED);
        assertTrue(kills.get() >= LEAST_LOOPS, "only " + kills.get() + " loops");
        assertTrue(expired > 0 || kills.get() < 20, "nothing expired amid the kills");
        assertEquals(0, rebuilds.get(), "after a kill the index is brought up, not made anew");
    }

    private CrashLedger killAndCheck(Path folder, Random random) throws Exception {
        CrashLedger ledger = new CrashLedger(GROUP);
        try (Federation federation = new Federation(folder)) {
            RelayProcess relay = federation.add("solo", GROUP);
            federation.extra("solo", """
                    [spool]
                    segment_size = "512K"
                    max_bytes = "%s"
                    [[peer]]
                    name = "feeder.example.org"
                    from = ["127.0.0.1"]
                    """.formatted(MAX_BYTES));
            federation.start();
            boolean last = false;
            for (int loop = 1; !last; loop++) {
                long ingest = System.nanoTime();
                ingestAndKill(relay, ledger, random);
                ingestNanos.addAndGet(System.nanoTime() - ingest);
                restart(relay);
                last = kills.incrementAndGet() > LOOPS - RELAYS || System.nanoTime() > deadline;
                long check = System.nanoTime();
                try (NntpWire wire = relay.connect()) {
                    ledger.check(wire, last || loop % EVERYTHING_EVERY == 0, random);
                }
                checkNanos.addAndGet(System.nanoTime() - check);
            }
            assertEquals(0, relay.stop(), relay::log);
            return ledger;
        } catch (AssertionError | Exception e) {
            throw new AssertionError("with -Dcrash.seed=" + SEED + ": " + e.getMessage(), e);
        }
    }

    private void restart(RelayProcess relay) throws Exception {
        long start = System.nanoTime();
        relay.start();
        startNanos.addAndGet(System.nanoTime() - start);
        Matcher opened = OPENED.matcher(relay.log());
        assertTrue(opened.find(), relay::log);
        openingSeconds.add(Double.parseDouble(opened.group(1)));
        longestOpening.accumulate(Double.parseDouble(opened.group(1)));
        rebuilds.addAndGet(MADE_ANEW.matcher(relay.log()).find() ? 1 : 0);
    }

    /** Kills it at any moment from the first acknowledgements on. */
    private void ingestAndKill(RelayProcess relay, CrashLedger ledger, Random random)
            throws Exception {
        IngestClient client = new IngestClient(ledger);
        List<NntpWire> wires = List.of(relay.connect(), relay.connect(), relay.connect(),
                relay.connect());
        int before = ledger.acknowledged();
        int enough = before + 1 + random.nextInt(150);
        int linger = random.nextInt(MOST_LINGER_MILLIS);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = List.of(
                    threads.submit(() -> client.post(wires.get(0))),
                    threads.submit(() -> client.ihave(wires.get(1))),
                    threads.submit(() -> client.takethis(wires.get(2))),
                    threads.submit(() -> client.read(wires.get(3), before)));
            try {
                long start = System.nanoTime();
                Awaitility.await().atMost(Duration.ofMinutes(1))
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> ledger.acknowledged() >= enough
                                && System.nanoTime() - start > linger * 1_000_000L
                                || running.stream().anyMatch(Future::isDone));
            } finally {
                relay.kill();
                client.stop();
            }
            for (Future<?> each : running) {
                each.get(1, TimeUnit.MINUTES);
            }
            assertTrue(ledger.acknowledged() >= enough, relay::log);
        } finally {
            for (NntpWire wire : wires) {
                wire.close();
            }
        }
    }
}
