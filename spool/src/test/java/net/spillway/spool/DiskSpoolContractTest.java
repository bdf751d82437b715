package net.spillway.spool;

import static net.spillway.spool.Articles.article;
import static net.spillway.spool.Articles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.spillway.conf.FsyncMode;
import org.junit.jupiter.api.Test;

/** The spool on disk keeps the contract, and some promises that only a disk asks for. */
class DiskSpoolContractTest extends SpoolContract {
    @Override
    SpoolHarness harness(Path folder) {
        return new SpoolHarness(folder);
    }

    @Test
    void everyFsyncModeStores() throws Exception {
        for (String mode : List.of("group", "interval 20ms", "off")) {
            it.close();
            it.with(FsyncMode.parse(mode)).open();
            int n = 1000 + mode.length();
            it.mustStore(article(n, "spill.test"));
            assertEquals(Presence.STORED, it.spool.presence(id(n)));
        }
    }

    @Test
    void secondRelayIsToldWhoHoldsTheSpool() {
        var locked = assertThrows(SpoolLockedException.class, () ->
                Spool.open(it.config, "other.example", java.time.Clock.systemUTC()));
        assertTrue(locked.getMessage().contains(dir.toString()), locked.getMessage());
        assertTrue(locked.getMessage().contains("process " + ProcessHandle.current().pid()));
    }

    @Test
    void closingWritesWhatWasTakenIn() throws Exception {
        var outcomes = new ArrayList<CompletableFuture<StoreOutcome>>();
        for (int n = 1; n <= 500; n++) {
            outcomes.add(it.spool.store(article(n, "spill.test")));
        }
        it.close();
        for (CompletableFuture<StoreOutcome> outcome : outcomes) {
            assertInstanceOf(StoreOutcome.Stored.class, outcome.get(5, TimeUnit.SECONDS));
        }
        assertEquals(500, it.open().group("spill.test").orElseThrow().count());
    }
}
