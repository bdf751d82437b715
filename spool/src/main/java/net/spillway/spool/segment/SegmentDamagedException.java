package net.spillway.spool.segment;

import java.io.IOException;
import java.nio.file.Path;

/** Octets of a segment are not what was written. */
public class SegmentDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    public SegmentDamagedException(Path file, long offset, String what) {
        super(file + " is damaged at " + offset + ": " + what);
    }
}
