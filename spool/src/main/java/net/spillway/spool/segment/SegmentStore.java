package net.spillway.spool.segment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.spillway.conf.StorageConfig;
import net.spillway.spool.file.FileLayer;

/**
 * The segment files of a spool, by number. Each storage class has a folder; numbers are given to
 * all classes together, so that one says which file is meant. Safe for use by many threads.
 */
public final class SegmentStore implements AutoCloseable {
    static final String SUFFIX = ".seg";
    static final String DROPPED_SUFFIX = ".dropped";
    private static final String ASIDE_SUFFIX = ".damaged";
    /** Channels kept open at most, but for those in use: well below the usual limit of 1024. */
    private static final int MAX_OPEN = 400;

    private final FileLayer files;
    private final boolean readOnly;
    private final ConcurrentSkipListMap<Integer, SegmentFile> segments =
            new ConcurrentSkipListMap<>();
    private final Map<String, Path> folders = new ConcurrentHashMap<>();
    private final Set<Integer> aside = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sinceSweep = new AtomicInteger();

    private SegmentStore(FileLayer files, boolean readOnly) {
        this.files = files;
        this.readOnly = readOnly;
    }

    /** Opens the segments in a folder to look at them: nothing is changed, whatever is found. */
    public static SegmentStore look(FileLayer files, Path folder) throws IOException {
        var store = new SegmentStore(files, true);
        store.attach(StorageConfig.DEFAULT, folder, new ArrayList<>());
        return store;
    }

    /**
     * Opens the segments in the folder of the default class, which is made if it is missing. Only
     * headers and footers are read. What an earlier run dropped but could not delete is deleted.
     * One without a good header is put aside.
     *
     * @throws SegmentFormatException if one is of a newer format, or of another spool
     */
    public static SegmentStore open(FileLayer files, Path folder, List<String> damage)
            throws IOException {
        files.makeFolder(folder);
        var store = new SegmentStore(files, false);
        store.attach(StorageConfig.DEFAULT, folder, damage);
        return store;
    }

    /**
     * Adds the segments of a storage class. If that fails, none of them is there.
     *
     * @throws SegmentFormatException if one is of a newer format, or of another spool
     */
    public void attach(String storage, Path folder, List<String> damage) throws IOException {
        folders.put(storage, folder);
        var found = new TreeMap<Integer, Path>();
        for (Path entry : files.list(folder)) {
            String name = entry.getFileName().toString();
            if (name.endsWith(DROPPED_SUFFIX)) {
                if (!readOnly) {
                    files.delete(entry);
                }
            } else if (name.matches("[0-9]{8}\\" + SUFFIX)) {
                found.put(number(entry), entry);
            } else if (name.matches("[0-9]{8}\\" + SUFFIX + "\\" + ASIDE_SUFFIX)) {
                aside.add(number(entry));
            }
        }
        try {
            for (var entry : found.entrySet()) {
                load(storage, entry.getKey(), entry.getValue(),
                        entry.getKey().equals(found.lastKey()), damage);
            }
        } catch (IOException e) {
            for (SegmentFile segment : all(storage)) {
                segments.remove(segment.id()).close();
            }
            throw e;
        }
    }

    /** All segments, oldest first. */
    public Collection<SegmentFile> all() {
        return segments.values();
    }

    /** The segments of a storage class, oldest first. */
    public List<SegmentFile> all(String storage) {
        return segments.values().stream().filter(s -> s.storage().equals(storage)).toList();
    }

    /** The newest segment of all. */
    public Optional<SegmentFile> last() {
        var entry = segments.lastEntry();
        return entry == null ? Optional.empty() : Optional.of(entry.getValue());
    }

    /** The newest segment of a storage class. */
    public Optional<SegmentFile> last(String storage) {
        return segments.descendingMap().values().stream()
                .filter(s -> s.storage().equals(storage)).findFirst();
    }

    /** Whether that segment is kept aside, now or since an earlier start, as it has no header. */
    public boolean isAside(int segment) {
        return aside.contains(segment);
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

    /** Where that segment of a storage class is made. */
    public Path path(String storage, int segment) {
        return folders.get(storage).resolve(String.format("%08d%s", segment, SUFFIX));
    }

    /** Adds a segment that was just made. */
    public void add(String storage, SegmentAppender made) {
        SegmentHeader header = made.header();
        segments.put(header.segment(), new SegmentFile(files, storage, made.path(), header,
                made.position(), false, made.summary()));
    }

    /**
     * Opens the article whose record begins at that place.
     *
     * @return empty if there is no such segment (any more) or no good article record there
     * @throws IOException also, and at once, if its disk does not answer
     */
    public Optional<ArticleReader> open(int segment, long offset) throws IOException {
        SegmentFile file = segments.get(segment);
        if (file == null) {
            return Optional.empty();
        }
        file.requireAnswers();
        if (!file.acquire()) {
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
            files.forceFolder(file.path().getParent());
        }
    }

    @Override
    public void close() throws IOException {
        for (SegmentFile segment : segments.values()) {
            segment.close();
        }
    }

    private void load(String storage, int id, Path path, boolean last, List<String> damage)
            throws IOException {
        try (FileChannel channel = files.read(path)) {
            SegmentHeader header = SegmentHeader.read(path, channel);
            if (header.segment() != id) {
                throw new SegmentFormatException(path + " says it is segment "
                        + header.segment() + "; give it back its name");
            }
            if (exists(id)) {
                throw new SegmentFormatException(path + " has the number of "
                        + segments.get(id).path() + "; move the one that is a copy away");
            }
            requireSameSpool(path, header);
            Optional<SegmentSummary> footer = footer(channel, header);
            // An open last segment is looked through by TailRepair.
            SegmentSummary summary = footer.isPresent() ? footer.get()
                    : last && !readOnly ? SegmentSummary.EMPTY : summarize(channel, header);
            segments.put(id, new SegmentFile(files, storage, path, header, channel.size(),
                    footer.isPresent() || !last, summary));
        } catch (SegmentDamagedException e) {
            if (readOnly) {
                return;
            }
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
        Path kept = path.resolveSibling(path.getFileName() + ASIDE_SUFFIX);
        files.rename(path, kept);
        aside.add(number(path));
        damage.add(e.getMessage() + "; the file was kept as " + kept);
    }

    private static int number(Path file) {
        return Integer.parseInt(file.getFileName().toString().substring(0, 8));
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
        return SegmentContents.footer(channel, header)
                .map(found -> ((LogRecord.Footer) found.record()).summary());
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
