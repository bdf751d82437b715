package net.spillway.feed;

import static net.spillway.feed.FeedPolicy.Verdict.CAME_FROM_PEER;
import static net.spillway.feed.FeedPolicy.Verdict.NOT_WANTED;
import static net.spillway.feed.FeedPolicy.Verdict.OFFER;
import static net.spillway.feed.FeedPolicy.Verdict.PASSED_PEER;
import static net.spillway.feed.FeedPolicy.Verdict.TOO_LARGE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.spillway.conf.HostPort;
import net.spillway.conf.PeerConfig;
import net.spillway.conf.Wildmat;
import net.spillway.spool.LogEntry;
import org.junit.jupiter.api.Test;

class FeedPolicyTest {
    private final FeedPolicy policy = FeedPolicy.of(new PeerConfig("bee", "b.example",
            Optional.of(HostPort.of("127.0.0.1", 119)), List.of(), Optional.empty(), Wildmat.ALL,
            Wildmat.parse("spill.*,!spill.local,@spill.secret"), true, 2, 1000, Optional.empty(),
            Optional.empty(), List.of("Alias.example")));

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
        assertEquals(CAME_FROM_PEER, decide(List.of("spill.test"), "bee", "x!not-for-mail", 500));
        assertEquals(PASSED_PEER, withPath("us.example!c.example!b.example!not-for-mail"));
        assertEquals(PASSED_PEER, withPath("us.example!alias.example!not-for-mail"));
        assertEquals(OFFER, withPath("us.example!bee!not-for-mail"));
    }

    @Test
    void theLargestArticleIsTheOneOfTheBound() {
        assertEquals(OFFER, decide(List.of("spill.test"), "", "us.example!x", 1000));
        assertEquals(TOO_LARGE, decide(List.of("spill.test"), "", "us.example!x", 1001));
    }
}
