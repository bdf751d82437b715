package net.spillway.spool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.segment.SegmentCheck;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Reads the segments again and again, slowly, in the background, so that what a disk forgets is
 * noticed while peers still have it.
 */
final class Scrubber implements AutoCloseable {
    /** Looks at each article of a segment by itself. */
    interface OneByOne {
        /** @param pace is told how many octets were read so far */
        void look(SegmentFile segment, SegmentCheck.Pace pace) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
    private static final long PAUSE_MINUTES = 1;
    /** A small spool is read every minute, and that it is whole is told as often as this. */
    private static final long TELL_NANOS = TimeUnit.DAYS.toNanos(1);

    private final FileLayer files;
    private final SegmentStore segments;
    private final long perSecond;
    private final Consumer<List<DamagedRecord>> onDamage;
    private final OneByOne oneByOne;
    private final Thread thread;
    private long told;
    /** What the last round found; none has been yet if it is negative. */
    private long lastDamaged = -1;

    /**
     * @param perSecond octets to be read a second; 0: it does nothing by itself
     * @param onDamage  is told what is damaged in a segment
     * @param oneByOne  is given what cannot be read through
     */
    Scrubber(FileLayer files, SegmentStore segments, long perSecond,
            Consumer<List<DamagedRecord>> onDamage, OneByOne oneByOne) {
        this.oneByOne = oneByOne;
        this.files = files;
        this.segments = segments;
        this.perSecond = perSecond;
        this.onDamage = onDamage;
        this.thread = Thread.ofPlatform().daemon().name("spool-scrub").unstarted(this::run);
    }

    void start() {
        if (perSecond > 0) {
            thread.start();
        }
    }

    /** Ends the reading, wherever it is. */
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.MINUTES.sleep(PAUSE_MINUTES);
                tryRound();
            }
        } catch (InterruptedException | IOException closing) {
            // Nothing was changed.
        }
    }

    private void tryRound() throws IOException {
        try {
            round(perSecond);
        } catch (IOException | RuntimeException | Error e) {
            if (e instanceof IOException closing && Thread.currentThread().isInterrupted()) {
                throw closing;
            }
            LOG.error("reading all segments again failed; it is begun anew", e);
        }
    }

    /** Reads all segments once, from any of them on, so that restarts favour none. */
    void round(long octetsPerSecond) throws IOException {
        List<SegmentFile> all = new ArrayList<>(segments.all());
        if (all.isEmpty()) {
            return;
        }
        Collections.rotate(all, ThreadLocalRandom.current().nextInt(all.size()));
        var pacer = new Pacer(octetsPerSecond);
        long octets = 0;
        long damaged = 0;
        for (SegmentFile segment : all) {
            SegmentCheck seen = read(segment, pacer);
            octets += seen.octets();
            damaged += seen.damage().size();
            if (!seen.damage().isEmpty()) {
                onDamage.accept(seen.damage().stream()
                        .map(bad -> SpoolCheck.describe(segment.path(), bad)).toList());
            }
        }
        LOG.atLevel(isNews(damaged, System.nanoTime()) ? Level.INFO : Level.DEBUG)
                .log("scrubbed {} segments, {} MiB: {} damaged places", all.size(), octets >> 20,
                        damaged);
    }

    /** Whether a round that found so much is worth a line: it found something else, or days passed. */
    boolean isNews(long damaged, long nanos) {
        boolean news = damaged != lastDamaged || nanos - told >= TELL_NANOS;
        lastDamaged = damaged;
        told = news ? nanos : told;
        return news;
    }

    private SegmentCheck read(SegmentFile segment, Pacer pacer) throws IOException {
        boolean sealed = segment.isSealed();
        try {
            SegmentCheck seen = check(segment, pacer);
            if (sealed || seen.damage().isEmpty()) {
                return seen;
            }
            // It may have been cut and written again just then: only what stays damaged counts.
            SegmentCheck again = check(segment, pacer);
            return new SegmentCheck(again.articles(), again.octets(), again.damage().stream()
                    .filter(seen.damage()::contains).toList());
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            if (sealed && segments.exists(segment.id())) {
                LOG.error("{} cannot be read through: {}", segment.path(), e.getMessage());
                lookThrough(segment, pacer);
            }
            return new SegmentCheck(0, 0, List.of());
        }
    }

    /** The index is asked what is in it, and may fail too; the next segment is read anyway. */
    private void lookThrough(SegmentFile segment, Pacer pacer) throws IOException {
        try {
            oneByOne.look(segment, steps(pacer));
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            LOG.error("the articles in {} cannot be looked at one by one: {}", segment.path(),
                    e.getMessage());
        }
    }

    private SegmentCheck check(SegmentFile segment, Pacer pacer) throws IOException {
        return SegmentCheck.of(files, segment.path(), steps(pacer));
    }

    private static SegmentCheck.Pace steps(Pacer pacer) {
        long[] last = {0};
        return octets -> {
            pacer.read(octets - last[0]);
            last[0] = octets;
        };
    }
}
