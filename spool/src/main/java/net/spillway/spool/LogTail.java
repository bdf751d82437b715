package net.spillway.spool;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import net.spillway.spool.file.AppendFile;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.file.NoSpaceException;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentAppender;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentHeader;
import net.spillway.spool.segment.SegmentStore;
import net.spillway.spool.segment.SegmentSummary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a storage class's part of the log: the open segment, and the next when it is full.
 * What was appended since the last {@link #settle} can be taken back. Used by one thread.
 */
final class LogTail {
    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);

    private final FileLayer files;
    private final SegmentStore segments;
    private final String storage;
    private final AtomicInteger lastSegment;
    private final UUID spool;
    private final Supplier<List<LogRecord>> checkpoint;
    private final Clock clock;
    private final SecureRandom salts = new SecureRandom();
    private SegmentAppender appender;
    private long settled;
    private SegmentSummary settledSummary = SegmentSummary.EMPTY;
    /** Was left as it was, and no other has been begun. */
    private Optional<Path> abandoned = Optional.empty();

    /** @param lastSegment the highest number a segment of any class ever had */
    LogTail(FileLayer files, SegmentStore segments, String storage, AtomicInteger lastSegment,
            UUID spool, Supplier<List<LogRecord>> checkpoint, Clock clock) {
        this.files = files;
        this.segments = segments;
        this.storage = storage;
        this.lastSegment = lastSegment;
        this.spool = spool;
        this.checkpoint = checkpoint;
        this.clock = clock;
    }

    /** Goes on with the last segment, or begins one if that is sealed, or there is none. */
    void resume(long firstSequence) throws IOException {
        if (resumeLast(firstSequence)) {
            return;
        }
        try {
            begin(firstSequence);
        } catch (NoSpaceException e) {
            LOG.warn("{}; readers are served, and a segment is begun later", e.getMessage());
        }
    }

    /** Goes on with the last segment; false if that is sealed, or there is none. */
    boolean resumeLast(long firstSequence) throws IOException {
        Optional<SegmentFile> last = segments.last(storage);
        if (last.isEmpty() || last.get().isSealed()) {
            return false;
        }
        SegmentFile segment = last.get();
        appender = SegmentAppender.resume(files, segment);
        if (segment.summary().articles() == 0) {
            repeatCheckpoint(firstSequence - 1);
        }
        settle();
        return true;
    }

    /** The one at its head may be torn: a crash may have come while the segment was made. */
    private void repeatCheckpoint(long lastSequence) throws IOException {
        for (LogRecord record : checkpoint.get()) {
            appender.append(record, lastSequence, clock.millis());
        }
        appender.force();
    }

    boolean isOpen() {
        return appender != null;
    }

    String storage() {
        return storage;
    }

    SegmentAppender appender() {
        return appender;
    }

    int segment() {
        return appender.header().segment();
    }

    /** Begins the next segment. */
    void begin(long firstSequence) throws IOException {
        cutAbandoned();
        int id = lastSegment.incrementAndGet();
        var header = new SegmentHeader(id, firstSequence, clock.millis(), spool,
                salts.nextLong());
        try {
            appender = SegmentAppender.create(files, segments.path(storage, id), header,
                    checkpoint.get());
        } catch (FileAlreadyExistsException e) {
            throw e; // Left by an attempt that could not even clean up: its number is taken.
        } catch (IOException e) {
            lastSegment.set(id - 1);
            throw e;
        }
        abandoned = Optional.empty();
        segments.add(storage, appender);
        settle();
    }

    /** Seals the open segment, in which everything is settled. */
    void seal(long lastSequence) throws IOException {
        appender.seal(lastSequence, clock.millis());
        segments.get(segment()).ifPresent(file ->
                file.update(appender.position(), appender.summary(), true));
        SegmentAppender sealed = appender;
        appender = null;
        sealed.close();
    }

    /** The end of what is appended at some moment. */
    record Mark(long position, SegmentSummary summary) {}

    Mark mark() {
        return new Mark(appender.position(), appender.summary());
    }

    /** What was appended so far is not taken back any more, and readers may see it. */
    void settle() {
        settle(mark());
    }

    /** The same of what was appended up to there. */
    void settle(Mark upTo) {
        settled = upTo.position();
        settledSummary = upTo.summary();
        segments.get(segment()).ifPresent(file -> file.update(settled, settledSummary, false));
    }

    /** Octets that were appended since the disk was last asked. */
    long unasked() {
        return appender.unasked();
    }

    /** Whether nothing was appended since {@link #settle}. */
    boolean isSettled() {
        return appender.position() == settled;
    }

    /** Takes back what was appended since {@link #settle}. */
    void rollBack() {
        if (appender == null) {
            return;
        }
        try {
            appender.rollBack(settled, settledSummary);
        } catch (IOException e) {
            LOG.warn("{} could not be cut at {} ({}); another segment is begun", appender.path(),
                    settled, e.getMessage());
            abandon();
        }
    }

    /**
     * Leaves the open segment as it is. After an fsync that failed nobody knows what the disk has
     * of what was written before it, and another fsync may claim success.
     */
    void abandon() {
        if (appender == null) {
            return;
        }
        segments.get(segment()).ifPresent(file -> file.update(settled, settledSummary, true));
        abandoned = Optional.of(appender.path());
        try {
            appender.close();
        } catch (IOException e) {
            LOG.warn("{} could not be closed: {}", appender.path(), e.getMessage());
        }
        appender = null;
    }

    /** Whoever reads it later shall not take the zeros that were written ahead for a loss. */
    private void cutAbandoned() {
        if (abandoned.isEmpty()) {
            return;
        }
        Path segment = abandoned.get();
        try (AppendFile file = files.append(segment)) {
            if (file.size() > settled) {
                file.truncate(settled);
                file.force();
            }
        } catch (IOException e) {
            LOG.warn("{} could not be cut at {}: {}", segment, settled, e.getMessage());
        }
    }

    void close() throws IOException {
        if (appender != null) {
            appender.finish();
            appender.close();
            appender = null;
        }
    }
}
