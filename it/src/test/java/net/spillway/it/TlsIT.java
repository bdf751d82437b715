package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.spillway.it.CommandLine.Outcome;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relays whose TLS certificate comes from an authority nobody else knows. */
class TlsIT {
    private static final String GROUP = "it.tls";
    private static final String USER = "ann";
    private static final String PASSWORD = "open sesame";
    private static final int DONE = 0;
    private static final int FAILED = 1;

    @TempDir
    Path temp;
    private Federation federation;
    private CommandLine commands;
    private TestAuthority authority;
    private Path file;
    private Map<String, String> original;

    @BeforeEach
    void makeCertificate() throws Exception {
        federation = new Federation(temp);
        commands = CommandLine.in(temp);
        authority = TestAuthority.in(temp.resolve("authority"));
        file = Folders.file(temp.resolve("input/file.bin"), 1, 300_000);
        original = Folders.contents(temp.resolve("input"));
    }

    @AfterEach
    void stop() {
        federation.close();
    }

    private RelayProcess start(String furtherTables) throws Exception {
        RelayProcess relay = federation.add("solo", GROUP);
        federation.extra("solo", authority.listener());
        federation.extra("solo", furtherTables);
        Federation.secret(relay.folder().resolve("ann.password"), PASSWORD);
        federation.start();
        return relay;
    }

    /** Nobody may do anything but who is logged in, and nobody logs in but over TLS. */
    private RelayProcess startWithLogin() throws Exception {
        return start("""
                [[user]]
                name = "%s"
                password_file = "ann.password"

                [[access]]
                name = "members"
                users = ["%s"]
                tls_required = true
                read = "*"
                post = "*"
                """.formatted(USER, USER));
    }

    private Outcome post(RelayProcess relay, String manifest, String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of("post", file.toString(), "--to",
                relay.tlsAddress(), "--group", GROUP, "--nzb", manifest));
        line.addAll(List.of(options));
        return commands.run(line.toArray(String[]::new));
    }

    private Outcome fetch(RelayProcess relay, String manifest, String output, String... options)
            throws Exception {
        List<String> line = new ArrayList<>(List.of("fetch", manifest, "--from",
                relay.tlsAddress(), "-o", output));
        line.addAll(List.of(options));
        return commands.run(line.toArray(String[]::new));
    }

    private void requireBack(String output) throws Exception {
        assertEquals(original, Folders.contents(temp.resolve(output)));
    }

    @Test
    void ownAuthorityIsBelievedWhenNamedAndOnlyThen() throws Exception {
        RelayProcess relay = start("");
        String ca = authority.certificate().toString();
        assertEquals("", post(relay, "a.nzb", "--tls-ca", ca, "--quiet").expect(DONE).stderr());
        fetch(relay, "a.nzb", "back", "--tls-ca", ca).expect(DONE);
        requireBack("back");
        commands.run("status", "--on", relay.tlsAddress(), "--tls-ca", ca).expect(DONE);

        Outcome stranger = post(relay, "b.nzb").expect(FAILED);
        assertTrue(stranger.stderr().contains("certificate"), stranger::stderr);
        assertTrue(stranger.stderr().contains("--tls-ca"), stranger::stderr);
        assertFalse(stranger.stderr().contains("\tat "), stranger::stderr);
        assertFalse(Files.exists(temp.resolve("b.nzb")));
        fetch(relay, "a.nzb", "none").expect(FAILED);
        assertEquals(Map.of(), Folders.contents(temp.resolve("none")));
    }

    @Test
    void insecureWorksWithAWarningThatQuietDoesNotSilence() throws Exception {
        RelayProcess relay = start("");
        Outcome posted = post(relay, "a.nzb", "--insecure", "--quiet").expect(DONE);
        assertTrue(posted.stderr().contains("--insecure"), posted::stderr);
        Outcome fetched = fetch(relay, "a.nzb", "back", "--insecure").expect(DONE);
        assertTrue(fetched.stderr().contains("--insecure"), fetched::stderr);
        requireBack("back");
    }

    @Test
    void loginsComeFromAFileOrTheEnvironmentAndAreAskedFor() throws Exception {
        RelayProcess relay = startWithLogin();
        String ca = authority.certificate().toString();
        Outcome nobody = post(relay, "a.nzb", "--tls-ca", ca).expect(FAILED);
        assertTrue(nobody.stderr().contains("480"), nobody::stderr);

        Path credentials = temp.resolve("credentials");
        Files.writeString(credentials, "127.0.0.1 " + USER + " " + PASSWORD + "\n");
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
        post(relay, "a.nzb", "--tls-ca", ca, "--credentials", credentials.toString())
                .expect(DONE);

        commands.with("SPILLWAY_USER", USER).with("SPILLWAY_PASSWORD", PASSWORD);
        fetch(relay, "a.nzb", "back", "--tls-ca", ca).expect(DONE);
        requireBack("back");

        commands.with("SPILLWAY_PASSWORD", "not " + PASSWORD);
        Outcome wrong = post(relay, "b.nzb", "--tls-ca", ca).expect(FAILED);
        assertTrue(wrong.stderr().contains("481"), wrong::stderr);
        assertFalse(wrong.stderr().contains(PASSWORD), wrong::stderr);
        assertFalse(relay.log().contains(PASSWORD), relay::log);
    }

    @Test
    void articlesAreFedOverTls() throws Exception {
        for (String name : List.of("a", "b")) {
            federation.add(name, GROUP);
            federation.extra(name, authority.listener());
        }
        FaultyLink link = federation.feedOverTls("a", "b", authority.certificate());
        federation.start();
        List<TestArticle> posted = Copies.post(federation.relay("a"), GROUP, 1, 40);
        Copies.awaitAll(federation, federation.relay("b"), GROUP, posted);
        assertEquals(40, Copies.feedFigure(federation.relay("a"), "b", "accepted"));
        assertTrue(link.octets() > 0);
    }

    @Test
    void peerWithACertificateOfSomebodyElseIsNotFed() throws Exception {
        TestAuthority other = TestAuthority.in(temp.resolve("other"));
        federation.add("a", GROUP);
        federation.add("b", GROUP);
        federation.extra("b", authority.listener());
        FaultyLink link = federation.feedOverTls("a", "b", other.certificate());
        federation.start();
        Copies.post(federation.relay("a"), GROUP, 1, 3);
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> link.accepted() > 0
                && lastError(federation.relay("a")).contains("certificate"));
        Copies.checkCount(federation.relay("b"), GROUP, 0);
    }

    private static String lastError(RelayProcess relay) throws Exception {
        try (NntpWire wire = relay.connect()) {
            return wire.askLines("XSPILLWAY STATUS").stream()
                    .filter(line -> line.contains("\"lastError\"")).findFirst().orElse("");
        }
    }
}
