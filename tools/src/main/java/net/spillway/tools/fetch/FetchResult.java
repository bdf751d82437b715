package net.spillway.tools.fetch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What was fetched. Every file in it is whole.
 *
 * @param files in the manifest's order
 * @param bytes octets of these files
 * @param articles articles that came and were good, data and parity
 * @param missingArticles data articles that no mirror had
 * @param dataSlices slices of the data; 0 without parity
 * @param repairedSlices slices computed from parity
 * @param octetsReadBack octets that were read again after they had been written, to prove or repair
 * @param recoveryArticles articles of recovery slices that were fetched
 * @param mirrors in the request's order
 * @param elapsed wall time
 */
public record FetchResult(
        List<FetchedFile> files,
        long bytes,
        long articles,
        long missingArticles,
        int dataSlices,
        int repairedSlices,
        long octetsReadBack,
        long recoveryArticles,
        List<MirrorReport> mirrors,
        Duration elapsed) {
    public FetchResult {
        files = List.copyOf(files);
        mirrors = List.copyOf(mirrors);
    }

    /** A file in the output folder. */
    public record FetchedFile(Path path, long bytes, How how) {}

    /** How a file came to be whole. */
    public enum How {
        /** Every octet came from mirrors. */
        FETCHED,
        /** Some of it was computed from parity. */
        REPAIRED,
        /** It was there before, with these very contents. */
        KEPT,
        /** Pieces that were fetched were joined to it. */
        JOINED;

        /** As results have it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
