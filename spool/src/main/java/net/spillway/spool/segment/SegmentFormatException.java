package net.spillway.spool.segment;

import java.io.IOException;

/** A file is no segment, or one that a newer program wrote. Nothing of it was changed. */
public class SegmentFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    public SegmentFormatException(String message) {
        super(message);
    }
}
