package net.spillway.spool;

import static net.spillway.spool.Articles.article;
import static net.spillway.spool.Articles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The spool in memory keeps the contract too. */
class MemorySpoolContractTest extends SpoolContract {
    @Override
    SpoolHarness harness(Path folder) {
        return new SpoolHarness(folder) {
            private MemorySpool last;

            @Override
            Spool open() {
                last = last == null ? new MemorySpool(config, "spill.example", clock)
                        : last.reopen();
                spool = last;
                return last;
            }
        };
    }

    @Test
    void articlesExpireOneByOneByAgeAndBytes() throws Exception {
        it = harness(it.dir).with(0, Duration.ofDays(1), 0);
        it.open().createGroup("spill.test", 'y', "");
        for (int n = 1; n <= 10; n++) {
            it.mustStore(article(n, "spill.test"));
        }
        it.now = Articles.ARRIVAL.plus(Duration.ofDays(1)).plusSeconds(5);
        ExpiryReport report = it.spool.expire(it.now);
        assertEquals(4, report.articles());
        assertEquals(Presence.REMEMBERED, it.spool.presence(id(4)));
        assertEquals(Presence.STORED, it.spool.presence(id(5)));
        assertEquals(5, it.spool.group("spill.test").orElseThrow().low());
        assertEquals(report.kept(), it.spool.stats().bytes());
    }
}
