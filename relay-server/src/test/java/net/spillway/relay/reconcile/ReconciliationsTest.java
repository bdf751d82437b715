package net.spillway.relay.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import net.spillway.conf.SpoolConfig;
import net.spillway.conf.Wildmat;
import net.spillway.feed.reconcile.Scope;
import net.spillway.protocol.MessageId;
import net.spillway.spool.MemorySpool;
import net.spillway.spool.NewArticle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconciliationsTest {
    private static final Scope ALL =
            new Scope(0, Long.MAX_VALUE, Wildmat.ALL, Wildmat.ALL, Long.MAX_VALUE);

    @TempDir
    Path dir;
    private MemorySpool spool;
    private final Queue<Runnable> worker = new ArrayDeque<>();
    private Reconciliations all;

    @BeforeEach
    void open() throws Exception {
        SpoolConfig config = SpoolConfig.at(dir);
        spool = new MemorySpool(config, "us.example", Clock.systemUTC());
        spool.createGroup("spill.test", 'y', "");
        MessageId id = MessageId.of("<1@x.example>");
        byte[] head = ("Message-ID: " + id + "\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] body = "text\r\n".getBytes(StandardCharsets.UTF_8);
        spool.store(new NewArticle(id, head, body, 0, body.length, 1, head.length + body.length,
                List.of("spill.test"), Instant.now(), Optional.of(Instant.now()), "")).get();
        all = new Reconciliations(spool, config, Clock.systemUTC(), worker::add);
    }

    @AfterEach
    void close() throws Exception {
        spool.close();
    }

    @Test
    void whoeverBeginsOneAndLeavesStillCountsUntilThatIsOver() {
        for (int i = 0; i < Reconciliations.MOST_A_PEER; i++) {
            assertNotNull(all.open("hit" + i, "bee", ALL));
            all.end("hit" + i);
        }
        assertNull(all.open("run", "bee", ALL), "two of its articles are being gathered");
        assertNotNull(all.open("other", "sea", ALL), "others are not held up");
        assertEquals(3, worker.size());
        while (!worker.isEmpty()) {
            worker.remove().run();
        }
        assertNotNull(all.open("later", "bee", ALL));
    }

    @Test
    void whatNobodyWaitsForIsNotGathered() {
        var left = all.open("left", "bee", ALL).toCompletableFuture();
        var stays = all.open("stays", "bee", ALL).toCompletableFuture();
        all.end("left");
        worker.remove().run();
        worker.remove().run();
        assertTrue(left.isCompletedExceptionally());
        assertNotNull(all.find("stays"));
        assertTrue(stays.isDone());
        assertNull(all.find("left"));
    }

    @Test
    void thereAreNeverMoreThanSoManyInAll() {
        for (int i = 0; i < Reconciliations.MOST; i++) {
            assertNotNull(all.open("s" + i, "peer" + i, ALL));
        }
        assertNull(all.open("more", "another", ALL));
    }
}
