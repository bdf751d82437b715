package net.spillway.tools.fetch;

import java.util.List;
import java.util.Locale;

/**
 * What mirrors have of a manifest.
 *
 * @param verdict what can come of it
 * @param articles of the data
 * @param missingArticles of these, those that no mirror has
 * @param slices of the data; 0 if the manifest does not tell
 * @param missingSlices of these, those of which something is missing
 * @param recoverySlices that some mirror has, or has promised
 * @param margin recovery slices that are left over; negative if some are lacking
 * @param missingBytes of articles of the data that no mirror has, as the manifest has them
 * @param parityBytes of articles of recovery volumes that some mirror has, likewise
 * @param mirrors in the order in which they were named
 * @param files in the manifest's order, then parity by name
 */
public record HealthReport(
        Verdict verdict,
        int articles,
        int missingArticles,
        int slices,
        int missingSlices,
        int recoverySlices,
        int margin,
        long missingBytes,
        long parityBytes,
        List<OfMirror> mirrors,
        List<OfFile> files) {
    public HealthReport {
        mirrors = List.copyOf(mirrors);
        files = List.copyOf(files);
    }

    /** What can come of it. */
    public enum Verdict {
        /** All of the data is there. */
        WHOLE,
        /** Some is not, and parity covers it. */
        RECOVERABLE,
        /** Some is not, and parity does not cover it. */
        NOT_RECOVERABLE,
        /**
         * Some data is missing, and there is more parity than that; the manifest does not tell how
         * large slices are, so it will most likely do, but is not sure to.
         */
        DAMAGED,
        /** No mirror could be asked, or those that could do not suffice, and others may have more. */
        UNKNOWN;

        /** As results of other commands have it: in small letters. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A mirror.
     *
     * @param asked whether it said what it has; if not, the numbers mean nothing
     * @param present articles it has, parity included
     * @param missing articles it lacks
     * @param error why it could not be asked; empty if it could
     */
    public record OfMirror(
            String server, boolean asked, long present, long missing, String error) {}

    /**
     * A file.
     *
     * @param articles it has
     * @param present how many of them each mirror has, in the order of mirrors; -1 if not known
     * @param missing articles that no mirror has
     * @param parity whether it holds parity
     */
    public record OfFile(
            String name, int articles, List<Long> present, long missing, boolean parity) {
        public OfFile {
            present = List.copyOf(present);
        }
    }
}
