package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.spillway.it.CommandLine.Outcome;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are posted to a ring of three relays and fetched from what is left of it. */
class PostAndFetchIT {
    private static final String GROUP = "it.files";
    private static final List<String> RING = List.of("a", "b", "c");

    @TempDir
    static Path relays;
    private static Federation federation;
    @TempDir
    Path temp;
    private CommandLine commands;
    private Path nzb;
    private Path output;
    private Map<String, String> originals;
    private Manifest manifest;

    /** One ring for all tests; each has a post of its own. */
    @BeforeAll
    static void start() throws Exception {
        federation = new Federation(relays);
        for (String name : RING) {
            federation.add(name, GROUP);
        }
        for (int i = 0; i < RING.size(); i++) {
            federation.feed(RING.get(i), RING.get((i + 1) % RING.size()));
        }
        federation.start();
    }

    @BeforeEach
    void postToTheRing() throws Exception {
        for (RelayProcess relay : federation.relays()) {
            if (!relay.isRunning()) {
                relay.start();
            }
        }
        commands = CommandLine.in(temp);
        nzb = temp.resolve("manifest.nzb");
        output = temp.resolve("output");
        Path tree = temp.resolve("input/tree");
        Folders.file(tree.resolve("large.bin"), 1, 3_000_000);
        Folders.file(tree.resolve("sub/folder/medium file.bin"), 2, 200_001);
        Folders.file(tree.resolve("sub/tiny.txt"), 3, 1);
        originals = Folders.contents(temp.resolve("input"));
        commands.run("post", tree.toString(), "--to", relay("a").hostPort(), "--group", GROUP,
                "--redundancy", "20%", "--part-size", "32K", "--nzb", nzb.toString()).expect(0);
        manifest = Manifest.read(nzb);
        awaitEverywhere();
    }

    @AfterAll
    static void stop() {
        federation.close();
    }

    private static RelayProcess relay(String name) {
        return federation.relay(name);
    }

    private void awaitEverywhere() {
        for (RelayProcess relay : federation.relays()) {
            Awaitility.await(relay.name()).atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(100)).until(() -> hasAll(relay));
        }
    }

    private boolean hasAll(RelayProcess relay) throws IOException {
        try (NntpWire wire = relay.connect()) {
            for (String id : manifest.all()) {
                if (!wire.ask("STAT " + id).startsWith("223")) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Stops a relay, removes articles from its spool, and starts it again. */
    private void remove(String name, List<String> ids) throws Exception {
        RelayProcess relay = relay(name);
        assertEquals(0, relay.stop(), relay::log);
        Path list = Files.write(relay.folder().resolve("ids.txt"), ids);
        commands.run("spool", "remove", "--config", relay.config().toString(),
                "--ids", list.toString()).expect(0);
        relay.start();
    }

    private Outcome fetch(String... mirrors) throws Exception {
        String from = List.of(mirrors).stream().map(name -> relay(name).hostPort())
                .collect(Collectors.joining(","));
        return commands.run("fetch", nzb.toString(), "--from", from, "-o", output.toString());
    }

    private List<String> shuffledData() {
        List<String> shuffled = new ArrayList<>(manifest.data());
        Collections.shuffle(shuffled, new Random(7));
        return shuffled;
    }

    @Test
    void everyMirrorLacksSomethingElseAndNothingIsLost() throws Exception {
        List<String> data = shuffledData();
        int third = data.size() / 3;
        remove("a", data.subList(0, third));
        remove("b", data.subList(third, 2 * third));
        remove("c", data.subList(2 * third, data.size()));
        fetch("a", "b", "c").expect(0);
        assertEquals(originals, Folders.contents(output));
    }

    @Test
    void whatIsMissingEverywhereIsMadeFromParityThoughNoMirrorIsComplete() throws Exception {
        List<String> data = shuffledData();
        List<String> everywhere = data.subList(0, data.size() / 10);
        int half = data.size() / 2;
        List<String> fromB = new ArrayList<>(everywhere);
        fromB.addAll(data.subList(everywhere.size(), half));
        List<String> fromC = new ArrayList<>(everywhere);
        fromC.addAll(data.subList(half, data.size()));
        relay("a").kill();
        remove("b", fromB);
        remove("c", fromC);
        Outcome outcome = fetch("a", "b", "c").expect(0);
        assertEquals(originals, Folders.contents(output));
        assertTrue(outcome.stdout().contains("repaired"), outcome::stdout);
    }

    @Test
    void fetchThatCannotSucceedSaysSoAndLeavesNothingUnderFinalNames() throws Exception {
        List<String> lost = shuffledData().subList(0, manifest.data().size() / 2);
        relay("c").kill();
        remove("a", lost);
        remove("b", lost);
        Outcome outcome = fetch("a", "b").expect(3);
        // What came is hidden, for a later try.
        Map<String, String> named = Folders.contents(output);
        named.keySet().removeIf(name -> name.startsWith(".spillway-"));
        assertEquals(Map.of(), named, outcome::stderr);
        assertTrue(outcome.stderr().matches("(?s).*\\d+ slices? .*lacking.*"), outcome::stderr);
        assertTrue(outcome.stderr().matches("(?s).*Whole: .*; not whole: .*tree/large\\.bin.*"),
                outcome::stderr);
    }

    @Test
    void mirrorThatHangsDoesNotHoldUpTheOthers() throws Exception {
        FaultyLink toC = new FaultyLink();
        try (toC) {
            toC.leadTo(relay("c").address());
            toC.stall();
            Outcome outcome = commands.run("fetch", nzb.toString(), "--from",
                    "127.0.0.1:" + toC.port() + "," + relay("a").hostPort(),
                    "-o", output.toString()).expect(0);
            assertEquals(originals, Folders.contents(output), outcome::stderr);
        }
    }
}
