package net.spillway.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
    @TempDir
    Path temp;
    private ConfigFolder folder;

    @BeforeEach
    void useTemp() {
        folder = new ConfigFolder(temp);
    }

    @Test
    void sampleWithEveryKeyLoads() throws Exception {
        for (String file : List.of("tls/fullchain.pem", "tls/key.pem", "tls/relay-c-ca.pem",
                "tls/members-ca.pem",
                "passwords/alice", "passwords/relay-c", "passwords/at-relay-c")) {
            folder.secret(file, "secret\n");
        }
        RelayConfig config = ConfigLoader.load(folder.sample("relay.toml"));
        assertEquals("news.example.org", config.identity());
        assertEquals(2, config.listen().size());
        assertEquals(3, config.access().size());
        assertEquals(3, config.peers().size());
        assertEquals(Optional.of(new AdminConfig(AdminConfig.DEFAULT_LISTEN,
                temp.resolve("data/admin.token"), List.of())), config.admin());
    }

    @Test
    void sampleSaysTheDefaultsOfSpoolAndLimits() throws Exception {
        sampleWithEveryKeyLoads();
        RelayConfig config = ConfigLoader.load(temp.resolve("relay.toml"));
        assertEquals(temp.resolve("data"), config.data());
        assertEquals(SpoolConfig.at(temp.resolve("data/spool")),
                config.spool().with(List.of()));
        assertEquals(LimitsConfig.DEFAULT, config.limits());
        assertEquals(OptionalLong.empty(), config.spool().maxBytes());
        PeerConfig peer = config.peers().getFirst();
        FeedConfig all = FeedConfig.ALL;
        assertEquals(new FeedConfig(Wildmat.parse("*,!local.*"), all.minArticle(),
                all.distributions(), all.maxHops(), all.maxCrossposts(), all.pathExclude(),
                all.delay(), all.backfill()), peer.feed());
        assertEquals(LinkConfig.DEFAULT, peer.link());
        assertEquals(PeerConfig.DEFAULT_MAX_ARTICLE, peer.maxArticle());
        AccessRule first = config.access().getFirst();
        assertEquals(AccessRule.LOOPBACK.from(), first.from());
        assertEquals(new AccessRule("this machine", first.from(), Set.of(), Set.of(), false,
                Wildmat.ALL, Wildmat.ALL, Wildmat.NONE, Wildmat.ALL, Wildmat.ALL, true, true,
                RuleLimits.NONE), first);
    }

    @Test
    void twoRelaysThatFeedEachOtherKnowEachOther() throws Exception {
        folder.secret("a-to-b.password", "one\n");
        folder.secret("b-to-a.password", "two\n");
        RelayConfig a = ConfigLoader.load(folder.sample("relay-a.toml"));
        RelayConfig b = ConfigLoader.load(folder.sample("relay-b.toml"));
        assertFeeds(a, b);
        assertFeeds(b, a);
        assertEquals(a.groups(), b.groups());
    }

    private static void assertFeeds(RelayConfig from, RelayConfig to) throws Exception {
        PeerConfig peer = from.peers().getFirst();
        assertEquals(to.identity(), peer.identity());
        assertEquals(to.listen().getFirst().address(), peer.address().orElseThrow());
        Credentials login = peer.link().login().orElseThrow();
        assertTrue(to.user(login.user()).orElseThrow().password()
                .matches(login.password().read()));
        assertEquals(Optional.of(login.user()), to.peers().getFirst().user());
    }

    @Test
    void unitStartsTheRelayWithItsConfiguration() throws Exception {
        String unit = Files.readString(folder.sample("spillway.service"));
        assertTrue(unit.contains(
                "\nExecStart=/usr/local/bin/spillway relay --config /etc/spillway/relay.toml\n"));
    }
}
