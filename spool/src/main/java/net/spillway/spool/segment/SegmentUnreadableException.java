package net.spillway.spool.segment;

import java.io.IOException;
import java.nio.file.Path;

/** The disk does not give what a segment holds at some place, though it holds more than that. */
public class SegmentUnreadableException extends IOException {
    private static final long serialVersionUID = 1L;

    public SegmentUnreadableException(Path file, long offset, IOException cause) {
        super(file + " cannot be read at " + offset + ": " + cause.getMessage(), cause);
    }
}
