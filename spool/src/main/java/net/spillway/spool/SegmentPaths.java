package net.spillway.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import net.spillway.conf.SpoolConfig;
import net.spillway.spool.file.FileLayer;

/** Where a spool's segment files are, without opening it. */
final class SegmentPaths {
    private SegmentPaths() {}

    /** All of them, in the order of their names. */
    static List<Path> of(SpoolConfig config, FileLayer files) throws IOException {
        return files.list(config.dir().resolve("segments")).stream()
                .filter(p -> p.getFileName().toString().matches("[0-9]{8}\\.seg")).sorted()
                .toList();
    }
}
