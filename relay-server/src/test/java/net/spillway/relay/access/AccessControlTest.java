package net.spillway.relay.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.spillway.conf.AccessRule;
import net.spillway.conf.Cidr;
import net.spillway.conf.ConfigLoader;
import net.spillway.conf.HostPort;
import net.spillway.conf.PasswordFile;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.RelayConfig;
import net.spillway.conf.RuleLimits;
import net.spillway.conf.UserConfig;
import net.spillway.conf.Wildmat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessControlTest {
    @TempDir
    Path dir;

    private Optional<Path> usersFile = Optional.empty();

    private AccessControl control(List<AccessRule> rules, List<UserConfig> users) {
        RelayConfig c = ConfigLoader.embedded(dir, HostPort.of("127.0.0.1", 0));
        PeerConfig peer = PeerConfig.receivingFrom("b", List.of(Cidr.parse("192.0.2.1")));
        RelayConfig config = new RelayConfig(c.identity(), c.data(), c.listen(), c.tls(),
                c.groups(), rules, users, usersFile, List.of(peer), c.spool(), c.limits(),
                c.lists());
        return new AccessControl(() -> config);
    }

    private static Client client(String address, boolean tls) {
        return new Client(InetAddress.ofLiteral(address), tls);
    }

    private static AccessRule rule(String from, Set<String> users, boolean tls, String read) {
        return new AccessRule("r", List.of(Cidr.parse(from)), users, tls, Wildmat.parse(read),
                Wildmat.NONE, false, false);
    }

    @Test
    void theFirstRuleThatMatchesDecides() {
        AccessControl control = control(List.of(
                rule("192.0.2.0/24", Set.of("bob"), false, "bob.*"),
                rule("192.0.2.0/24", Set.of(), true, "tls.*"),
                rule("192.0.2.0/24", Set.of(), false, "plain.*")), List.of());
        assertEquals("plain.*", control.rightsOf(
                client("192.0.2.9", false), Optional.empty()).read().toString());
        assertEquals("tls.*", control.rightsOf(
                client("192.0.2.9", true), Optional.empty()).read().toString());
        assertEquals("bob.*", control.rightsOf(
                client("192.0.2.9", true), Optional.of("bob")).read().toString());
        Rights nobody = control.rightsOf(client("198.51.100.1", true), Optional.of("bob"));
        assertFalse(nobody.reads() || nobody.posts() || nobody.newnews() || nobody.status());
    }

    @Test
    void peersAreKnownWhateverTheRulesSay() {
        AccessControl control = control(List.of(), List.of());
        assertEquals("b", control.rightsOf(client("192.0.2.1", false), Optional.empty())
                .peer().orElseThrow().name());
        assertTrue(control.rightsOf(client("192.0.2.2", false), Optional.empty()).peer().isEmpty());
    }

    @Test
    void passwordsAreReadWhenTheyAreAskedFor() throws Exception {
        Path file = Files.writeString(dir.resolve("password"), "one\n");
        AccessControl control = control(List.of(),
                List.of(new UserConfig("bob", new PasswordFile(file))));
        assertTrue(control.hasAccounts());
        assertTrue(control.authenticates("bob", "one"));
        assertFalse(control.authenticates("bob", "two"));
        assertFalse(control.authenticates("eve", "one"), "not even with somebody's password");
        Files.writeString(file, "two\n");
        assertTrue(control.authenticates("bob", "two"));
        Files.delete(file);
        assertFalse(control.authenticates("bob", "two"));
    }

    @Test
    void passwordsMayBeSentWhereNobodyListens() {
        assertTrue(client("127.0.0.1", false).confidential());
        assertTrue(client("::1", false).confidential());
        assertTrue(client("192.0.2.1", true).confidential());
        assertFalse(client("192.0.2.1", false).confidential());
    }

    @Test
    void usersOfTheFileLogInWithTheirHashAndChangesHoldAtOnce() throws Exception {
        usersFile = Optional.of(dir.resolve("users"));
        AccessControl control = control(List.of(), List.of());
        assertTrue(control.hasAccounts());
        assertFalse(control.authenticates("ann", "one"), "the file is not there yet");
        UsersFile file = new UsersFile(usersFile.get());
        file.put("ann", PasswordHash.of("one"));
        assertTrue(control.authenticates("ann", "one"));
        assertFalse(control.authenticates("ann", "two"));
        assertFalse(control.authenticates("eve", "one"));
        assertTrue(file.remove("ann"));
        assertFalse(control.authenticates("ann", "one"));
    }

    @Test
    void ofTwoPasswordsForOneNameOnlyTheConfigurationsCounts() throws Exception {
        usersFile = Optional.of(dir.resolve("users"));
        new UsersFile(usersFile.get()).put("feeder", PasswordHash.of("people's"));
        AccessControl control = control(List.of(), List.of(new UserConfig("feeder",
                new PasswordFile(Files.writeString(dir.resolve("feeder"), "programs'\n")))));
        assertTrue(control.authenticates("feeder", "programs'"));
        assertFalse(control.authenticates("feeder", "people's"));
    }

    @Test
    void onlyWhoMayChangeTheUsersCanLockThem() throws Exception {
        Assumptions.assumeTrue(
                dir.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Path folder = Files.createDirectory(dir.resolve("relays"));
        UserPrincipalLookupService all = dir.getFileSystem().getUserPrincipalLookupService();
        boolean root = Files.getOwner(folder).equals(all.lookupPrincipalByName("root"));
        if (root) { // Nobody else can give a folder away.
            Files.setOwner(folder, all.lookupPrincipalByName("nobody"));
        }
        UsersFile users = new UsersFile(folder.resolve("users"));
        users.put("ann", PasswordHash.of("one"));
        users.put("bob", PasswordHash.of("two"));
        for (String file : List.of("users", "users.lock")) {
            assertEquals(Files.getOwner(folder), Files.getOwner(folder.resolve(file)), file);
            assertEquals("rw-------", PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(folder.resolve(file))), file);
        }
    }

    @Test
    void manyWhoAddUsersAtOnceLoseNobody() throws Exception {
        PasswordHash hash = PasswordHash.of("one");
        Path file = dir.resolve("users");
        try (ExecutorService programs = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                String name = "user" + i;
                programs.submit(() -> {
                    new UsersFile(file).put(name, hash);
                    return null;
                });
            }
        }
        assertEquals(20, new UsersFile(file).all().size());
        UsersFile known = new UsersFile(file);
        assertEquals(20, known.all().size());
        new UsersFile(file).remove("user7");
        known.put("user7b", hash);
        assertFalse(new UsersFile(file).all().containsKey("user7"),
                "what others changed meanwhile is not undone");
    }

    /** Time depends on the machine; what Argon2 needs for it, its memory, does not. */
    @Test
    void anUnknownUserCostsWhatAWrongPasswordCosts() throws Exception {
        usersFile = Optional.of(dir.resolve("users"));
        AccessControl control = control(List.of(), List.of());
        new UsersFile(usersFile.get()).put("ann", PasswordHash.of("one"));
        var meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] octets = new long[3];
        for (int i = 0; i < 3; i++) {
            long before = meter.getCurrentThreadAllocatedBytes();
            assertFalse(control.authenticates(i < 2 ? "ann" : "eve", "two"));
            octets[i] = meter.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(octets[2] > 0.95 * octets[1] && octets[2] < 1.05 * octets[1],
                octets[1] + " and " + octets[2]);
        assertTrue(octets[2] > 1 << 20, "a hash was computed");
    }

    @Test
    void aRuleWithFeedMakesAPeerOfWhomItFits() {
        AccessRule feeders = new AccessRule("some feeders", List.of(), Set.of(),
                Set.of("sha256:ab"), true, Wildmat.NONE, Wildmat.NONE, Wildmat.parse("a.*"),
                Wildmat.NONE, Wildmat.NONE, false, false, RuleLimits.NONE);
        AccessControl control = control(List.of(feeders), List.of());
        InetAddress any = InetAddress.ofLiteral("198.51.100.1");
        assertTrue(control.rightsOf(new Client(any, true), Optional.empty()).peer().isEmpty());
        assertEquals(Wildmat.parse("a.*"), control.rightsOf(
                new Client(any, true, Set.of("sha256:ab")), Optional.empty())
                .peer().orElseThrow().accept());
    }

    private Optional<String> proof(String address, Optional<String> user, String... certificates) {
        RelayConfig c = ConfigLoader.embedded(dir, HostPort.of("127.0.0.1", 0));
        PeerConfig p = PeerConfig.receivingFrom("b", List.of(Cidr.parse("192.0.2.1")));
        PeerConfig peer = new PeerConfig("b", "b", p.address(), p.from(), user,
                Set.of(certificates), p.accept(), p.maxArticle(), p.feed(), p.link());
        return new AccessControl(() -> c.with(List.of(peer), List.of()))
                .peerProof(InetAddress.ofLiteral(address));
    }

    @Test
    void aPeersAddressIsToldWhatElseIsWantedAndNobodyElseIs() {
        assertEquals(Optional.of("log in"), proof("192.0.2.1", Optional.of("b")));
        assertEquals(Optional.of("show its certificate under TLS"),
                proof("192.0.2.1", Optional.empty(), "sha256:00"));
        assertEquals(Optional.of("log in, or show its certificate under TLS"),
                proof("192.0.2.1", Optional.of("b"), "sha256:00"));
        assertEquals(Optional.empty(), proof("192.0.2.2", Optional.of("b"), "sha256:00"));
    }
}
