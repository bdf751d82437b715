package net.spillway.spool.segment;

import java.io.IOException;

/** A segment that does not belong there, or that a newer program wrote. It was left alone. */
public class SegmentFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    public SegmentFormatException(String message) {
        super(message);
    }
}
