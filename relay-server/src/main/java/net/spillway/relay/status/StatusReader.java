package net.spillway.relay.status;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.spillway.conf.Retention;
import net.spillway.conf.SpoolConfig;
import net.spillway.conf.StorageConfig;
import net.spillway.feed.FeedBacklog;
import net.spillway.feed.FeedStatus;
import net.spillway.relay.session.ConnectionInfo;
import net.spillway.relay.session.RelayParts;
import net.spillway.spool.SpoolStats;
import net.spillway.spool.StorageStats;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at all parts of the relay. Safe for use by many threads; may wait for the disk. */
public final class StatusReader {
    private static final Logger LOG = LoggerFactory.getLogger(StatusReader.class);
    /** Backlogs are counted by reading the log, so not for every look. */
    private static final Duration BACKLOGS_FOR = Duration.ofSeconds(5);

    private final RelayParts relay;
    private final Clock clock;
    private Instant countedAt = Instant.MIN;
    private Map<String, FeedBacklog> backlogs = Map.of();

    /** Looks at this relay. */
    public StatusReader(RelayParts relay) {
        this.relay = relay;
        this.clock = relay.clock();
    }

    /** The relay's name. */
    public String identity() {
        return relay.config().identity();
    }

    /**
     * The relay now.
     *
     * @param maxConnections how many connections are wanted at most
     * @param maxGroups how many groups are wanted at most
     */
    public Snapshot read(int maxConnections, int maxGroups) {
        SpoolStats spool = relay.spool().stats();
        SpoolConfig config = relay.config().spool();
        return new Snapshot(clock.instant(), relay.config().identity(),
                relay.traffic().figures(), spool,
                spool.storage().stream().map(s -> storage(s, config)).toList(), feeds(),
                relay.intake().decisions().sources(), relay.intake().decisions().refusals(),
                relay.traffic().connections().stream()
                        .sorted(Comparator.comparing(ConnectionInfo::since)
                                .thenComparing(ConnectionInfo::name))
                        .limit(maxConnections).toList(),
                relay.spool().groupsAfter("", maxGroups));
    }

    private List<Snapshot.Feed> feeds() {
        List<Snapshot.Feed> feeds = new ArrayList<>();
        Map<String, FeedBacklog> counted = backlogs();
        for (FeedStatus status : relay.feeds().status()) {
            // A feed that has just begun is not counted yet.
            feeds.add(new Snapshot.Feed(status, counted.getOrDefault(status.peer(),
                    new FeedBacklog(status.peer(), status.lag() + status.waiting(), 0, true,
                            Optional.empty(), Map.of()))));
        }
        return feeds;
    }

    private synchronized Map<String, FeedBacklog> backlogs() {
        Instant now = clock.instant();
        if (countedAt.isBefore(now.minus(BACKLOGS_FOR))) {
            try {
                Map<String, FeedBacklog> counted = new HashMap<>();
                relay.feeds().backlogs().forEach(b -> counted.put(b.peer(), b));
                backlogs = counted;
            } catch (IOException e) {
                LOG.warn("what feeds have yet to offer cannot be counted: {}", e.getMessage());
            }
            countedAt = now;
        }
        return backlogs;
    }

    private static StorageFigures storage(StorageStats stats, SpoolConfig config) {
        Retention keep = stats.name().equals(StorageConfig.DEFAULT) ? config.keep()
                : config.storage().stream().filter(c -> c.name().equals(stats.name()))
                        .map(StorageConfig::keep).findFirst().orElse(Retention.FOREVER);
        if (stats.dir().isEmpty()) { // Only the name is known of a class that is not configured.
            return new StorageFigures(stats, keep, "", OptionalLong.empty(),
                    OptionalLong.empty());
        }
        try {
            FileStore disk = Files.getFileStore(Path.of(stats.dir()));
            return new StorageFigures(stats, keep, disk.name(),
                    OptionalLong.of(disk.getUsableSpace()), OptionalLong.of(disk.getTotalSpace()));
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} does not tell its disk: {}", stats.dir(), e.getMessage());
            return new StorageFigures(stats, keep, "", OptionalLong.empty(),
                    OptionalLong.empty());
        }
    }
}
