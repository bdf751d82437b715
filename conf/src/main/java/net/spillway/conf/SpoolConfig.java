package net.spillway.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where and how articles are kept.
 *
 * @param dir the folder of the segments, the truth
 * @param fsync what an acknowledgement promises
 * @param segmentSize octets after which a segment is sealed; expiry drops whole segments
 * @param keep how long articles are kept that no storage class takes
 * @param remember for how long after its arrival a message-ID is known, so that the article does
 *     not come back after it was dropped; while an article is kept it is always known
 * @param cutoff articles whose date is older than this are refused; never longer than remember
 * @param index the folder of the index, which can be thrown away and rebuilt from the segments
 * @param storage classes of articles that are kept elsewhere, or for another time, than in {@code
 *     dir}; the first that takes an article has it
 */
public record SpoolConfig(
        Path dir,
        FsyncMode fsync,
        long segmentSize,
        Retention keep,
        Duration remember,
        Duration cutoff,
        Path index,
        List<StorageConfig> storage) {

    /** Copies the list. */
    public SpoolConfig {
        storage = List.copyOf(storage);
    }

    /** Without storage classes, and nothing kept at least. */
    public SpoolConfig(Path dir, FsyncMode fsync, long segmentSize, Optional<Duration> maxAge,
            OptionalLong maxBytes, Duration remember, Duration cutoff, Path index) {
        this(dir, fsync, segmentSize, new Retention(maxAge, maxBytes, Duration.ZERO), remember,
                cutoff, index, List.of());
    }

    /** See {@link Retention#maxAge}. */
    public Optional<Duration> maxAge() {
        return keep.maxAge();
    }

    /** See {@link Retention#maxBytes}. */
    public OptionalLong maxBytes() {
        return keep.maxBytes();
    }

    /** 256 MiB: a disk of a few hundred GB then expires in steps of a thousandth. */
    public static final long DEFAULT_SEGMENT_SIZE = 256L << 20;
    /** The smallest segment that can be set; smaller ones drown in files. */
    static final long MIN_SEGMENT_SIZE = 64L << 10;
    /** The largest segment that can be set. */
    static final long MAX_SEGMENT_SIZE = 64L << 30;
    /** Four weeks' articles and a margin. */
    public static final Duration DEFAULT_REMEMBER = Duration.ofDays(30);
    /** A peer that was away for weeks still delivers. */
    public static final Duration DEFAULT_CUTOFF = Duration.ofDays(28);
    /** The index's folder inside {@link #dir}. */
    public static final String INDEX_FOLDER = "index";

    /** A spool in that folder with every default. */
    public static SpoolConfig at(Path dir) {
        return new SpoolConfig(dir, FsyncMode.GROUP, DEFAULT_SEGMENT_SIZE, Optional.empty(),
                OptionalLong.empty(), DEFAULT_REMEMBER, DEFAULT_CUTOFF, dir.resolve(INDEX_FOLDER));
    }

    /** The same with these storage classes. */
    public SpoolConfig with(List<StorageConfig> classes) {
        return new SpoolConfig(dir, fsync, segmentSize, keep, remember, cutoff, index, classes);
    }
}
