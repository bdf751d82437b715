package net.spillway.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreshRelaysIT {
    private static final String GROUP = "it.talk";

    @TempDir
    Path temp;

    /**
     * An address of this machine that is not the loopback's: a relay takes whoever comes from there
     * for another machine, to which no password goes without TLS.
     */
    private static Optional<String> outside() throws Exception {
        return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(a -> a.getAddress().length == 4 && !a.isLoopbackAddress()
                        && !a.isLinkLocalAddress())
                .map(InetAddress::getHostAddress).findFirst();
    }

    @Test
    void twoFreshRelaysWithoutACertificateFederateWithTwoCommands() throws Exception {
        assumeTrue(outside().isPresent(), "this machine has no address but the loopback's");
        try (Federation federation = new Federation(temp)) {
            RelayProcess a = federation.add("a", GROUP);
            RelayProcess b = federation.add("b");
            for (RelayProcess relay : List.of(a, b)) {
                federation.extra(relay.name(), "[[listen]]\naddress = \"" + outside().get()
                        + ":0\"\n");
            }
            federation.start();
            CommandLine commands = CommandLine.in(temp);
            String token = commands.run("peer", "invite", "b", "--groups", "it.*", "--on",
                    a.hostPort()).expect(0).stdout();
            Path file = Files.writeString(temp.resolve("token"), token);
            String said = commands.run("peer", "accept", file.toString(), "--on", b.hostPort())
                    .expect(0).stdout();
            assertTrue(said.contains("are peers now"), said);
            List<TestArticle> there = Copies.post(a, GROUP, 1, 10);
            Copies.awaitAll(federation, b, GROUP, there);
            List<TestArticle> back = Copies.post(b, GROUP, 100, 10);
            for (TestArticle article : back) {
                there.add(article);
            }
            Copies.awaitAll(federation, a, GROUP, there);
            checkFiles(a, b);
        }
    }

    private static void checkFiles(RelayProcess a, RelayProcess b) throws Exception {
        for (RelayProcess relay : List.of(a, b)) {
            Path data = relay.folder().resolve("data");
            assertEquals("rw-------", PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(data.resolve("tls/key.pem"))));
            String entry = Files.readString(data.resolve(relay == a ? "peers.d/b.toml"
                    : "peers.d/a.example.org.toml"));
            assertTrue(entry.contains("starttls = true"), entry);
            assertTrue(entry.contains("certificates = [\"sha256:"), entry);
            assertTrue(entry.contains(outside().orElseThrow()), entry);
        }
    }
}
