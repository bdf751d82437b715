package net.spillway.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.spillway.conf.Retention;
import net.spillway.conf.SpoolConfig;
import net.spillway.conf.StorageConfig;
import net.spillway.spool.file.NoSpaceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A storage class while the spool is open: what it takes, and whether it can be written. Its state
 * is changed by the log's thread and read by all.
 */
final class Storage {
    private static final Logger LOG = LoggerFactory.getLogger(Storage.class);
    private static final long MIN_SEGMENT = 1 << 20;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** What did not fit may have been a great many articles; so much room is enough to go on. */
    private static final long ENOUGH_ROOM = 8 << 20;

    private final String name;
    private final Path dir;
    private final Retention keep;
    private final long segmentSize;
    private final Optional<StorageConfig> config;
    private volatile String trouble = "";
    private volatile boolean away;
    private volatile boolean full;
    private volatile long retryAt;
    private volatile long lacking;

    private Storage(String name, Path dir, Retention keep, long segmentSize,
            Optional<StorageConfig> config) {
        this.name = name;
        this.dir = dir;
        this.keep = keep;
        this.segmentSize = segmentSize(keep, segmentSize);
        this.config = config;
    }

    /** Several segments fit below the byte limit, or expiry would drop nearly all at once. */
    private static long segmentSize(Retention keep, long configured) {
        long eighth = keep.maxBytes().orElse(Long.MAX_VALUE) / 8;
        return Math.min(configured, Math.max(MIN_SEGMENT, eighth));
    }

    /** The class of what no other class takes; it has no trouble of its own. */
    static Storage standard(SpoolConfig config) {
        return new Storage(StorageConfig.DEFAULT, config.dir(), config.keep(),
                config.segmentSize(), Optional.empty());
    }

    static Storage of(StorageConfig config, long segmentSize) {
        return new Storage(config.name(), config.dir(), config.keep(), segmentSize,
                Optional.of(config));
    }

    /** A class that has articles here and that no configuration names: it takes no more. */
    static Storage unnamed(String name) {
        return new Storage(name, Path.of(""), Retention.FOREVER, MIN_SEGMENT, Optional.empty());
    }

    String name() {
        return name;
    }

    Path dir() {
        return dir;
    }

    /** The folder of its segments. */
    Path folder() {
        return dir.resolve(SpoolOpening.SEGMENTS);
    }

    Retention keep() {
        return keep;
    }

    /** Octets after which a segment is sealed. */
    long segmentSize() {
        return segmentSize;
    }

    boolean isDefault() {
        return name.equals(StorageConfig.DEFAULT);
    }

    boolean takes(String group, long size, boolean approved) {
        return config.map(c -> c.takes(group, size, approved)).orElse(isDefault());
    }

    boolean asksForApproval() {
        return config.flatMap(StorageConfig::approved).isPresent();
    }

    /** Whether its articles go elsewhere now. */
    boolean isPassedOver() {
        return isDown() && config.isPresent()
                && config.get().ifDown() == StorageConfig.IfDown.NEXT;
    }

    /** Why it cannot be written, or "". */
    String trouble() {
        return trouble;
    }

    /** {@link #trouble} as an exception. */
    IOException problem() {
        String text = "storage class " + name + ": " + trouble;
        return full ? new NoSpaceException(text) : new IOException(text);
    }

    /** Whether it cannot be written, and it is not yet time to try again. */
    boolean isDown() {
        return away || !trouble.isEmpty() && System.nanoTime() - retryAt < 0;
    }

    /** Whether more is wrong with it than that it is full. */
    boolean isBroken() {
        return away || !trouble.isEmpty() && !full;
    }

    /** Whether what is in it could not be read when the spool was opened. */
    boolean isAway() {
        return away;
    }

    /** It was not there when the spool was opened, and counts again after the next opening. */
    void away(String why) {
        away = true;
        trouble = why;
        LOG.error("storage class {} is left out until the next start: {}", name, why);
    }

    /** It could not be written just now. */
    void failed(IOException e) {
        String why = e.getClass().getSimpleName() + ": " + e.getMessage();
        if (trouble.isEmpty()) {
            LOG.error("storage class {} takes nothing for now: {}", name, why);
        }
        full = e instanceof NoSpaceException;
        trouble = full ? e.getMessage() : why;
        retryAt = System.nanoTime() + RETRY_NANOS;
    }

    /** So many octets did not fit: as long as they would not, it does not take articles again. */
    void lacksRoom(long octets) {
        lacking = Math.min(octets, ENOUGH_ROOM);
    }

    /** How many octets have to fit before it takes articles again. */
    long lacking() {
        return lacking;
    }

    /** It was written. */
    void recovered() {
        if (!trouble.isEmpty() && !away) {
            LOG.info("storage class {} takes articles again", name);
            trouble = "";
            lacking = 0;
        }
    }
}
