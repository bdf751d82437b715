package net.spillway.tools.post;

import static net.spillway.tools.post.PostWorld.PART;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import net.spillway.tools.CommandFailure;
import net.spillway.tools.client.ScriptedServer;
import net.spillway.tools.client.ScriptedServer.PostFault;
import net.spillway.tools.nzb.NzbFile;
import net.spillway.tools.progress.Progress;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a post tells of how far it is. */
class PostProgressTest {
    @TempDir Path folder;

    /** Counts what the stage called "posting" is told. */
    private static final class Counted implements Progress {
        private final AtomicLong posting = new AtomicLong();
        private final AtomicLong most = new AtomicLong();
        private final AtomicLong total = new AtomicLong();
        private final List<String> warnings = new CopyOnWriteArrayList<>();

        @Override
        public Task start(String what, long total, Unit unit) {
            return new Task() {
                @Override
                public void advance(long by) {
                    long counted = what.equals("posting") ? by : 0;
                    posting.addAndGet(counted);
                    most.accumulateAndGet(counted, Math::max);
                }

                @Override
                public void at(long done) {}

                @Override
                public void total(long octets) {
                    if (what.equals("posting")) {
                        Counted.this.total.set(octets);
                    }
                }

                @Override
                public void detail(String words) {}

                @Override
                public void close() {}
            };
        }

        @Override
        public void note(String line) {}

        @Override
        public void warn(String line) {
            warnings.add(line);
        }
    }

    /** Octets of files in all articles of a manifest. */
    private static long payload(NzbFile nzb, ScriptedServer server) {
        return nzb.entries().stream()
                .mapToLong(entry -> PostWorld.content(entry, server.articles()).length).sum();
    }

    @Test
    void whatIsSentCountsBeforeTheServerAnswers() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        ConcurrentHashMap<String, byte[]> silent = new ConcurrentHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public byte[] putIfAbsent(String id, byte[] wire) {
                ScriptedServer.hold(answer);
                return super.putIfAbsent(id, wire);
            }
        };
        PostWorld world = new PostWorld(folder);
        Counted progress = new Counted();
        try (ScriptedServer server = new ScriptedServer(silent)) {
            server.streaming();
            Path file = world.file("a.bin", 100_000);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread posting = Thread.ofPlatform().start(() -> {
                try {
                    new Poster(world.request(file, server.address()), progress).post();
                } catch (InterruptedException | RuntimeException e) {
                    failure.set(e);
                }
            });
            Awaitility.await().atMost(Duration.ofMinutes(1))
                    .until(() -> progress.posting.get() >= PART);
            assertEquals(0, server.articles().size());
            answer.countDown();
            posting.join();
            assertNull(failure.get());
        }
    }

    @Test
    void aPostThatIsKeptSlowGoesOnInSmallSteps() throws Exception {
        PostWorld world = new PostWorld(folder);
        Counted progress = new Counted();
        try (ScriptedServer server = new ScriptedServer()) {
            new Poster(world.request(world.file("a.bin", 400_000), server.address())
                    .withPartSize(400_000).withRedundancy(0).withRate(1 << 30), progress).post();
        }
        assertEquals(400_000, progress.posting.get());
        assertTrue(progress.most.get() <= 16 << 10, progress.most::toString);
    }

    @Test
    void whatHasToBeSentAgainCountsOnce() throws Exception {
        PostWorld world = new PostWorld(folder);
        Counted progress = new Counted();
        try (ScriptedServer server = new ScriptedServer().streaming().failingPosts(
                PostFault.CUT, PostFault.STORED_BUT_CUT, PostFault.GO_AWAY)) {
            PostResult result = new Poster(
                    world.request(world.file("a.bin", 400_000), server.address()), progress).post();
            assertEquals(payload(PostWorld.read(result), server), progress.posting.get());
            assertEquals(progress.total.get(), progress.posting.get(), "100 % and not more");
        }
    }

    @Test
    void itIsSaidThatAPostOfNothingIsOne() throws Exception {
        PostWorld world = new PostWorld(folder);
        Counted progress = new Counted();
        try (ScriptedServer server = new ScriptedServer()) {
            new Poster(world.request(world.file("a.bin", 0), server.address()), progress).post();
        }
        assertTrue(progress.warnings.getFirst().contains("no articles"), progress.warnings::toString);
    }

    @Test
    void whatWasPostedBeforeCountsParityIncluded() throws Exception {
        PostWorld world = new PostWorld(folder);
        Path file = world.file("a.bin", 400_000);
        try (ScriptedServer server = new ScriptedServer();
                ScriptedServer mirror = new ScriptedServer()) {
            unconfirmed(world, file, server, mirror);
            mirror.articles().putAll(server.articles());
            Counted progress = new Counted();
            PostResult result =
                    new Poster(confirmed(world, file, server, mirror, 60), progress).post();
            assertEquals(result.articles(), result.resumedArticles());
            assertEquals(payload(PostWorld.read(result), server), progress.posting.get());
        }
    }

    private static void unconfirmed(PostWorld world, Path file, ScriptedServer server,
            ScriptedServer mirror) {
        assertThrows(
                CommandFailure.class, () -> new Poster(
                        confirmed(world, file, server, mirror, 1), Progress.none()).post());
    }

    private static PostRequest confirmed(PostWorld world, Path file, ScriptedServer server,
            ScriptedServer mirror, int seconds) {
        return world.request(file, server.address()).withConfirm(new PostRequest.Confirm(
                1, List.of(mirror.address()), Duration.ofSeconds(seconds)));
    }
}
