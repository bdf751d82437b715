package net.spillway.spool;

import static net.spillway.spool.Articles.article;
import static net.spillway.spool.Articles.id;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Articles that stream in are written while the disk works for those before them. */
class StreamTest {
    @TempDir
    Path dir;
    private final FaultyFiles files = new FaultyFiles();
    private SpoolHarness it;

    @BeforeEach
    void openSpool() throws Exception {
        it = new SpoolHarness(dir);
        it.files = files;
        it.open().createGroup("spill.test", 'y', "a test");
    }

    @AfterEach
    void closeSpool() throws Exception {
        files.answer.complete(null); // A test that failed before shall not hang.
        files.writable.complete(null);
        it.close();
    }

    private List<CompletableFuture<StoreOutcome>> store(int first, int last) {
        var outcomes = new ArrayList<CompletableFuture<StoreOutcome>>();
        for (int n = first; n <= last; n++) {
            outcomes.add(it.spool.store(article(n, "spill.test")));
        }
        return outcomes;
    }

    private CompletableFuture<Void> nextAnswer() {
        var next = new CompletableFuture<Void>();
        files.answer = next;
        return next;
    }

    private void awaitAsked(int times) {
        await().until(() -> files.asked.get() == times);
    }

    private static <T> void requireAll(Class<T> kind, List<CompletableFuture<StoreOutcome>> all)
            throws Exception {
        for (CompletableFuture<StoreOutcome> each : all) {
            assertInstanceOf(kind, each.get(20, TimeUnit.SECONDS));
        }
    }

    private static boolean isAnyDone(List<CompletableFuture<StoreOutcome>> all) {
        return all.stream().anyMatch(CompletableFuture::isDone);
    }

    /** One article on the disk, the next group waiting for it, and another written behind. */
    private final class Stream {
        private final List<CompletableFuture<StoreOutcome>> first;
        private final List<CompletableFuture<StoreOutcome>> asked;
        private final List<CompletableFuture<StoreOutcome>> written;
        private final CompletableFuture<Void> due;

        Stream() throws Exception {
            int before = files.asked.get();
            CompletableFuture<Void> one = nextAnswer();
            first = store(1, 1);
            awaitAsked(before + 1);
            asked = store(2, 5);
            due = nextAnswer();
            one.complete(null);
            awaitAsked(before + 2);
            Path segment = Folders.segments(dir).getFirst();
            written = store(6, 9);
            await().until(() -> Files.readString(segment, StandardCharsets.ISO_8859_1)
                    .contains("\r\nMessage-ID: " + id(9)));
        }
    }

    @Test
    void nothingIsToldBeforeTheDiskHasAnsweredForIt() throws Exception {
        Stream stream = new Stream();
        requireAll(StoreOutcome.Stored.class, stream.first);
        assertFalse(isAnyDone(stream.asked));
        assertEquals(1, it.spool.committed());
        CompletableFuture<Void> last = nextAnswer();
        stream.due.complete(null);
        requireAll(StoreOutcome.Stored.class, stream.asked);
        assertFalse(isAnyDone(stream.written));
        assertEquals(5, it.spool.committed());
        assertEquals(Presence.PENDING, it.spool.presence(id(6)));
        assertTrue(it.spool.open(id(6)).isEmpty());
        last.complete(null);
        requireAll(StoreOutcome.Stored.class, stream.written);
        assertEquals(9, it.spool.committed());
    }

    @Test
    void whatGathersInABundleWhileTheDiskWorksIsPartOfTheStream() throws Exception {
        int before = files.asked.get();
        Stream stream = new Stream();
        CompletableFuture<Void> second = nextAnswer();
        stream.due.complete(null);
        awaitAsked(before + 3);
        List<CompletableFuture<StoreOutcome>> bundled;
        try (Spool.Bundle bundle = it.spool.bundle()) {
            bundled = store(10, 12);
        }
        CompletableFuture<Void> third = nextAnswer();
        second.complete(null);
        awaitAsked(before + 4);
        Path segment = Folders.segments(dir).getFirst();
        List<CompletableFuture<StoreOutcome>> behind = store(13, 13);
        await().until(() -> Files.readString(segment, StandardCharsets.ISO_8859_1)
                .contains("\r\nMessage-ID: " + id(13)));
        assertFalse(isAnyDone(bundled));
        third.complete(null);
        requireAll(StoreOutcome.Stored.class, bundled);
        requireAll(StoreOutcome.Stored.class, behind);
    }

    /** What is enough to be asked for while the disk still works for another group. */
    private List<CompletableFuture<StoreOutcome>> storeMany(int first) throws Exception {
        List<CompletableFuture<StoreOutcome>> many = store(first, first + 39);
        Path segment = Folders.segments(dir).getFirst();
        await().until(() -> Files.readString(segment, StandardCharsets.ISO_8859_1)
                .contains("\r\nMessage-ID: " + id(first + 39)));
        return many;
    }

    @Test
    void diskGoesOnWithTheNextLargeGroupAtOnceWhateverHoldsUpTheLog() throws Exception {
        Stream stream = new Stream();
        int before = files.asked.get();
        CompletableFuture<Void> last = nextAnswer();
        List<CompletableFuture<StoreOutcome>> many = storeMany(10);
        files.writable = new CompletableFuture<>();
        List<CompletableFuture<StoreOutcome>> held = store(50, 50);
        await().until(() -> files.isHeldUp);
        stream.due.complete(null);
        awaitAsked(before + 1);
        files.writable.complete(null);
        requireAll(StoreOutcome.Stored.class, stream.asked);
        assertFalse(isAnyDone(many));
        last.complete(null);
        requireAll(StoreOutcome.Stored.class, stream.written);
        requireAll(StoreOutcome.Stored.class, many);
        requireAll(StoreOutcome.Stored.class, held);
        assertEquals(50, it.spool.committed());
    }

    @Test
    void diskThatFailedIsNotBelievedWhenItClaimsToHaveWhatFollowed() throws Exception {
        Stream stream = new Stream();
        files.answer = CompletableFuture.completedFuture(null);
        List<CompletableFuture<StoreOutcome>> many = storeMany(10);
        stream.due.completeExceptionally(new java.io.UncheckedIOException(
                new java.io.IOException("the disk does not answer")));
        requireAll(StoreOutcome.Failed.class, stream.asked);
        requireAll(StoreOutcome.Failed.class, stream.written);
        requireAll(StoreOutcome.Failed.class, many);
        assertEquals(1, it.spool.committed());
        requireAll(StoreOutcome.Stored.class, store(2, 49));
        it.reopen();
        assertEquals(49, it.spool.group("spill.test").orElseThrow().count());
        assertEquals(List.of(), it.spool.stats().damage());
    }

    @Test
    void diskThatFailsForTheSecondOfTwoGroupsTakesBackThatAlone() throws Exception {
        Stream stream = new Stream();
        int before = files.asked.get();
        CompletableFuture<Void> last = nextAnswer();
        List<CompletableFuture<StoreOutcome>> many = storeMany(10);
        stream.due.complete(null);
        awaitAsked(before + 1);
        requireAll(StoreOutcome.Stored.class, stream.asked);
        last.completeExceptionally(new java.io.UncheckedIOException(
                new java.io.IOException("the disk does not answer")));
        requireAll(StoreOutcome.Failed.class, stream.written);
        requireAll(StoreOutcome.Failed.class, many);
        assertEquals(5, it.spool.committed());
        files.answer = CompletableFuture.completedFuture(null);
        requireAll(StoreOutcome.Stored.class, store(6, 49));
        it.reopen();
        assertEquals(49, it.spool.group("spill.test").orElseThrow().count());
        assertEquals(List.of(), it.spool.stats().damage());
    }

    @Test
    void diskThatFailsTakesBackWhatWasWrittenMeanwhile() throws Exception {
        Stream stream = new Stream();
        files.failForce = true;
        stream.due.complete(null);
        requireAll(StoreOutcome.Failed.class, stream.asked);
        requireAll(StoreOutcome.Failed.class, stream.written);
        assertEquals(1, it.spool.committed());
        files.failForce = false;
        files.answer.complete(null);
        requireAll(StoreOutcome.Stored.class, store(2, 9));
        it.reopen();
        assertEquals(9, it.spool.group("spill.test").orElseThrow().count());
        assertEquals(List.of(), it.spool.stats().damage());
    }

    @Test
    void fullDiskTakesBackNothingOfWhatTheDiskIsAskedFor() throws Exception {
        Stream stream = new Stream();
        files.space = 100;
        List<CompletableFuture<StoreOutcome>> tooMuch = store(10, 12);
        stream.due.complete(null);
        requireAll(StoreOutcome.Stored.class, stream.asked);
        requireAll(StoreOutcome.NoSpace.class, tooMuch);
        assertFalse(it.spool.stats().trouble().isEmpty(), "what was well says there is none");
        files.space = Long.MAX_VALUE;
        it.reopen();
        for (int n = 1; n <= 5; n++) {
            assertEquals(Presence.STORED, it.spool.presence(id(n)));
        }
        assertEquals(List.of(), it.spool.stats().damage());
    }

    @Test
    void lastSegmentIsForcedOnceWhenTheSpoolOpens() throws Exception {
        requireAll(StoreOutcome.Stored.class, store(1, 3));
        it.close();
        int before = files.asked.get();
        it.open();
        assertEquals(before + 1, files.asked.get());
    }

    @Test
    void endOfTheSpoolWaitsForWhatTheDiskIsAskedFor() throws Exception {
        Stream stream = new Stream();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> {
            try {
                it.spool.close();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        files.answer.complete(null);
        closed.get(20, TimeUnit.SECONDS);
        requireAll(StoreOutcome.Stored.class, stream.asked);
        requireAll(StoreOutcome.Stored.class, stream.written);
        it.open();
        assertEquals(9, it.spool.committed());
    }
}
