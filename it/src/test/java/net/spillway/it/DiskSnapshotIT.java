package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * While articles come in, the disk is copied as a power cut would leave it, with what a real file
 * system had written by then and nothing else; a relay that starts on the copy must have all that
 * was acknowledged before. {@code -Dcrash.snapshots=N} takes that many of each file system;
 * {@code -Dcrash.seed=S} at the same moments.
 */
class DiskSnapshotIT {
    private static final int SNAPSHOTS = Integer.getInteger("crash.snapshots", 2);
    /** Every build has the file system that most relays are on. */
    private static final boolean ALL_FORMATS = SNAPSHOTS > 2;
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final String GROUP = "it.snapshot";

    @TempDir
    Path temp;

    @Test
    void whatWasAcknowledgedIsOnTheDiskForItsNextMount() throws Exception {
        for (SnapshotDisk.Format format : ALL_FORMATS ? SnapshotDisk.Format.values()
                : new SnapshotDisk.Format[] {SnapshotDisk.Format.EXT4}) {
            Path root = Files.createDirectory(temp.resolve(format.name()));
            Optional<SnapshotDisk> made =
                    SnapshotDisk.make(root, format, root.resolve("solo/data"));
            Assumptions.assumeTrue(made.isPresent(), "skipped: no file system with reflinks can be"
                    + " mounted over a loop device here (needs root and xfsprogs)");
            try (SnapshotDisk disk = made.get()) {
                snapshotsHaveEverything(root, disk, format);
            } catch (AssertionError | Exception e) {
                throw new AssertionError("with -Dcrash.seed=" + SEED + ": " + e.getMessage(), e);
            }
        }
    }

    private void snapshotsHaveEverything(Path root, SnapshotDisk disk, SnapshotDisk.Format format)
            throws Exception {
        Random random = new Random(SEED);
        CrashLedger ledger = new CrashLedger(GROUP);
        int anew = 0;
        try (Federation federation = new Federation(root)) {
            RelayProcess relay = add(federation, "solo");
            relay.start();
            RelayProcess copy = add(federation, "copy");
            for (int i = 0; i < SNAPSHOTS; i++) {
                int promised = snapshotAmidIngest(relay, ledger, disk, random);
                disk.mountSnapshot(copy.folder().resolve("data"));
                copy.start();
                anew += CrashRigIT.MADE_ANEW.matcher(copy.log()).find() ? 1 : 0;
                try (NntpWire wire = copy.connect()) {
                    ledger.checkFirst(wire, promised);
                }
                copy.kill();
                disk.unmountSnapshot();
            }
            assertEquals(0, relay.stop(), relay::log);
        }
        assertEquals(0, anew, "the index is brought up, not made anew");
        System.out.printf("snapshots of %s: %d; %s; seed %d%n", format, SNAPSHOTS,
                ledger.summary(), SEED);
    }

    private static RelayProcess add(Federation federation, String name) throws Exception {
        RelayProcess relay = federation.add(name, GROUP);
        federation.extra(name, """
                [spool]
                segment_size = "512K"
                [[peer]]
                name = "feeder.example.org"
                from = ["127.0.0.1"]
                """);
        federation.writeConfig(name);
        return relay;
    }

    /** Gives how many articles had been acknowledged before. */
    private static int snapshotAmidIngest(RelayProcess relay, CrashLedger ledger,
            SnapshotDisk disk, Random random) throws Exception {
        IngestClient client = new IngestClient(ledger);
        int enough = ledger.acknowledged() + 1 + random.nextInt(150);
        try (NntpWire posting = relay.connect();
                NntpWire offering = relay.connect();
                NntpWire streaming = relay.connect();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = List.of(threads.submit(() -> client.post(posting)),
                    threads.submit(() -> client.ihave(offering)),
                    threads.submit(() -> client.takethis(streaming)));
            int promised;
            try {
                Awaitility.await().atMost(Duration.ofMinutes(1))
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> ledger.acknowledged() >= enough
                                || running.stream().anyMatch(Future::isDone));
                promised = ledger.acknowledged();
                disk.snapshot();
            } finally {
                client.stop();
            }
            for (Future<?> each : running) {
                each.get(1, TimeUnit.MINUTES);
            }
            assertTrue(promised >= enough, relay::log);
            return promised;
        }
    }
}
