package net.spillway.spool;

import static net.spillway.spool.Articles.article;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogRaceTest {
    private static final int ARTICLES = 30_000;
    private static final int LINES = 200;

    @TempDir
    Path temp;

    @Test
    void overviewHasNoGapWhileArticlesMoveFromMemoryToTheIndex() throws Exception {
        try (var it = new SpoolHarness(temp)) {
            it.open().createGroup("spill.test", 'y', "");
            var stored = new AtomicInteger();
            CompletableFuture<?> last = null;
            for (int n = 1; n <= ARTICLES; n++) {
                last = it.spool.store(article(n, "spill.test"));
                last.thenRun(stored::incrementAndGet);
                if (n % 100 == 0) {
                    requireWhole(it.spool, stored.get());
                }
            }
            last.get(60, TimeUnit.SECONDS);
            for (int n = 0; n < 200; n++) {
                requireWhole(it.spool, ARTICLES - 40 * n);
            }
        }
    }

    @Test
    void articlesAreCountedOnceWhileTheyMoveFromMemoryToTheIndex() throws Exception {
        try (var it = new SpoolHarness(temp)) {
            it.open().createGroup("spill.test", 'y', "");
            CompletableFuture<?> last = null;
            long before = 0;
            for (int n = 1; n <= ARTICLES; n++) {
                last = it.spool.store(article(n, "spill.test"));
                long counted = it.spool.stats().articles();
                assertTrue(before <= counted && counted <= n,
                        counted + " after " + before + " of " + n);
                before = counted;
            }
            last.get(60, TimeUnit.SECONDS);
            assertEquals(ARTICLES, it.spool.stats().articles());
        }
    }

    private static void requireWhole(Spool spool, int upTo) throws Exception {
        int low = Math.max(1, upTo - 8192 - LINES / 2);
        int high = Math.min(upTo, low + LINES - 1);
        assertEquals(Math.max(0, high - low + 1),
                spool.overview("spill.test", low, high, LINES).size(), low + " to " + high);
        assertEquals(Math.max(0, high - low + 1),
                spool.numbers("spill.test", low, high, LINES).length, low + " to " + high);
    }
}
