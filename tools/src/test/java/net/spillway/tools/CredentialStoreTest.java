package net.spillway.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialStoreTest {
    @TempDir private Path dir;

    private Path file(String rights, String text) throws IOException {
        Path file = Files.writeString(dir.resolve("logins"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }

    @Test
    void fileOpenToEverybodyIsRefusedWithTheRemedy() throws IOException {
        Path file = file("rw-r--r--", "a ann secret\n");
        CommandFailure failure =
                assertThrows(CommandFailure.class, () -> CredentialStore.load(file));
        assertEquals(ExitCode.USAGE, failure.exitCode());
        assertTrue(failure.getMessage().contains("chmod 600"), failure.getMessage());
    }

    @Test
    void badLineIsNamedByNumberAndNeverQuoted() throws IOException {
        Path file = file("rw-------", "a ann secret\n\nb hunter2\n");
        CommandFailure failure =
                assertThrows(CommandFailure.class, () -> CredentialStore.load(file));
        assertTrue(failure.getMessage().contains("line 3"), failure.getMessage());
        assertFalse(failure.getMessage().contains("hunter2"), failure.getMessage());
    }

    @Test
    void oneHostTwiceIsAMistake() throws IOException {
        Path file = file("rw-------", "a ann one\nA bob two\n");
        assertThrows(CommandFailure.class, () -> CredentialStore.load(file));
    }

    @Test
    void missingFileIsSaidToBeMissing() {
        CommandFailure failure = assertThrows(CommandFailure.class,
                () -> CredentialStore.load(dir.resolve("nowhere")));
        assertTrue(failure.getMessage().contains("no such file"), failure.getMessage());
    }

    @Test
    void halfALoginInTheEnvironmentIsAMistake() {
        assertThrows(CommandFailure.class,
                () -> CredentialStore.fromEnvironment(Map.of("SPILLWAY_USER", "ann")));
        assertEquals(Optional.empty(), CredentialStore.fromEnvironment(Map.of()).forHost("a", 1));
    }

    @Test
    void ipv6HostsCanBeKeyedWithAndWithoutPort() throws IOException {
        CredentialStore store = CredentialStore.load(
                file("rw-------", "[::1]:119 ann one\n::1 bob two\n"));
        assertEquals("ann", store.forHost("::1", 119).orElseThrow().user());
        assertEquals("bob", store.forHost("::1", 120).orElseThrow().user());
    }

    @Test
    void passwordIsNeverPrinted() {
        ServerAddress server = new ServerAddress("a", 1, Optional.empty(),
                Optional.of(new Credentials("ann", "hunter2")));
        assertFalse((server + " " + server.login()).contains("hunter2"));
    }
}
