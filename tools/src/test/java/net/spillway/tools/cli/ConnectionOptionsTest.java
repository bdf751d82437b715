package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.spillway.conf.HostPort;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.Credentials;
import net.spillway.tools.ServerAddress;
import net.spillway.tools.progress.TerminalProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConnectionOptionsTest {
    @TempDir private Path dir;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private List<ServerAddress> resolve(
            Map<String, String> environment, String addresses, String... options) {
        ConnectionOptions parsed = new ConnectionOptions();
        new CommandLine(parsed).parseArgs(options);
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        try (TerminalProgress progress = new TerminalProgress(out, false, 80, true)) {
            return parsed.resolve(
                    Stream.of(addresses.split(",")).map(HostPort::parse).toList(),
                    progress, environment);
        }
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void addressesKeepTheirOrderAndComeOnce() {
        assertEquals("[b:119, a:119, nntps://c:563]",
                resolve(Map.of(), "b:119,a:119,nntps://c,b:119").toString());
        assertEquals("", printed());
    }

    @Test
    void environmentIsTheLoginForEveryHost() {
        List<ServerAddress> servers = resolve(
                Map.of("SPILLWAY_USER", "ann", "SPILLWAY_PASSWORD", "s e"), "a:119,b:119");
        Optional<Credentials> ann = Optional.of(new Credentials("ann", "s e"));
        assertEquals(List.of(ann, ann), servers.stream().map(ServerAddress::login).toList());
    }

    @Test
    void fileIsKeyedByHostAndKeepsTheEnvironmentOut() throws Exception {
        Path file = dir.resolve("logins");
        Files.writeString(file, "# ours\na:119 ann one\na bob two words\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        List<ServerAddress> servers = resolve(
                Map.of("SPILLWAY_USER", "eve", "SPILLWAY_PASSWORD", "x"),
                "a:119,A:120,b:119", "--credentials", file.toString());
        assertEquals(List.of(
                Optional.of(new Credentials("ann", "one")),
                Optional.of(new Credentials("bob", "two words")),
                Optional.empty()), servers.stream().map(ServerAddress::login).toList());
        assertTrue(printed().contains(file + " has no login for b:119"), printed());
        assertFalse(printed().contains("for a:"), printed());
    }

    @Test
    void insecureIsSaidAloudEvenWhenQuiet() {
        resolve(Map.of(), "nntps://a:563", "--insecure");
        assertTrue(printed().contains("--insecure"), printed());
    }

    @Test
    void tlsOptionsWithoutTlsAddressesAreRemarkedUpon() {
        resolve(Map.of(), "a:119", "--insecure");
        assertTrue(printed().contains("no effect"), printed());
    }

    @Test
    void authorityFileMustHoldCertificates() throws Exception {
        Path file = Files.writeString(dir.resolve("ca.pem"), "nothing");
        CommandFailure failure = assertThrows(CommandFailure.class, () ->
                resolve(Map.of(), "nntps://a:563", "--tls-ca", file.toString()));
        assertTrue(failure.getMessage().contains(file.toString()), failure.getMessage());
        String nothing = dir.resolve("nix").toString();
        assertEquals("--tls-ca " + nothing + ": there is no such file or folder",
                assertThrows(CommandFailure.class, () -> resolve(Map.of(), "nntps://a:563",
                        "--tls-ca", nothing)).getMessage());
    }
}
