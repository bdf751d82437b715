package net.spillway.spool.file;

import java.io.IOException;

/** The disk (or the quota) is full. Later the same call may work. */
public class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Whether that exception says so. Java has none of its own for a full disk, and the message is
     * the system's, which may be translated: so this does not know all of them.
     */
    public static boolean is(IOException e) {
        String message = String.valueOf(e.getMessage());
        return e instanceof NoSpaceException || message.contains("No space left")
                || message.contains("quota exceeded") || message.contains("not enough space");
    }

    public NoSpaceException(String message) {
        super(message);
    }

    public NoSpaceException(String message, Throwable cause) {
        super(message, cause);
    }
}
