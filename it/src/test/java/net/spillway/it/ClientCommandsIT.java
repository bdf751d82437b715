package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.spillway.it.CommandLine.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code post}, {@code fetch} and {@code status} say, and how they end. */
class ClientCommandsIT {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int TEMPORARY = 75;

    @TempDir
    static Path relays;
    private static Federation federation;
    private static RelayProcess relay;
    private static final Socket held = new Socket();
    @TempDir
    Path temp;
    private CommandLine commands;
    private Path file;
    private Map<String, String> original;

    /** One for all tests; those that count articles have groups of their own. */
    @BeforeAll
    static void start() throws Exception {
        federation = new Federation(relays);
        relay = federation.add("solo", "it.one", "it.two", "it.three", "it.any");
        federation.start();
        held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @BeforeEach
    void prepare() throws Exception {
        commands = CommandLine.in(temp);
        file = Folders.file(temp.resolve("input/file.bin"), 1, 200_000);
        original = Folders.contents(temp.resolve("input"));
    }

    @AfterAll
    static void stop() throws IOException {
        held.close();
        federation.close();
    }

    /** A port that is held, and at which nobody listens. */
    private static String nowhere() {
        return "127.0.0.1:" + held.getLocalPort();
    }

    @Test
    void resultsAreOneLineOfJsonForScripts() throws Exception {
        Outcome posted = commands.run("post", file.toString(), "--to", relay.hostPort(),
                "--group", "it.any", "--nzb", "a.nzb", "--json").expect(DONE);
        assertTrue(posted.stdout().matches("\\{\"exitCode\": 0, .*\"nzb\": \"a\\.nzb\".*}\\R"),
                posted::stdout);
        Outcome fetched = commands.run("fetch", "a.nzb", "--from", relay.hostPort(), "-o", "back",
                "--json").expect(DONE);
        assertTrue(fetched.stdout().matches("\\{\"exitCode\": 0, .*file\\.bin.*}\\R"),
                fetched::stdout);
        Outcome failed = commands.run("fetch", "none.nzb", "--from", relay.hostPort(), "--json")
                .expect(USAGE);
        assertTrue(failed.stdout().matches("\\{\"exitCode\": 2, .*none\\.nzb.*}\\R"),
                failed::stdout);
        Outcome status = commands.run("status", "--on", relay.hostPort(), "--json").expect(DONE);
        assertTrue(status.stdout().contains("\"relay\": \"solo.example.org\""), status::stdout);
    }

    @Test
    void quietSaysNothingWhenAllIsWell() throws Exception {
        Outcome posted = commands.run("post", file.toString(), "--to", relay.hostPort(),
                "--group", "it.any", "--quiet").expect(DONE);
        assertEquals("", posted.stdout() + posted.stderr());
        // Without --nzb the manifest is in the working directory, named after the file.
        Outcome fetched = commands.run("fetch", "file.bin.nzb", "--from", relay.hostPort(),
                "-o", "back", "--quiet").expect(DONE);
        assertEquals("", fetched.stdout() + fetched.stderr());
        assertEquals(original, Folders.contents(temp.resolve("back")));
    }

    @Test
    void serversThatAreNotThereArePassedOver() throws Exception {
        String servers = nowhere() + ",nntp://" + relay.hostPort();
        commands.run("post", file.toString(), "--to", servers, "--group", "it.one,it.two",
                "--from", "Ann <ann@example.org>", "--connections", "2", "--nzb", "a.nzb")
                .expect(DONE);
        int articles = Manifest.read(temp.resolve("a.nzb")).all().size();
        Copies.checkCount(relay, "it.one", articles);
        Copies.checkCount(relay, "it.two", articles);
        try (NntpWire wire = relay.connect()) {
            wire.ask("GROUP it.two");
            assertTrue(wire.askLines("HDR From 1").contains("1 Ann <ann@example.org>"));
        }
        commands.run("fetch", "a.nzb", "--from", servers, "-o", "back", "--connections", "2")
                .expect(DONE);
        assertEquals(original, Folders.contents(temp.resolve("back")));
        Outcome status = commands.run("status", "--on", nowhere()).expect(TEMPORARY);
        assertFalse(status.stderr().contains("\tat "), status::stderr);
    }

    @Test
    void badManifestsAreNamedByPlaceAndNothingIsWritten() throws Exception {
        Files.writeString(temp.resolve("no.nzb"), "this is no XML\n");
        Files.writeString(temp.resolve("bomb.nzb"), """
                <?xml version="1.0"?>
                <!DOCTYPE nzb [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>
                <nzb>&b;</nzb>
                """);
        for (String name : new String[] {"no.nzb, line 1: ", "bomb.nzb, line 2: "}) {
            Outcome outcome = commands.run("fetch", name.substring(0, name.indexOf(',')),
                    "--from", relay.hostPort(), "-o", "back").expect(USAGE);
            assertTrue(outcome.stderr().contains(name), outcome::stderr);
            assertFalse(outcome.stderr().contains("\tat "), outcome::stderr);
        }
        assertFalse(Files.exists(temp.resolve("back")));
    }

    @Test
    void filesThatAreThereAreNotReplaced() throws Exception {
        Path manifest = Files.writeString(temp.resolve("a.nzb"), "mine\n");
        Outcome outcome = commands.run("post", file.toString(), "--to", relay.hostPort(),
                "--group", "it.three", "--nzb", "a.nzb").expect(FAILED);
        assertTrue(outcome.stderr().contains("a.nzb exists already"), outcome::stderr);
        assertEquals("mine\n", Files.readString(manifest));
        Copies.checkCount(relay, "it.three", 0);

        commands.run("post", file.toString(), "--to", relay.hostPort(), "--group", "it.three",
                "--nzb", "b.nzb").expect(DONE);
        Path there = temp.resolve("back/file.bin");
        Files.createDirectories(there.getParent());
        Files.writeString(there, "mine\n");
        Outcome fetched = commands.run("fetch", "b.nzb", "--from", relay.hostPort(),
                "-o", "back").expect(FAILED);
        assertTrue(fetched.stderr().contains("file.bin"), fetched::stderr);
        assertEquals("mine\n", Files.readString(there));
    }
}
