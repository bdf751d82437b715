package net.spillway.spool;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import net.spillway.conf.SpoolConfig;
import net.spillway.spool.file.DiskFiles;
import net.spillway.spool.index.History;

/** Makes the index of a closed spool anew from its segments. */
public final class SpoolRebuild {
    private SpoolRebuild() {}

    /**
     * Puts the index aside and makes another. The segments are only read, but for a torn tail,
     * which is cut. Every CRC is checked: what is damaged is not in the new index, so that it can
     * be taken again.
     *
     * @return damaged places that were found, each with file and offset
     * @throws SpoolLockedException if a relay has the spool open
     */
    public static List<String> rebuild(SpoolConfig config, ProgressCallback progress)
            throws IOException {
        return rebuild(config, progress, Clock.systemUTC());
    }

    static List<String> rebuild(SpoolConfig config, ProgressCallback progress, Clock clock)
            throws IOException {
        var opening = new SpoolOpening(config, clock, new DiskFiles(),
                History.DEFAULT_HEAP_ENTRIES, progress);
        opening.checkBodies();
        opening.open(true);
        try (var index = opening.index()) {
            return List.copyOf(opening.damage());
        } finally {
            opening.closeFiles();
        }
    }
}
