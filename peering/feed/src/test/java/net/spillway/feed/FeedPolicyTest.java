package net.spillway.feed;

import static net.spillway.feed.FeedPolicy.Verdict.CAME_FROM_PEER;
import static net.spillway.feed.FeedPolicy.Verdict.NOT_WANTED;
import static net.spillway.feed.FeedPolicy.Verdict.OFFER;
import static net.spillway.feed.FeedPolicy.Verdict.OTHER_DISTRIBUTION;
import static net.spillway.feed.FeedPolicy.Verdict.PASSED_PEER;
import static net.spillway.feed.FeedPolicy.Verdict.TOO_LARGE;
import static net.spillway.feed.FeedPolicy.Verdict.TOO_MANY_GROUPS;
import static net.spillway.feed.FeedPolicy.Verdict.TOO_MANY_HOPS;
import static net.spillway.feed.FeedPolicy.Verdict.TOO_SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.spillway.conf.FeedConfig;
import net.spillway.conf.HostPort;
import net.spillway.conf.LinkConfig;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.Wildmat;
import net.spillway.spool.LogEntry;
import org.junit.jupiter.api.Test;

class FeedPolicyTest {
    private final FeedPolicy policy = FeedPolicy.of(new PeerConfig("bee", "b.example",
            Optional.of(HostPort.of("127.0.0.1", 119)), List.of(), Optional.empty(), Set.of(),
            Wildmat.ALL, 1000, sending("spill.*,!spill.local,@spill.secret",
                    List.of("Alias.example")), LinkConfig.DEFAULT));

    private static FeedConfig sending(String send, List<String> exclude) {
        FeedConfig all = FeedConfig.ALL;
        return new FeedConfig(Wildmat.parse(send), 0, all.distributions(), all.maxHops(),
                all.maxCrossposts(), exclude, all.delay(), all.backfill());
    }

    /** A policy for a peer that is sent these groups, and otherwise everything. */
    static FeedPolicy sending(String send, long maxArticle) {
        return new FeedPolicy("peer", Set.of("peer.example"), sending(send, List.of()),
                maxArticle);
    }

    private FeedPolicy.Verdict decide(List<String> groups, String source, String path, int length) {
        return policy.decide(new LogEntry(1, MemoryStore.id("a"), groups, Instant.EPOCH,
                Optional.of(Instant.EPOCH), source,
                path, "", length));
    }

    private FeedPolicy.Verdict inGroups(String... groups) {
        return decide(List.of(groups), "", "us.example!not-for-mail", 500);
    }

    private FeedPolicy.Verdict withPath(String path) {
        return decide(List.of("spill.test"), "", path, 500);
    }

    @Test
    void groupsDecideAndPoisonOutweighsEverything() {
        assertEquals(OFFER, inGroups("spill.test"));
        assertEquals(OFFER, inGroups("spill.local", "spill.test"));
        assertEquals(NOT_WANTED, inGroups("spill.local"));
        assertEquals(NOT_WANTED, inGroups("other.test"));
        assertEquals(NOT_WANTED, inGroups("spill.test", "spill.secret"));
        assertEquals(NOT_WANTED, inGroups());
    }

    @Test
    void nothingGoesBackToWhereItCameFrom() {
        for (String path : List.of("us.example!.MISMATCH.b.example!x!not-for-mail",
                "us.example!.MISMATCH.b.example!x.example!.POSTED!not-for-mail",
                "us.example!!bee!x")) {
            assertEquals(CAME_FROM_PEER, decide(List.of("spill.test"), "bee", path, 500), path);
        }
        assertEquals(PASSED_PEER, withPath("us.example!c.example!b.example!not-for-mail"));
        assertEquals(PASSED_PEER, withPath("us.example!alias.example!not-for-mail"));
        assertEquals(OFFER, withPath("us.example!bee!not-for-mail"));
    }

    @Test
    void whatAClientPutInAtAPeersAddressGoesToThePeerAsToOthers() {
        for (String path : List.of("us.example!.MISMATCH.b.example!not-for-mail",
                "us.example!.MISMATCH.b.example!.POSTED.192.0.2.1!not-for-mail")) {
            assertEquals(OFFER, decide(List.of("spill.test"), "bee", path, 500), path);
        }
        assertEquals(CAME_FROM_PEER, decide(List.of("spill.test"), "bee",
                "us.example!!b.example!not-for-mail", 500), "the peer's own");
    }

    @Test
    void theLargestArticleIsTheOneOfTheBound() {
        assertEquals(OFFER, decide(List.of("spill.test"), "", "us.example!x", 1000));
        assertEquals(TOO_LARGE, decide(List.of("spill.test"), "", "us.example!x", 1001));
    }

    private static FeedConfig with(String distributions, int maxHops, int maxCrossposts) {
        return new FeedConfig(Wildmat.parse("spill.*,@spill.secret"), 200,
                Wildmat.parse(distributions), maxHops, maxCrossposts, List.of(), Duration.ZERO,
                Duration.ZERO);
    }

    private static FeedPolicy.Verdict decide(FeedConfig feed, String path, String distribution,
            int length, List<String> carried, String... all) {
        try {
            return new FeedPolicy("bee", Set.of("bee"), feed, 1000).decide(new LogEntry(1,
                    MemoryStore.id("a"), carried, Instant.EPOCH, Optional.empty(), "", path,
                    distribution, length),
                    entry -> List.of(all));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDistributionThatIsPoisonKeepsAllOfAnArticleBack() {
        assertEquals(OTHER_DISTRIBUTION, decide(with("*,@local", 99, 99), "us!x", "world,local",
                500, List.of("spill.test"), "spill.test"));
    }

    private static FeedPolicy.Verdict distributed(String distribution) {
        return decide(with("world,local*,!local.secret", 99, 99), "us!x", distribution, 500,
                List.of("spill.test"), "spill.test");
    }

    @Test
    void sizesAreBoundedOnBothSides() {
        assertEquals(TOO_SMALL, decide(with("*", 9, 9), "us!x", "", 199, List.of("spill.test"),
                "spill.test"));
        assertEquals(OFFER, decide(with("*", 9, 9), "us!x", "", 200, List.of("spill.test"),
                "spill.test"));
    }

    @Test
    void oneDistributionThatGoesSufficesAndNoneAlwaysGoes() {
        assertEquals(OFFER, distributed(""));
        assertEquals(OFFER, distributed("world"));
        assertEquals(OFFER, distributed("Local"));
        assertEquals(OFFER, distributed("elsewhere, world"));
        assertEquals(OTHER_DISTRIBUTION, distributed("elsewhere"));
        assertEquals(OTHER_DISTRIBUTION, distributed("local.secret"));
    }

    @Test
    void hopsAreCountedWithUsAndWithoutDiagnostics() {
        FeedConfig feed = with("*", 2, 99);
        List<String> groups = List.of("spill.test");
        assertEquals(OFFER, decide(feed, "us.example!.MATCH.a.example!a.example!not-for-mail", "",
                500, groups, "spill.test"));
        assertEquals(TOO_MANY_HOPS, decide(feed, "us.example!a.example!!b.example!.POSTED!x", "",
                500, groups, "spill.test"));
    }

    @Test
    void groupsThatAreNotCarriedHereCountToo() {
        FeedConfig feed = with("*", 99, 3);
        List<String> carried = List.of("spill.test");
        assertEquals(OFFER, decide(feed, "us!x", "", 500, carried, "spill.test", "far.away"));
        assertEquals(NOT_WANTED, decide(feed, "us!x", "", 500, carried, "spill.test",
                "spill.secret"));
        assertEquals(OFFER, decide(feed, "us!x", "", 500, List.of("other.test"), "other.test",
                "spill.far"));
        assertEquals(TOO_MANY_GROUPS, decide(feed, "us!x", "", 500, carried, "spill.test", "a",
                "b", "c"));
    }

    @Test
    void articlesAreLookedIntoOnlyWhereOtherGroupsMatter() throws IOException {
        LogEntry entry = new LogEntry(1, MemoryStore.id("a"), List.of("spill.test"), Instant.EPOCH,
                Optional.empty(), "", "us!x", "", 500);
        assertEquals(OFFER, sending("spill.*,!spill.local", 1000).decide(entry, e -> {
            throw new IOException("looked into");
        }));
    }
}
