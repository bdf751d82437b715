package net.spillway.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.spillway.conf.SpoolConfig;
import net.spillway.spool.file.DiskFiles;
import net.spillway.spool.segment.SegmentFile;
import net.spillway.spool.segment.SegmentStore;

/** Tells what expiry would do. */
public final class SpoolExpiry {
    private SpoolExpiry() {}

    /**
     * What {@link Spool#expire} would drop at that time. Only headers and footers of segments are
     * read, and nothing is changed, so that it does not matter whether a relay runs.
     */
    public static ExpiryReport plan(SpoolConfig config, Instant now) throws IOException {
        var shares = new ArrayList<ExpiryReport.Share>();
        for (Storage storage : Storages.of(config).all()) {
            shares.add(plan(storage, now));
        }
        return ExpiryReport.of(shares);
    }

    private static ExpiryReport.Share plan(Storage storage, Instant now) throws IOException {
        if (!Files.isDirectory(storage.folder())) {
            return Expiry.share(storage, List.of(), List.of())
                    .because("there is no folder " + storage.folder());
        }
        try (SegmentStore segments = SegmentStore.look(new DiskFiles(), storage.folder())) {
            List<SegmentFile> all = List.copyOf(segments.all());
            List<SegmentFile> due = Expiry.due(all, storage.keep(), now);
            return Expiry.share(storage, due,
                    all.stream().filter(segment -> !due.contains(segment)).toList());
        }
    }
}
