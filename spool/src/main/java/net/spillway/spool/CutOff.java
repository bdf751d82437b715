package net.spillway.spool;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import net.spillway.conf.SpoolConfig;
import net.spillway.conf.StorageConfig;
import net.spillway.protocol.MessageId;
import net.spillway.spool.file.FileLayer;
import net.spillway.spool.index.IndexException;
import net.spillway.spool.index.IndexedSegment;
import net.spillway.spool.index.SqlIndex;
import net.spillway.spool.segment.Location;

/** Articles that the index knows of, though their segments end before them or are not there. */
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
                    : articles(config, SqlIndex.open(files, config.index(), spool.get()), ends);
        } catch (SpoolLockedException | IndexException | FileSystemException nobodyCanTell) {
            return List.of(); // Also a user who may only read checks as far as that goes.
        }
    }

    private static List<DamagedRecord> articles(SpoolConfig config, SqlIndex index,
            Map<Path, Long> ends) throws IOException {
        try {
            var articles = new ArrayList<DamagedRecord>();
            for (var segment : ends.entrySet()) {
                int id = SegmentPaths.number(segment.getKey());
                if (segment.getValue() < index.marks().end(id)) {
                    articles.addAll(articles(index, id, segment.getKey(), segment.getValue()));
                }
            }
            articles.addAll(missing(config, index, ends));
            return articles;
        } finally {
            index.discard();
        }
    }

    /**
     * Segments with articles that are not there, in folders with others. Only an index that has
     * read the whole log knows that they were not dropped.
     */
    private static List<DamagedRecord> missing(SpoolConfig config, SqlIndex index,
            Map<Path, Long> ends) throws IOException {
        var missing = new ArrayList<DamagedRecord>();
        Map<Integer, Long> here = new HashMap<>();
        ends.forEach((path, end) -> here.put(SegmentPaths.number(path), end));
        boolean isUpToDate = index.segments().stream()
                .filter(segment -> segment.storage().equals(StorageConfig.DEFAULT))
                .mapToInt(IndexedSegment::id).max().stream().anyMatch(newest ->
                        here.getOrDefault(newest, Long.MAX_VALUE) <= index.marks().end(newest));
        if (!isUpToDate) {
            return missing;
        }
        Storages storages = Storages.of(config);
        Set<Path> withOthers = ends.keySet().stream().map(Path::getParent)
                .collect(Collectors.toSet());
        for (IndexedSegment known : index.segments()) {
            Optional<Path> folder = storages.find(known.storage()).map(Storage::folder)
                    .filter(withOthers::contains);
            if (!known.gone() && !here.containsKey(known.id()) && folder.isPresent()) {
                long[] articles = {0};
                index.forEachIn(known.id(), article -> articles[0]++);
                if (articles[0] > 0) {
                    Path path = folder.get().resolve(String.format("%08d.seg", known.id()));
                    missing.add(new DamagedRecord(path, 0, 1, Optional.empty(),
                            "the file is not there, and with it " + articles[0]
                                    + " articles"));
                }
            }
        }
        return missing;
    }
}
