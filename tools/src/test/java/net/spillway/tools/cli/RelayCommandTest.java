package net.spillway.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.HostPort;
import net.spillway.conf.ListenConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.relay.access.PasswordHash;
import net.spillway.relay.access.SelfSigned;
import net.spillway.relay.access.UsersFile;
import net.spillway.tools.ExitCode;
import net.spillway.tools.progress.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayCommandTest {
    @TempDir private Path dir;

    @Test
    void readyLineNamesRealPortsAndPutsTlsLast() {
        List<ListenConfig> wanted = List.of(
                new ListenConfig(HostPort.parse("nntps://127.0.0.1:0"), true),
                new ListenConfig(HostPort.of("127.0.0.1", 0), false));
        List<InetSocketAddress> got = List.of(
                new InetSocketAddress("127.0.0.1", 5630), new InetSocketAddress("127.0.0.1", 1190));
        assertEquals("ready nntp=127.0.0.1:1190 nntps=127.0.0.1:5630",
                RelayCommand.readyLine(wanted, got));
    }

    @Test
    void readyLineHasBracketsAroundIpv6() {
        assertEquals("ready nntp=[0:0:0:0:0:0:0:1]:1119", RelayCommand.readyLine(
                List.of(new ListenConfig(HostPort.of("::1", 1119), false)),
                List.of(new InetSocketAddress("::1", 1119))));
    }

    @Test
    void anIdentityIsForRelaysWithoutAConfigurationAndIsChecked() {
        Run both = Run.spillway("relay", "--config", "relay.toml", "--identity", "a.example");
        assertEquals(ExitCode.USAGE.code(), both.exitCode());
        assertTrue(both.err().contains("--identity goes with --data"), both.err());
        Run nonsense = Run.spillway("relay", "--data", dir, "--identity", "a b");
        assertEquals(ExitCode.USAGE.code(), nonsense.exitCode());
        assertTrue(nonsense.err().contains("--identity a b: write a name such as"), nonsense.err());
        RelayConfig config = ConfigLoader.embedded(dir, ConfigLoader.DEFAULT_LISTEN);
        assertEquals("b.example", config.with("b.example").identity());
    }

    @Test
    void aDataFolderThatCannotBeIsRefusedByNameAndNothingIsMade() throws Exception {
        Path file = Files.writeString(dir.resolve("a.file"), "");
        Run isFile = Run.spillway("relay", "--data", file);
        assertEquals(ExitCode.USAGE.code(), isFile.exitCode());
        assertTrue(isFile.err().contains("--data " + file + ": is a file"), isFile.err());
        Path deep = dir.resolve("mistyped/data");
        Run noParent = Run.spillway("relay", "--data", deep);
        assertEquals(ExitCode.USAGE.code(), noParent.exitCode());
        assertTrue(noParent.err().contains("there is no folder " + dir.resolve("mistyped")),
                noParent.err());
        assertFalse(Files.exists(deep.getParent()));
    }

    @Test
    void configCheckSaysEverythingThatIsWrongEachOnALine() throws Exception {
        Path file = Files.writeString(dir.resolve("relay.toml"), """
                idenity = "a.example"
                [[listen]]
                address = "127.0.0.1"
                """);
        Run run = Run.spillway("config", "check", file);
        assertEquals(ExitCode.USAGE.code(), run.exitCode());
        List<String> lines = run.err().lines().toList();
        assertTrue(lines.size() >= 2, run.err());
        assertTrue(lines.get(0).startsWith("spillway config check: " + file + ":1:"), run.err());
        assertTrue(lines.get(1).startsWith("spillway config check: " + file + ":3:"), run.err());
    }

    @Test
    void configCheckTellsWhatAGoodFileAmountsTo() throws Exception {
        Path file = Files.writeString(dir.resolve("relay.toml"), """
                identity = "a.example"
                data = "data"
                [[group]]
                name = "a.b"
                """);
        Run run = Run.spillway("config", "check", file);
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(file + ": good: relay a.example, 1 address, 1 group, 0 peers",
                run.out().strip());
    }

    @Test
    void configCheckNotesAPeerWhoseAddressIsOurOwn() throws Exception {
        Path file = Files.writeString(dir.resolve("relay.toml"), """
                identity = "a.example"
                [[peer]]
                name = "b.example"
                address = "nntp://localhost:1119"
                [[peer]]
                name = "c.example"
                address = "nntp://c.example:1119"
                """);
        Run run = Run.spillway("config", "check", file);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.err().contains("peer b.example: we listen at localhost:1119 ourselves"),
                run.err());
        assertFalse(run.err().contains("peer c.example"), run.err());
    }

    @Test
    void configCheckLooksIntoTheFilesThatAreNamed() throws Exception {
        Path file = Files.writeString(dir.resolve("relay.toml"), """
                identity = "a.example"
                users_file = "users"
                [tls]
                certificate = "cert.pem"
                key = "key.pem"
                """);
        Files.writeString(dir.resolve("users"), "ann:no hash\n");
        Files.writeString(dir.resolve("cert.pem"), "no certificate");
        Files.writeString(dir.resolve("key.pem"), "no key");
        ownerOnly(dir.resolve("key.pem"));
        Run run = Run.spillway("config", "check", file);
        assertEquals(ExitCode.USAGE.code(), run.exitCode(), run.err());
        assertTrue(run.err().contains("relay.toml:4:1: tls.certificate: " + dir.resolve("cert.pem")
                + " holds no certificate"), run.err());
        assertTrue(run.err().contains("relay.toml:2:1: users_file: " + dir.resolve("users")
                + ":1: is not"), run.err());
    }

    @Test
    void configCheckReadsTheAuthoritiesOfClientsAndPeers() throws Exception {
        Path file = Files.writeString(dir.resolve("relay.toml"), """
                identity = "a.example"
                [tls]
                certificate = "cert.pem"
                key = "key.pem"
                client_ca = "clients.pem"
                [[peer]]
                name = "bee"
                address = "nntps://bee.example:563"
                tls_ca = "bee.pem"
                """);
        SelfSigned ours = SelfSigned.make("a.example", Instant.now());
        Files.writeString(dir.resolve("cert.pem"), ours.certificate());
        Files.writeString(dir.resolve("key.pem"), ours.key());
        ownerOnly(dir.resolve("key.pem"));
        for (String authorities : List.of("clients.pem", "bee.pem")) {
            Files.writeString(dir.resolve(authorities), "nothing");
        }
        Run run = Run.spillway("config", "check", file);
        assertEquals(ExitCode.USAGE.code(), run.exitCode(), run.err());
        assertTrue(run.err().contains("relay.toml:5:1: tls.client_ca: "
                + dir.resolve("clients.pem") + " holds no cert"), run.err());
        assertTrue(run.err().contains("relay.toml:6:1: peer[1]: peer bee: "
                + dir.resolve("bee.pem") + " holds no cert"), run.err());
    }

    @Test
    void configCheckNotesWhatIsProbablyNotMeant() throws Exception {
        Path file = Files.writeString(dir.resolve("relay.toml"), """
                identity = "a.example"
                users_file = "users"
                [[access]]
                name = "friends"
                users = ["alcie"]
                """);
        Run run = Run.spillway("config", "check", file);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.err().contains("there is no " + dir.resolve("users") + " yet"), run.err());
        assertTrue(run.err().contains("access friends: there is no user alcie"), run.err());
    }

    @Test
    void configCheckNotesWhatWillNotWorkOnThisMachine() throws Exception {
        Path file = Files.writeString(dir.resolve("relay.toml"), """
                identity = "a.example"
                users_file = "users"
                [tls]
                certificate = "cert.pem"
                key = "key.pem"
                [[user]]
                name = "feeder"
                password_file = "feeder"
                [[storage]]
                name = "big"
                dir = "no/such"
                [[access]]
                name = "all"
                [[access]]
                name = "none"
                """);
        SelfSigned old = SelfSigned.make("a.example", Instant.EPOCH);
        Files.writeString(dir.resolve("cert.pem"), old.certificate());
        Files.writeString(dir.resolve("key.pem"), old.key());
        Files.writeString(dir.resolve("feeder"), "secret\n");
        new UsersFile(dir.resolve("users")).put("feeder", PasswordHash.of("other"));
        ownerOnly(dir.resolve("key.pem"));
        ownerOnly(dir.resolve("feeder"));
        Run run = Run.spillway("config", "check", file, "--json");
        assertEquals(0, run.exitCode(), run.err());
        for (String note : List.of("toml:4:1: tls.certificate: our certificate",
                "toml:2:1: users_file: feeder is a user of the configuration too",
                "toml:11:1: storage[1].dir: there is no folder",
                "toml:14:1: access[2]: access none is never asked: all before it")) {
            assertTrue(run.err().contains(note), note + " in " + run.err());
        }
        Map<?, ?> told = (Map<?, ?>) Json.read(run.out());
        assertEquals("a.example", told.get("relay"));
        assertEquals(4, ((List<?>) told.get("notes")).size(), run.out());
        Run quiet = Run.spillway("config", "check", file, "--quiet");
        assertEquals("", quiet.out());
    }

    @Test
    void configCheckFindsAddressesThatThisMachineDoesNotHave() throws Exception {
        Path file = Files.writeString(dir.resolve("relay.toml"), """
                identity = "a.example"
                [[listen]]
                address = "192.0.2.77:1119"
                [[listen]]
                address = "no-such-host.invalid:1119"
                """);
        Run run = Run.spillway("config", "check", file, "--json");
        assertEquals(ExitCode.USAGE.code(), run.exitCode(), run.err());
        assertTrue(run.err().contains("toml:3:1: listen[1].address: 192.0.2.77 is no address"),
                run.err());
        assertTrue(run.err().contains("toml:5:1: listen[2].address: there is no host"), run.err());
        assertEquals("usage", ((Map<?, ?>) Json.read(run.out())).get("kind"));
    }

    private static void ownerOnly(Path file) throws Exception {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }
}
