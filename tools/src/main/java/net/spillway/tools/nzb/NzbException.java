package net.spillway.tools.nzb;

import java.io.IOException;

/** A manifest that cannot be understood; the message names the file and, if known, the line. */
public final class NzbException extends IOException {
    private static final long serialVersionUID = 1L;

    NzbException(String file, int line, String what) {
        super(file + (line > 0 ? ", line " + line : "") + ": " + what);
    }
}
