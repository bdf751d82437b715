package net.spillway.spool.segment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.spillway.spool.file.AppendFile;
import net.spillway.spool.file.FileLayer;

/**
 * Finds where the last segment really ends after a crash, and cuts it there. The rule that tells a
 * torn tail from damage is in {@link SegmentFormat}.
 *
 * @param length  of the segment now
 * @param cut     octets taken off
 * @param blank   whether these were nothing but the zeros that are written ahead
 * @param summary of what is left
 */
public record TailRepair(long length, long cut, boolean blank, SegmentSummary summary) {

    /** @param verifyFrom bodies from this offset on are checked too */
    public static TailRepair repair(FileLayer files, SegmentFile segment, long verifyFrom)
            throws IOException {
        // A record that says what was forced was itself written later; what is not known to be on
        // the disk by that is looked at too, however far the index has come.
        Seen seen = look(segment, Math.min(verifyFrom, look(segment, Long.MAX_VALUE).forced));
        long end = seen.end();
        long cut = segment.length() - end;
        boolean blank = seen.length() == end;
        if (cut > 0) {
            try (AppendFile file = files.append(segment.path())) {
                file.truncate(end);
                file.force();
            }
            seen = look(segment, Long.MAX_VALUE);
        }
        segment.update(end, seen.summary, false);
        return new TailRepair(end, cut, blank, seen.summary);
    }

    private record Seen(List<Long> damage, long forced, long length, SegmentSummary summary) {
        /** The first damage behind which nothing claims that it was forced; else all is well. */
        long end() {
            for (long offset : damage) {
                if (offset >= forced) {
                    return offset;
                }
            }
            return length;
        }
    }

    private static Seen look(SegmentFile segment, long verifyFrom) throws IOException {
        var scanner = new SegmentScanner(segment.channel(), segment.header(),
                SegmentFormat.HEADER_OCTETS, verifyFrom);
        List<Long> damage = new ArrayList<>();
        long forced = 0;
        SegmentSummary summary = SegmentSummary.EMPTY;
        while (true) {
            switch (scanner.next()) {
                case SegmentScanner.Found found -> {
                    forced = Math.max(forced, found.forced());
                    if (found.record() instanceof LogRecord.Article article) {
                        summary = summary.with(article.sequence(), article.arrival());
                    }
                }
                case SegmentScanner.Damage bad -> damage.add(bad.offset());
                case SegmentScanner.End end -> {
                    return new Seen(damage, forced, end.offset(), summary);
                }
            }
        }
    }
}
