package net.spillway.spool.segment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.spillway.spool.file.FileLayer;

/**
 * Every CRC of one segment, computed again. Only reads, through a channel of its own, so that it
 * can be done beside a running relay: what is being written at the end of an open segment is no
 * damage.
 *
 * @param articles good ones
 * @param octets   that were read
 * @param damage   in the order of the file; what follows a torn end is left out
 */
public record SegmentCheck(long articles, long octets, List<SegmentScanner.Damage> damage) {
    /** Told how many octets of the segment were read so far; may wait to slow it all down. */
    @FunctionalInterface
    public interface Pace {
        void read(long octets) throws IOException;
    }

    /** Told of an article, and where its record begins. */
    @FunctionalInterface
    public interface Sighting {
        void seen(String id, long offset);
    }

    /**
     * Tells of all articles of a segment whose heads are good; their bodies are not read.
     *
     * @throws SegmentFormatException if it is of a newer format
     * @throws SegmentDamagedException if the header is damaged: then nothing in it can be told
     */
    public static void articles(FileLayer files, Path path, Sighting sighting)
            throws IOException {
        try (FileChannel channel = files.read(path)) {
            var scanner = new SegmentScanner(channel, SegmentHeader.read(path, channel),
                    SegmentFormat.HEADER_OCTETS, Long.MAX_VALUE);
            SegmentScanner.Step step = scanner.next();
            while (!(step instanceof SegmentScanner.End)) {
                if (step instanceof SegmentScanner.Found found
                        && found.record() instanceof LogRecord.Article article) {
                    sighting.seen(article.id(), found.offset());
                }
                step = scanner.next();
            }
        }
    }

    /**
     * Reads a segment through.
     *
     * @throws SegmentFormatException if it is of a newer format
     * @throws SegmentDamagedException if the header is damaged: then nothing in it can be told
     */
    public static SegmentCheck of(FileLayer files, Path path, Pace pace) throws IOException {
        try (FileChannel channel = files.read(path)) {
            var scanner = new SegmentScanner(channel, SegmentHeader.read(path, channel),
                    SegmentFormat.HEADER_OCTETS, 0);
            var damage = new ArrayList<SegmentScanner.Damage>();
            long articles = 0;
            long forced = 0;
            while (true) {
                switch (scanner.next()) {
                    case SegmentScanner.Found found -> {
                        articles += found.record() instanceof LogRecord.Article ? 1 : 0;
                        boolean sealed = found.record() instanceof LogRecord.Footer;
                        forced = Math.max(forced, sealed ? found.end() : found.forced());
                        pace.read(found.end());
                    }
                    case SegmentScanner.Damage bad -> {
                        damage.add(bad);
                        pace.read(bad.end());
                    }
                    case SegmentScanner.End end -> {
                        long sure = forced;
                        return new SegmentCheck(articles, end.offset(),
                                damage.stream().filter(d -> d.offset() < sure).toList());
                    }
                }
            }
        }
    }
}
