package net.spillway.benchmarks.feed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long a peer waits while another attacks, in two ways. First everything shares all
 * processors, and so the attacker takes from the relay also what it burns itself; what that alone
 * costs is seen when it attacks the other relay, or another process burns as much. Then the relay has half of the processors, and the
 * attacker the others, with the least priority there, so that whoever measures is not kept waiting
 * by it: what is left is the relay's doing.
 */
record Hostile(SpillwayPair pair, int samples) {
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final int WARM_UP_PART = 2;

    /** @param both two that run */
    void together(Both both) throws IOException {
        int port = both.taker().port();
        FairPeer alone = FairPeer.measure(port, samples);
        tell("a peer alone", alone, alone);
        try (Other other = Attack.begin(both.feeder().port(), List.of())) {
            tell("while another relay here is attacked", FairPeer.measure(port, samples), alone);
        }
        double used;
        try (Other attack = Attack.begin(port, List.of())) {
            Other relay = new Other(both.taker().process());
            long from = System.nanoTime();
            double before = seconds(attack);
            double relayBefore = seconds(relay);
            FairPeer attacked = FairPeer.measure(port, samples);
            double elapsed = (System.nanoTime() - from) / 1e9;
            used = (seconds(attack) - before) / elapsed;
            tell("while its relay is attacked (%.2f processors are the attacker's, %.2f the"
                    .formatted(used, (seconds(relay) - relayBefore) / elapsed)
                    + " relay's)", attacked, alone);
        }
        try (Other burner = Burner.begin(used)) {
            tell("while as much as the attacker's is burnt by a process that talks to nobody",
                    FairPeer.measure(port, samples), alone);
        }
    }

    /** @param folder for another relay */
    void apart(Path folder) throws IOException, InterruptedException {
        if (PROCESSORS < 2) {
            System.out.println("there is one processor here: the attacker cannot have another");
            return;
        }
        String relays = "0-" + (PROCESSORS / 2 - 1);
        String others = PROCESSORS / 2 + "-" + (PROCESSORS - 1);
        List<String> prefix = List.of("taskset", "-c", others, "nice", "-n", "19");
        pin(others);
        try (Both.Running relay = pair.one(Files.createDirectories(folder), relays)) {
            int port = relay.port();
            try (Other warmUp = Attack.begin(port, prefix)) {
                FairPeer.measure(port, samples / WARM_UP_PART);
            }
            FairPeer alone = FairPeer.measure(port, samples);
            tell("on processors of their own: a peer alone", alone, alone);
            try (Other attack = Attack.begin(port, prefix)) {
                tell("on processors of their own: while its relay is attacked",
                        FairPeer.measure(port, samples), alone);
            }
        } finally {
            pin("0-" + (PROCESSORS - 1));
        }
    }

    private static double seconds(Other process) {
        return process.used().toMillis() / 1e3;
    }

    private static void tell(String row, FairPeer measured, FairPeer alone) {
        System.out.printf("| %s | spillway | median %.2f ms, p99 %.2f ms, x%.2f |%n", row,
                measured.median(), measured.p99(), measured.p99() / alone.p99());
    }

    /** Where this process runs from now on. */
    private static void pin(String processors) throws IOException, InterruptedException {
        Process taskset = new ProcessBuilder("taskset", "-a", "-p", "-c", processors,
                "" + ProcessHandle.current().pid())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        if (!taskset.waitFor(10, TimeUnit.SECONDS) || taskset.exitValue() != 0) {
            throw new IOException("taskset does not let this run on " + processors);
        }
    }
}
