package net.spillway.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.spillway.conf.SpoolConfig;
import net.spillway.spool.file.FileLayer;

/** Where a spool's segment files are, without opening it. */
final class SegmentPaths {
    private SegmentPaths() {}

    /** All of them, in the order of their names. */
    static List<Path> of(SpoolConfig config, FileLayer files) throws IOException {
        var paths = new ArrayList<Path>();
        for (Storage storage : Storages.of(config).all()) {
            files.list(storage.folder()).stream()
                    .filter(p -> p.getFileName().toString().matches("[0-9]{8}\\.seg"))
                    .forEach(paths::add);
        }
        paths.sort(Comparator.comparing(Path::getFileName));
        return paths;
    }

    /** The number of the segment in one of these files. */
    static int number(Path file) {
        return Integer.parseInt(file.getFileName().toString().substring(0, 8));
    }
}
