package net.spillway.spool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.spillway.spool.index.Marks;
import net.spillway.spool.segment.LogRecord;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentFormat;
import net.spillway.spool.segment.SegmentScanner;
import net.spillway.spool.segment.SegmentStore;

/**
 * Reads all storage classes' segments as the one log that they are: by sequence, and notes behind
 * the article whose sequence they carry. Damage comes as soon as it is met.
 */
final class LogMerge implements AutoCloseable {
    /** A record or a damaged place; the scanner has just read it. */
    record Item(SegmentFile segment, SegmentScanner scanner, SegmentScanner.Step step) {}

    /** A storage class's segments, one after the other. */
    private static final class Branch {
        private final Iterator<SegmentFile> segments;
        private final Marks from;
        private final Optional<Marks> upTo;
        private final long verifyFrom;
        private SegmentFile segment;
        private boolean held;
        private SegmentScanner scanner;
        private SegmentScanner.Step step;
        /** Whether it was told that the end of the segment is blank. */
        private boolean blank;

        Branch(List<SegmentFile> segments, Marks from, Optional<Marks> upTo,
                boolean checkBodies) {
            this.verifyFrom = checkBodies ? 0 : Long.MAX_VALUE;
            this.segments = segments.iterator();
            this.from = from;
            this.upTo = upTo;
        }

        /** False if there is nothing more. */
        boolean advance() throws IOException {
            step = scanner == null ? null : read();
            while (step == null || isOver()) {
                release();
                if (!hold()) {
                    return false;
                }
                scanner = new SegmentScanner(segment.channel(), segment.header(),
                        Math.max(from.end(segment.id()), SegmentFormat.HEADER_OCTETS),
                        verifyFrom);
                blank = false;
                step = read();
            }
            return true;
        }

        /** Zeros are written ahead of records only; in a segment that is sealed none are left. */
        private SegmentScanner.Step read() throws IOException {
            SegmentScanner.Step next = scanner.next();
            if (blank || !(next instanceof SegmentScanner.End end) || !segment.isSealed()
                    || end.offset() >= segment.length()) {
                return next;
            }
            blank = true;
            return new SegmentScanner.Damage(end.offset(), segment.length(),
                    "nothing but zeros up to the end of a segment that was not the last");
        }

        /** Goes on to the next segment that is still here; none may be closed while it is read. */
        private boolean hold() {
            while (segments.hasNext()) {
                segment = segments.next();
                held = segment.acquire();
                if (held) {
                    return true;
                }
            }
            return false;
        }

        void release() throws IOException {
            if (held) {
                held = false;
                segment.release();
            }
        }

        /** Whether what stands here is being written at this moment, or the file is at its end. */
        private boolean isOver() {
            return switch (step) {
                case SegmentScanner.End end -> true;
                case SegmentScanner.Found found -> upTo.isPresent()
                        && !upTo.get().covers(segment.id(), found.end());
                case SegmentScanner.Damage bad -> upTo.isPresent()
                        && !upTo.get().covers(segment.id(), bad.offset() + 1);
            };
        }

        private boolean isBefore(Branch other) {
            return sequence() != other.sequence() ? sequence() < other.sequence()
                    : isArticle() && !other.isArticle();
        }

        private long sequence() {
            return step instanceof SegmentScanner.Found found ? found.sequence() : -1;
        }

        private boolean isArticle() {
            return step instanceof SegmentScanner.Found found
                    && found.record() instanceof LogRecord.Article;
        }
    }

    private final List<Branch> branches = new ArrayList<>();
    private Branch last;

    /**
     * @param upTo        empty: to the end
     * @param checkBodies whether articles are read in full, so that damage is found in them
     */
    LogMerge(SegmentStore segments, Marks from, Optional<Marks> upTo, boolean checkBodies)
            throws IOException {
        var todo = segments.all().stream()
                .filter(segment -> segment.length() > from.end(segment.id()))
                .collect(Collectors.groupingBy(SegmentFile::storage));
        for (List<SegmentFile> ofClass : todo.values()) {
            var branch = new Branch(ofClass, from, upTo, checkBodies);
            branches.add(branch);
            if (!branch.advance()) {
                branches.remove(branch);
            }
        }
    }

    /** The next one; empty at the end. */
    Optional<Item> next() throws IOException {
        if (last != null && !last.advance()) {
            branches.remove(last);
        }
        last = null;
        for (Branch branch : branches) {
            last = last == null || branch.isBefore(last) ? branch : last;
        }
        return last == null ? Optional.empty()
                : Optional.of(new Item(last.segment, last.scanner, last.step));
    }

    @Override
    public void close() throws IOException {
        for (Branch branch : branches) {
            branch.release();
        }
    }
}
