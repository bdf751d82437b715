package net.spillway.tools.nzb;

import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.spillway.protocol.MessageId;

/**
 * A manifest: which articles make up which files. NZB 1.1.
 *
 * @param meta what stands in the head, in order, repeated and unknown types included
 * @param entries the files
 */
public record NzbFile(List<Meta> meta, List<Entry> entries) {
    /** Octets in a PAR2 slice of the set this manifest was written with. */
    public static final String SLICE_SIZE = "x-spillway-slice-size";
    /** How many articles carry one recovery packet. */
    public static final String RECOVERY_ARTICLES = "x-spillway-recovery-articles";
    /** A {@link FileNote}. */
    public static final String FILE = "x-spillway-file";

    /** When a file was last written to: an instant (ISO 8601, UTC), a blank, its path. */
    public static final String MODIFIED = "x-spillway-modified";
    /** The path of a folder with nothing in it. */
    public static final String FOLDER = "x-spillway-folder";

    public NzbFile {
        meta = List.copyOf(meta);
        entries = List.copyOf(entries);
    }

    /** The first meta value of a type. */
    public Optional<String> first(String type) {
        return meta.stream().filter(m -> m.type().equals(type)).map(Meta::value).findFirst();
    }

    /** How many articles it names. */
    public int segmentCount() {
        return entries.stream().mapToInt(e -> e.segments().size()).sum();
    }

    /** A line of the head. */
    public record Meta(String type, String value) {}

    /**
     * One article of a file.
     *
     * @param number the part, counted from 1; as the manifest says, so no more than a hint
     * @param bytes somebody's idea of its size; for progress only
     */
    public record Segment(int number, long bytes, MessageId id) {}

    /**
     * One file.
     *
     * @param date seconds since 1970; 0 if unknown
     * @param segments ordered by number
     */
    public record Entry(
            String subject,
            String poster,
            long date,
            List<String> groups,
            List<Segment> segments) {
        private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");
        private static final Pattern BEFORE_YENC =
                Pattern.compile("(\\S.*?)\\s+yEnc\\b", Pattern.CASE_INSENSITIVE);
        private static final Pattern PARITY =
                Pattern.compile("\\.par2$", Pattern.CASE_INSENSITIVE);
        private static final Pattern VOLUME =
                Pattern.compile("\\.vol(\\d{1,9})\\+(\\d{1,9})\\.par2$", Pattern.CASE_INSENSITIVE);

        public Entry {
            groups = List.copyOf(groups);
            segments = List.copyOf(segments);
        }

        /**
         * The file name the subject carries: its first quoted string, else the last word before
         * {@code yEnc}, else nothing. Whatever it is, it has not been checked.
         */
        public Optional<String> subjectName() {
            Matcher quoted = QUOTED.matcher(subject);
            if (quoted.find()) {
                return Optional.of(quoted.group(1).strip());
            }
            Matcher plain = BEFORE_YENC.matcher(subject);
            if (plain.find()) {
                String words = plain.group(1).replaceFirst("\\s*[\\[(]\\d+/\\d+[\\])]$", "");
                return Optional.of(words.substring(words.lastIndexOf(' ') + 1))
                        .filter(s -> !s.isBlank());
            }
            return Optional.empty();
        }

        /** Whether the parts are numbered from 1 on, none lacking and none twice. */
        public boolean isNumbered() {
            for (int i = 0; i < segments.size(); i++) {
                if (segments.get(i).number() != i + 1) {
                    return false;
                }
            }
            return true;
        }

        /**
         * How many parts are surely not named, to go by the numbers of those that are. What the
         * subject says of their total is not believed: it is often wrong.
         */
        public int gaps() {
            IntSummaryStatistics numbers =
                    segments.stream().mapToInt(Segment::number).summaryStatistics();
            long named = segments.stream().mapToInt(Segment::number).distinct().count();
            long all = segments.isEmpty() ? 0 : 1L + numbers.getMax() - numbers.getMin();
            return (int) Math.min(Integer.MAX_VALUE, all - named);
        }

        /** Whether the subject says that this is a PAR2 file. */
        public boolean isParity() {
            return subjectName().filter(name -> PARITY.matcher(name).find()).isPresent();
        }

        /** Which recovery slices the subject promises; empty for an index or a data file. */
        public Optional<Volume> volume() {
            return subjectName().map(VOLUME::matcher).filter(Matcher::find)
                    .map(m -> new Volume(Integer.parseInt(m.group(1)),
                            Integer.parseInt(m.group(2))));
        }
    }

    /**
     * What {@code .volX+Y.par2} says.
     *
     * @param first the first recovery slice's exponent
     * @param count how many there are
     */
    public record Volume(int first, int count) {}
}
