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
     * be taken again; what was damaged or lost once and is whole now, is in it.
     *
     * @return damaged places that were found, each with file and offset
     * @throws SpoolLockedException if a relay has the spool open
     */
    public static List<String> rebuild(SpoolConfig config, ProgressCallback progress)
            throws IOException {
        return rebuild(config, false, progress);
    }

    /**
     * The same, where all segments of the default class may be lost for good.
     *
     * @param adopt whether to go on with those of the storage classes then, whosever they are
     */
    public static List<String> rebuild(SpoolConfig config, boolean adopt,
            ProgressCallback progress) throws IOException {
        return rebuild(config, adopt, progress, Clock.systemUTC());
    }

    static List<String> rebuild(SpoolConfig config, ProgressCallback progress, Clock clock)
            throws IOException {
        return rebuild(config, false, progress, clock);
    }

    private static List<String> rebuild(SpoolConfig config, boolean adopt,
            ProgressCallback progress, Clock clock) throws IOException {
        var opening = new SpoolOpening(config, clock, new DiskFiles(),
                History.DEFAULT_HEAP_ENTRIES, progress);
        opening.checkBodies();
        if (adopt) {
            opening.adoptClasses();
        }
        opening.open(true);
        try (var index = opening.index()) {
            return List.copyOf(opening.damage());
        } finally {
            opening.closeFiles();
        }
    }
}
