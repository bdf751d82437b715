package net.spillway.spool;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.spillway.conf.SpoolConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.index.IndexException;
import net.spillway.spool.index.SqlIndex;
import net.spillway.spool.segment.Location;

/** Articles that the index knows of, though their segments end before them. */
final class CutOff {
    private CutOff() {}

    /** Those behind the end of a segment. */
    static List<DamagedRecord> articles(SqlIndex index, int segment, Path path, long end)
            throws IOException {
        var articles = new ArrayList<DamagedRecord>();
        index.forEachIn(segment, article -> {
            long at = Location.offset(article.location());
            if (at >= end) {
                articles.add(new DamagedRecord(path, at, at + 1,
                        Optional.of(MessageId.of(article.id())),
                        "the segment ends at " + end + ", before it"));
            }
        });
        return articles;
    }

    /**
     * The same for a spool that nobody has open; nothing if somebody has, or the index cannot
     * be opened.
     *
     * @param ends where the good records of segments end
     */
    static List<DamagedRecord> articles(SpoolConfig config, FileLayer files, Map<Path, Long> ends)
            throws IOException {
        if (ends.isEmpty()) {
            return List.of();
        }
        try (SpoolLock lock = SpoolLock.take(config.dir())) {
            Optional<UUID> spool = SqlIndex.spoolOf(files, config.index());
            return spool.isEmpty() ? List.of()
                    : articles(SqlIndex.open(files, config.index(), spool.get()), ends);
        } catch (SpoolLockedException | IndexException | FileSystemException nobodyCanTell) {
            return List.of(); // Also a user who may only read checks as far as that goes.
        }
    }

    private static List<DamagedRecord> articles(SqlIndex index, Map<Path, Long> ends)
            throws IOException {
        try {
            var articles = new ArrayList<DamagedRecord>();
            for (var segment : ends.entrySet()) {
                int id = SegmentPaths.number(segment.getKey());
                if (segment.getValue() < index.marks().end(id)) {
                    articles.addAll(articles(index, id, segment.getKey(), segment.getValue()));
                }
            }
            return articles;
        } finally {
            index.discard();
        }
    }
}
