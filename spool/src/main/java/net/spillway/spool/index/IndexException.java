package net.spillway.spool.index;

import java.io.IOException;

/** The index cannot be used: damaged, of another spool, or its disk fails. It can be made anew. */
public class IndexException extends IOException {
    private static final long serialVersionUID = 1L;

    public IndexException(String message) {
        super(message);
    }

    IndexException(String doing, Exception cause) {
        super("the index failed " + doing + ": " + firstLine(cause.getMessage()), cause);
    }

    private static String firstLine(String message) {
        String text = String.valueOf(message);
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
