package net.spillway.relay.peering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import net.spillway.conf.SpoolConfig;
import net.spillway.feed.FeedState;
import net.spillway.feed.FeedStatus;
import net.spillway.protocol.MessageId;
import net.spillway.spool.MemorySpool;
import net.spillway.spool.NewArticle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackfillsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final int ARTICLES = 1200;

    @TempDir
    Path dir;
    private int again;
    private final List<Long> offered = new ArrayList<>();

    private static NewArticle article(int i) {
        MessageId id = MessageId.of("<" + i + "@x.example>");
        byte[] head = ("Message-ID: " + id + "\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] body = "text\r\n".getBytes(StandardCharsets.UTF_8);
        return new NewArticle(id, head, body, 0, body.length, 1, head.length + body.length,
                List.of("spill.test"), NOW, Optional.of(NOW), "");
    }

    private List<FeedStatus> feeds() {
        return List.of(new FeedStatus("bee", "nntp://b.example", FeedState.STREAMING, 1, ARTICLES,
                0, 0, 0, 0, 0, 0, 0, again, 0, Optional.empty(), Optional.empty(),
                Optional.of(NOW), Optional.empty()));
    }

    private Backfills backfills(MemorySpool spool) {
        return new Backfills(new PeerFolder(dir.resolve("peers")), spool, this::feeds,
                (peer, sequences) -> offered.addAll(sequences));
    }

    @Test
    void whatAStepHasOfferedIsOfferedAgainIfTheRelayIsKilledBeforeTheFeedHasNotedIt()
            throws Exception {
        try (MemorySpool spool = new MemorySpool(SpoolConfig.at(dir.resolve("spool")),
                "us.example", Clock.fixed(NOW, ZoneOffset.UTC))) {
            spool.createGroup("spill.test", 'y', "");
            for (int i = 0; i < ARTICLES; i++) {
                spool.store(article(i)).get();
            }
            Backfills first = backfills(spool);
            assertEquals(ARTICLES, first.begin("bee", NOW.minusSeconds(1), 1 << 30));
            first.step();
            assertEquals(500, offered.size());
            again = 100;
            first.step();
            assertEquals(500, offered.size(), "what was offered has to be on the feed's list");
            again = 0;
            first.step();
            assertEquals(1000, offered.size());
            offered.clear();
            Backfills next = backfills(spool);
            for (int i = 0; i < 6; i++) {
                next.step();
            }
            assertEquals(LongStream.rangeClosed(1, ARTICLES).boxed().toList(), offered);
            assertEquals(Optional.empty(), next.left("bee"));
        }
    }
}
