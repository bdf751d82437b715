package net.spillway.spool;

import java.io.IOException;
import net.spillway.conf.SpoolConfig;

/** Makes the index anew from the segments. */
public final class SpoolRebuild {
    private SpoolRebuild() {}

    public static void rebuild(SpoolConfig config, ProgressCallback progress)
            throws IOException {}
}
