package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.spillway.it.CommandLine.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code spillway relay}, from the outside. */
class RelayCommandIT {
    private static final int DONE = 0;
    private static final int USAGE = 2;
    private static final int TEMPORARY = 75;

    @TempDir
    Path temp;
    private Federation federation;
    private CommandLine commands;

    @BeforeEach
    void prepare() {
        federation = new Federation(temp);
        commands = CommandLine.in(temp);
    }

    @AfterEach
    void stop() {
        federation.close();
    }

    @Test
    void relayWithoutConfigurationServesOneGroupToThisMachine() throws Exception {
        RelayProcess relay = federation.addEmbedded("solo");
        federation.start();
        Copies.awaitAll(federation, relay, "spill.test", Copies.post(relay, "spill.test", 1, 5));
        try (NntpWire wire = relay.connect()) {
            assertEquals(1, wire.askLines("LIST ACTIVE").size());
            String description = wire.askLines("LIST NEWSGROUPS").getFirst();
            assertTrue(description.matches("spill\\.test\\s+\\S.*"), description);
            assertEquals(5, wire.askLines("NEWNEWS * 20200101 000000 GMT").size());
        }
        commands.run("status", "--on", relay.hostPort()).expect(DONE);
        assertEquals(DONE, relay.stop(), relay::log);
    }

    @Test
    void standardOutputHasTheReadyLineOnceAndNoStackTrace() throws Exception {
        RelayProcess relay = federation.addEmbedded("solo");
        federation.start();
        relay.stop();
        assertEquals(1, relay.log().lines().filter(l -> l.startsWith("ready nntp=")).count());
        assertFalse(relay.log().contains("\tat "), relay::log);
        assertFalse(relay.log().contains("incubator"), relay::log);
    }

    @Test
    void ctrlCStopsItCleanlyToo() throws Exception {
        // Somebody above us may have had interrupts ignored, which is inherited.
        assumeTrue(commands.runForeign("env", "--default-signal=INT", "true").exitCode() == 0,
                "env cannot set signals here");
        ProcessBuilder builder = Program.process(temp, "relay", "--data", "data",
                "--listen", "127.0.0.1:0");
        builder.command().addAll(0, List.of("env", "--default-signal=INT"));
        Process relay = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader out = relay.inputReader()) {
            assertTrue(out.readLine().startsWith("ready nntp=127.0.0.1:"));
            commands.runForeign("kill", "-INT", Long.toString(relay.pid())).expect(DONE);
            assertNull(out.readLine());
            assertTrue(relay.waitFor(1, TimeUnit.MINUTES), "it does not stop");
            assertEquals(DONE, relay.exitValue());
        } finally {
            relay.destroyForcibly();
        }
    }

    @Test
    void articlesAreThereAfterACleanStopUnderTheSameNumbers() throws Exception {
        RelayProcess relay = federation.addEmbedded("solo");
        federation.start();
        List<TestArticle> posted = Copies.post(relay, "spill.test", 1, 30);
        String before = listing(relay);
        assertEquals(DONE, relay.stop(), relay::log);
        relay.start();
        assertEquals(before, listing(relay));
        Copies.awaitAll(federation, relay, "spill.test", posted);
    }

    private static String listing(RelayProcess relay) throws Exception {
        try (NntpWire wire = relay.connect()) {
            wire.ask("GROUP spill.test");
            return String.join("\n", wire.askLines("OVER 1-"));
        }
    }

    @Test
    void indexThatIsGoneIsMadeAnewFromTheSegments() throws Exception {
        RelayProcess relay = federation.addEmbedded("solo");
        federation.start();
        List<TestArticle> posted = Copies.post(relay, "spill.test", 1, 30);
        String before = listing(relay);
        relay.kill();
        Outcome rebuilt = commands.run("spool", "rebuild", "--data",
                relay.folder().resolve("data").toString()).expect(DONE);
        assertTrue(rebuilt.stdout().startsWith("rebuilt the index of 30 articles"),
                rebuilt::stdout);
        assertFalse(rebuilt.stderr().contains("WARN"), rebuilt::stderr);
        relay.start();
        assertEquals(before, listing(relay));
        Copies.awaitAll(federation, relay, "spill.test", posted);
    }

    @Test
    void removedArticleIsGoneAndIsNotTakenAgain() throws Exception {
        RelayProcess relay = federation.addEmbedded("solo");
        federation.start();
        List<TestArticle> posted = Copies.post(relay, "spill.test", 1, 3);
        TestArticle removed = posted.get(1);
        relay.stop();
        commands.run("spool", "remove", "--data", relay.folder().resolve("data").toString(),
                removed.id()).expect(DONE);
        relay.start();
        try (NntpWire wire = relay.connect()) {
            assertTrue(wire.ask("STAT " + removed.id()).startsWith("430"));
            assertTrue(wire.ask("STAT " + posted.get(2).id()).startsWith("223"));
            assertTrue(wire.post(removed.wire()).startsWith("441"));
        }
    }

    @Test
    void dataFolderOfARunningRelayIsNotTaken() throws Exception {
        RelayProcess relay = federation.addEmbedded("solo");
        federation.start();
        Path data = relay.folder().resolve("data");
        Outcome second = commands.run("relay", "--data", data.toString(), "--listen", "127.0.0.1:0")
                .expect(TEMPORARY);
        assertTrue(second.stderr().contains(data.toString()), second::stderr);
        commands.run("spool", "rebuild", "--data", data.toString()).expect(TEMPORARY);
        Copies.awaitAll(federation, relay, "spill.test", Copies.post(relay, "spill.test", 1, 3));
    }

    @Test
    void portInUseIsNamed() throws Exception {
        RelayProcess relay = federation.addEmbedded("solo");
        federation.start();
        Outcome second = commands.run("relay", "--data", temp.resolve("other").toString(),
                "--listen", relay.hostPort()).expect(TEMPORARY);
        assertTrue(second.stderr().contains(relay.hostPort()), second::stderr);
        assertFalse(second.stderr().contains("\tat "), second::stderr);
        assertEquals("", second.stdout());
    }

    @Test
    void brokenConfigurationIsToldWholeAndHarmsNothing() throws Exception {
        Path config = Files.writeString(temp.resolve("relay.toml"), """
                data = "data"
                [[group]]
                nam = "x"
                [limits]
                max_article = "huge"
                """);
        for (String[] command : List.of(
                new String[] {"relay", "--config", config.toString()},
                new String[] {"config", "check", config.toString()})) {
            Outcome outcome = commands.run(command).expect(USAGE);
            assertTrue(outcome.stderr().contains("relay.toml:3:1: group[1].nam: "),
                    outcome::stderr);
            assertTrue(outcome.stderr().contains("did you mean \"name\"?"), outcome::stderr);
            assertTrue(outcome.stderr().contains("relay.toml:5:1: limits.max_article: "),
                    outcome::stderr);
        }
        assertFalse(Files.exists(temp.resolve("data")));
    }
}
