package net.spillway.spool.file;

import java.io.IOException;

/** The disk (or the quota) is full. Later the same call may work. */
public class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoSpaceException(String message) {
        super(message);
    }

    public NoSpaceException(String message, Throwable cause) {
        super(message, cause);
    }
}
