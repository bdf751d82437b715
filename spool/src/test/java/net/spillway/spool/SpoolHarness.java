package net.spillway.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import net.spillway.conf.FsyncMode;
import net.spillway.conf.SpoolConfig;
import net.spillway.spool.file.DiskFiles;
import net.spillway.spool.file.FileLayer;
import org.awaitility.Awaitility;

/** A spool in a folder, opened and closed by tests as they need. */
class SpoolHarness implements AutoCloseable {
    static {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1)); // However busy the machine is.
    }

    final Path dir;
    SpoolConfig config;
    FileLayer files = new DiskFiles();
    Instant now = Articles.ARRIVAL;
    int heapEntries = 1000;
    final Clock clock = new MovingClock();
    Spool spool;
    /** The same, where the spool on disk is meant. */
    DiskSpool disk;

    SpoolHarness(Path dir) {
        this.dir = dir;
        this.config = SpoolConfig.at(dir);
    }

    SpoolHarness with(long segmentSize, Duration maxAge, long maxBytes) {
        config = new SpoolConfig(dir, config.fsync(), segmentSize, Optional.ofNullable(maxAge),
                maxBytes == 0 ? OptionalLong.empty() : OptionalLong.of(maxBytes),
                config.remember(), config.cutoff(), config.index())
                .with(config.storage());
        return this;
    }

    SpoolHarness with(FsyncMode fsync) {
        config = new SpoolConfig(dir, fsync, config.segmentSize(), config.maxAge(),
                config.maxBytes(), config.remember(), config.cutoff(), config.index())
                .with(config.storage());
        return this;
    }

    Spool open() throws IOException {
        disk = DiskSpool.open(config, "spill.example", clock, files, heapEntries);
        spool = disk;
        return spool;
    }

    Spool reopen() throws IOException {
        close();
        return open();
    }

    StoreOutcome store(NewArticle article) throws Exception {
        return spool.store(article).get(20, TimeUnit.SECONDS);
    }

    StoreOutcome.Stored mustStore(NewArticle article) throws Exception {
        StoreOutcome outcome = store(article);
        if (outcome instanceof StoreOutcome.Stored stored) {
            return stored;
        }
        throw new AssertionError(outcome);
    }

    @Override
    public void close() throws IOException {
        if (spool != null) {
            spool.close();
            spool = null;
        }
    }

    private final class MovingClock extends Clock {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
