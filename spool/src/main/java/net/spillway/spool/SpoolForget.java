package net.spillway.spool;

import java.io.IOException;
import java.time.Clock;
import net.spillway.conf.SpoolConfig;

/** Gives up a storage class of a closed spool whose segments are lost for good. */
public final class SpoolForget {
    private SpoolForget() {}

    /**
     * What was given up.
     *
     * @param segments of that class
     * @param articles that were in them, and are not known any more: peers may bring them again
     */
    public record Report(int segments, int articles) {}

    /**
     * Gives up a class that is left out: its disk is not there, or the configuration does not name
     * it. Its article numbers are not given again.
     *
     * @throws SpoolLockedException if a relay has the spool open
     * @throws IllegalArgumentException if there is no such class, or if it is here, with why
     */
    public static Report forget(SpoolConfig config, String identity, String storage)
            throws IOException {
        try (DiskSpool spool = (DiskSpool) Spool.open(config, identity, Clock.systemUTC())) {
            return spool.forget(storage);
        }
    }
}
