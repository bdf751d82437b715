package net.spillway.spool.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.spool.file.FileLayer;

/** The segment files of a spool, by number. Safe for use by many threads. */
public final class SegmentStore implements AutoCloseable {
    static final String SUFFIX = ".seg";
    static final String DROPPED_SUFFIX = ".dropped";
    /** Channels kept open at most, but for those in use: well below the usual limit of 1024. */
    private static final int MAX_OPEN = 400;

    private final FileLayer files;
    private final Path folder;
    private final ConcurrentSkipListMap<Integer, SegmentFile> segments =
            new ConcurrentSkipListMap<>();
    private final AtomicInteger sinceSweep = new AtomicInteger();

    private SegmentStore(FileLayer files, Path folder) {
        this.files = files;
        this.folder = folder;
    }

    /**
     * Opens the segments in a folder, which is made if it is missing. Only headers and footers are
     * read. What an earlier run dropped but could not delete is deleted.
     *
     * @throws SegmentFormatException if one is of a newer format, or no segment
     */
    public static SegmentStore open(FileLayer files, Path folder, List<String> damage)
            throws IOException {
        files.makeFolder(folder);
        var store = new SegmentStore(files, folder);
        var found = new TreeMap<Integer, Path>();
        for (Path entry : files.list(folder)) {
            String name = entry.getFileName().toString();
            if (name.endsWith(DROPPED_SUFFIX)) {
                files.delete(entry);
            } else if (name.matches("[0-9]{8}\\" + SUFFIX)) {
                found.put(Integer.parseInt(name.substring(0, 8)), entry);
            }
        }
        try {
            for (var entry : found.entrySet()) {
                store.load(entry.getKey(), entry.getValue(), entry.getKey().equals(
                        found.lastKey()), damage);
            }
        } catch (IOException e) {
            store.close();
            throw e;
        }
        return store;
    }

    /** All segments, oldest first. */
    public Collection<SegmentFile> all() {
        return segments.values();
    }

    public Optional<SegmentFile> last() {
        var entry = segments.lastEntry();
        return entry == null ? Optional.empty() : Optional.of(entry.getValue());
    }

    public boolean exists(int segment) {
        return segments.containsKey(segment);
    }

    public Optional<SegmentFile> get(int segment) {
        return Optional.ofNullable(segments.get(segment));
    }

    /** Octets of all segments. */
    public long bytes() {
        long bytes = 0;
        for (SegmentFile segment : segments.values()) {
            bytes += segment.length();
        }
        return bytes;
    }

    /** The UUID in the headers; empty if there are no segments. */
    public Optional<UUID> spool() {
        return last().map(segment -> segment.header().spool());
    }

    public Path path(int segment) {
        return folder.resolve(String.format("%08d%s", segment, SUFFIX));
    }

    /** Adds a segment that was just made. */
    public void add(SegmentAppender made) {
        SegmentHeader header = made.header();
        segments.put(header.segment(), new SegmentFile(files, made.path(), header,
                made.position(), false, made.summary()));
    }

    /**
     * Opens the article whose record begins at that place.
     *
     * @return empty if there is no such segment (any more) or no good article record there
     */
    public Optional<ArticleReader> open(int segment, long offset) throws IOException {
        SegmentFile file = segments.get(segment);
        if (file == null || !file.acquire()) {
            return Optional.empty();
        }
        sweep();
        Optional<ArticleReader> reader = Optional.empty();
        try {
            reader = ArticleReader.read(file, offset);
        } finally {
            if (reader.isEmpty()) {
                file.release();
            }
        }
        return reader;
    }

    /** Takes a segment away for good. Its octets go once no reader holds them. */
    public void drop(int segment) throws IOException {
        SegmentFile file = segments.get(segment);
        if (file != null) {
            file.drop();
            segments.remove(segment);
            files.forceFolder(folder);
        }
    }

    @Override
    public void close() throws IOException {
        for (SegmentFile segment : segments.values()) {
            segment.close();
        }
    }

    private void load(int id, Path path, boolean last, List<String> damage) throws IOException {
        try (FileChannel channel = files.read(path)) {
            SegmentHeader header = SegmentHeader.read(path, channel);
            if (header.segment() != id) {
                throw new SegmentFormatException(path + " says it is segment "
                        + header.segment() + "; give it back its name");
            }
            requireSameSpool(path, header);
            Optional<SegmentSummary> footer = footer(channel, header);
            // An open last segment is looked through by TailRepair.
            SegmentSummary summary = footer.isPresent() ? footer.get()
                    : last ? SegmentSummary.EMPTY : summarize(channel, header);
            segments.put(id, new SegmentFile(files, path, header, channel.size(),
                    footer.isPresent() || !last, summary));
        } catch (SegmentDamagedException e) {
            setAside(path, last, e, damage);
        }
    }

    /**
     * A header is on the disk before the first record follows it. So a last segment without a good
     * header and no longer than a header was being made when the power failed, and holds nothing.
     */
    private void setAside(Path path, boolean last, SegmentDamagedException e,
            List<String> damage) throws IOException {
        if (last && size(path) <= SegmentFormat.HEADER_OCTETS) {
            files.delete(path);
            return;
        }
        Path aside = path.resolveSibling(path.getFileName() + ".damaged");
        files.rename(path, aside);
        damage.add(e.getMessage() + "; the file was kept as " + aside);
    }

    private long size(Path path) throws IOException {
        try (FileChannel channel = files.read(path)) {
            return channel.size();
        }
    }

    private void requireSameSpool(Path path, SegmentHeader header) throws IOException {
        if (spool().isPresent() && !spool().get().equals(header.spool())) {
            throw new SegmentFormatException(path + " belongs to another spool than "
                    + last().get().path() + "; move the one that is foreign out of the folder");
        }
    }

    private static Optional<SegmentSummary> footer(FileChannel channel, SegmentHeader header)
            throws IOException {
        long at = channel.size() - SegmentFormat.TRAILER_OCTETS;
        if (at < SegmentFormat.HEADER_OCTETS) {
            return Optional.empty();
        }
        ByteBuffer trailer = ByteBuffer.allocate(SegmentFormat.TRAILER_OCTETS);
        while (trailer.hasRemaining() && channel.read(trailer, at + trailer.position()) >= 0) {
            // Until the trailer is full.
        }
        long offset = trailer.getLong(8);
        if (trailer.getLong(0) != SegmentFormat.END_MAGIC
                || offset < SegmentFormat.HEADER_OCTETS || offset >= at) {
            return Optional.empty();
        }
        var step = new SegmentScanner(channel, header, offset, offset).next();
        return step instanceof SegmentScanner.Found found
                && found.end() == channel.size()
                && found.record() instanceof LogRecord.Footer footer
                ? Optional.of(footer.summary()) : Optional.empty();
    }

    private static SegmentSummary summarize(FileChannel channel, SegmentHeader header)
            throws IOException {
        var scanner = new SegmentScanner(channel, header, SegmentFormat.HEADER_OCTETS,
                Long.MAX_VALUE);
        SegmentSummary summary = SegmentSummary.EMPTY;
        while (true) {
            SegmentScanner.Step step = scanner.next();
            if (step instanceof SegmentScanner.End) {
                return summary;
            }
            if (step instanceof SegmentScanner.Found found
                    && found.record() instanceof LogRecord.Article article) {
                summary = summary.with(article.sequence(), article.arrival());
            }
        }
    }

    /** Now and then closes channels nobody uses, if there are too many. */
    private void sweep() throws IOException {
        if (sinceSweep.incrementAndGet() % MAX_OPEN != 0) {
            return;
        }
        var open = new ArrayList<SegmentFile>();
        for (SegmentFile segment : segments.values()) {
            if (segment.isOpen()) {
                open.add(segment);
            }
        }
        for (int i = 0; i < open.size() - MAX_OPEN; i++) {
            open.get(i).closeIfIdle();
        }
    }
}
