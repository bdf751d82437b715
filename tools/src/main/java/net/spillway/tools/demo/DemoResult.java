package net.spillway.tools.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.spillway.tools.fetch.FetchResult;
import net.spillway.tools.post.PostResult;

/**
 * What was seen.
 *
 * @param seed the request's
 * @param posted to the first relay
 * @param propagation from the end of posting until every relay had every article
 * @param removed articles deleted from every relay's spool
 * @param fetched from the two relays that were left
 * @param identical files whose SHA-256 is that of the original
 * @param different names of files that are missing, differ, or are there without an original
 * @param elapsed wall time of everything, relays' starts and stops included
 * @param kept the temporary folder, if it was to be kept
 */
public record DemoResult(
        long seed,
        PostResult posted,
        Duration propagation,
        int removed,
        FetchResult fetched,
        int identical,
        List<String> different,
        Duration elapsed,
        Optional<Path> kept) {
    public DemoResult {
        different = List.copyOf(different);
    }

    /** Whether every file came back as it was. */
    public boolean isGood() {
        return different.isEmpty() && identical == posted.files();
    }
}
